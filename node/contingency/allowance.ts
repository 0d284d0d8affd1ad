/**
 * Allowances: how much a peer may say before it is a flood. A token bucket each (Turner, "New directions in
 * communications", 1986): what it has not used grows back.
 *
 * Law: who floods is refused, and others are served as ever. A message costs 1, which takes half a millisecond to
 * take in and answer (measured), and what is signed in it more, see `costOf`. A state of as many entries as there
 * may be costs some 1,100, and is sent at once.
 */
import type { Millis } from '#protocols/machine'

export interface Allowance {
  /** What may be said at once. */
  burst: number
  /** What grows back in a second. */
  perSecond: number
}

/** Of all messages: at once three such states (guess), and a tenth of one core: three times the beats of 32 owners. */
export const ALL: Allowance = { burst: 4_000, perSecond: 200 }
/** Peers in mind, more than can be linked; the one heard longest ago is forgotten first, with a full allowance. */
const MAX_PEERS = 256

export class Allowances {
  readonly #allowance: Allowance
  readonly #left = new Map<string, { tokens: number; at: Millis }>()

  constructor(allowance: Allowance) {
    this.#allowance = allowance
  }

  /** Whether `peer` may say something that costs so much. */
  spend(peer: string, cost: number, now: Millis): boolean {
    const { burst, perSecond } = this.#allowance
    const { tokens, at } = this.#left.get(peer) ?? { tokens: burst, at: now }
    const grown = Math.min(burst, tokens + ((now - at) / 1_000) * perSecond)
    this.#left.delete(peer)
    this.#left.set(peer, { tokens: cost <= grown ? grown - cost : grown, at: now })
    if (this.#left.size > MAX_PEERS) this.#left.delete(this.#left.keys().next().value as string)
    return cost <= grown
  }
}
