/** Traffic: what messages cost, and what it is for. */
import type { Message } from '#protocols/contingency/index'
import type { Colony } from './colony.ts'
import type { Peer } from './peer.ts'
import { BEATS, sizeOf } from './sizes.ts'

/** Bytes of one write to a state that is there. */
const UPDATE = 200

export class Traffic {
  readonly #colony: Colony

  constructor(colony: Colony) {
    this.#colony = colony
  }

  /** @returns bytes of the message, which its sender has sent now */
  charge(from: Peer, message: Message): number {
    const { counts } = this.#colony.tally
    const bytes = isBeat(message) ? BEATS / 2 : this.#bytesOf(message)
    from.bytes += bytes
    if (message.type !== 'delta') counts.bytesMaintenance += bytes
    else if (message.from === 0 && message.entries.length > 0) counts.bytesRepair += bytes
    else counts.bytesUpdate += bytes
    return bytes
  }

  #bytesOf(message: Message): number {
    let size = sizeOf(message)
    if (message.type !== 'delta') return size
    for (const { key } of message.entries) size += key === 'state' ? this.#colony.scenario.stateBytes : UPDATE
    return size
  }
}

/** Said again and again on a quiet link, and then in a short form (`protocols/contingency/again.ts`). */
function isBeat({ type }: Message): boolean {
  return type === 'beat' || type === 'stored'
}
