/** Streams between peers, on which nothing overtakes: when the last message that is on its way on each of them arrives. */
import type { Millis } from '#protocols/machine'
import type { Peer } from './peer.ts'

/** More peers than a shard ever sees: the product of two numbers is a safe integer. */
const PEERS = 2 ** 26

export class Streams {
  readonly #last = new Map<number, Millis>()

  /** @returns when a message arrives that would, were it alone, at `at` */
  send(from: Peer, to: Peer, at: Millis): Millis {
    const arrives = Math.max(at, this.last(from, to))
    this.#last.set(keyOf(from, to), arrives)
    return arrives
  }

  arrived(from: Peer, to: Peer, at: Millis): void {
    if (this.last(from, to) === at) this.#last.delete(keyOf(from, to))
  }

  /** Zero when there is none. */
  last(from: Peer, to: Peer): Millis {
    return this.#last.get(keyOf(from, to)) ?? 0
  }
}

function keyOf(from: Peer, to: Peer): number {
  return from.number * PEERS + to.number
}
