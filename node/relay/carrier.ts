/**
 * The carrier: what a peer does for two others that want to meet. It passes bytes on between a stream of the one
 * and a stream of the other, and cannot read them.
 *
 * Law: carrying costs this peer no more than is written here: so many handshakes at once, in all and for one
 * neighbour, so many bytes and so long each; and it is done only over direct links to the next hop, so that nothing
 * is carried for which this peer would have to make a connection.
 */
import type { Connection, Stream } from '@libp2p/interface'
import { pipe } from '@libp2p/utils'
import type { Refusal } from '#protocols/relay/index'
import type { PeerId } from '../peer-id.ts'

export const limits = {
  /** Handshakes carried at once (guess: a phone has room for that beside a call). */
  atOnce: 32,
  /** Of these for one neighbour: a look-up asks three peers at a time. */
  perNeighbour: 12,
  /** Bytes of one, both ways: twice a circuit relay's default, because a call rings over it (bootstrap/config.ts). */
  bytes: 262_144,
  /** Milliseconds that one may last, as circuit relay v2 has it. */
  millis: 120_000,
} as const

/** What became of what was asked. */
export interface Carried {
  carried: number
  refused: Record<Refusal, number>
  bytes: number
}

export class Carrier {
  readonly #neighbours = new Map<PeerId, number>()
  readonly #counts: Carried = { carried: 0, refused: { busy: 0, absent: 0, 'bad-path': 0 }, bytes: 0 }
  #atOnce = 0

  get counts(): Readonly<Carried> {
    return this.#counts
  }

  /** Handshakes that are being carried now. */
  get atOnce(): number {
    return this.#atOnce
  }

  /** Takes a place for `neighbour`, if there is one; it has to be given back. */
  take(neighbour: PeerId): boolean {
    const own = this.#neighbours.get(neighbour) ?? 0
    if (this.#atOnce >= limits.atOnce || own >= limits.perNeighbour) return false
    this.#atOnce += 1
    this.#neighbours.set(neighbour, own + 1)
    return true
  }

  giveBack(neighbour: PeerId): void {
    this.#atOnce -= 1
    const own = (this.#neighbours.get(neighbour) ?? 0) - 1
    if (own > 0) this.#neighbours.set(neighbour, own)
    else this.#neighbours.delete(neighbour)
  }

  refuse(code: Refusal): Refusal {
    this.#counts.refused[code] += 1
    return code
  }

  /** Joins the two until one closes, or the limits are reached. */
  async join(one: Stream, other: Stream, signal: AbortSignal): Promise<void> {
    this.#counts.carried += 1
    const end = AbortSignal.any([signal, AbortSignal.timeout(limits.millis)])
    const cut = (why: Error) => {
      one.abort(why)
      other.abort(why)
    }
    const over = () => cut(new Error('the time for a carried handshake is up'))
    let left: number = limits.bytes
    const count = ({ data }: { data: { byteLength: number } }) => {
      left -= data.byteLength
      this.#counts.bytes += data.byteLength
      if (left < 0) cut(new Error(`a carried handshake of more than ${limits.bytes} bytes`))
    }
    end.addEventListener('abort', over)
    one.addEventListener('message', count)
    other.addEventListener('message', count)
    await pipe(one, other, one).catch(cut)
    end.removeEventListener('abort', over)
  }
}

/** The connection to ask for the next hop: a direct one, the newest, since an older one may lead to a page that was reloaded. */
export function directTo(connections: readonly Connection[]): Connection | undefined {
  const open = connections.filter(({ status, limits: limited }) => status === 'open' && limited === undefined)
  return open.reduce<Connection | undefined>(
    (best, each) => (best && best.timeline.open > each.timeline.open ? best : each),
    undefined,
  )
}
