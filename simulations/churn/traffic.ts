/** Traffic: what messages cost, and what it is for. */
import type { Message } from '#protocols/contingency/index'
import type { Context } from './context.ts'
import type { Peer } from './peer.ts'
import { BEATS, sizeOf } from './sizes.ts'

/** Bytes of one write to a state that is there. */
const UPDATE = 200

export class Traffic {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** @returns bytes of the message, which its sender has sent now */
  charge(from: Peer, message: Message): number {
    const { counts, said } = this.#context.tally
    said[message.type] = (said[message.type] ?? 0) + 1
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
    for (const { key } of message.entries)
      size += key === 'state' ? this.#context.scenario.stateBytes : UPDATE
    return size
  }
}

/** Said again and again on a quiet link, and then in a short form (`protocols/contingency/again.ts`). */
function isBeat({ type }: Message): boolean {
  return type === 'beat' || type === 'stored'
}
