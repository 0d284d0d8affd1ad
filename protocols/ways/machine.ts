/**
 * Which way next: one search for a way to a peer, from the first address to try to the end of all hope.
 *
 * Law: the likeliest way is tried first, and at once. When it is silent for a moment the next one is tried beside it,
 * and when it fails, right away; so a dead way costs a moment and not its timeout ("The Tail at Scale", Dean and
 * Barroso, CACM 2013). No way is tried twice in one search, and one that failed a short while ago comes after all
 * that did not. Ways may become known while others are tried; the search ends when no more will, and all have failed.
 */
import { type Machine as AnyMachine, type Millis, type Tick, unreachable } from '../machine.ts'
import type { Dead } from './dead.ts'

export type Input =
  /** A way is known. Of those that are, the smallest rank goes first. Said again, it is the same way. */
  | { type: 'known'; way: string; rank: number }
  /** It does not lead there. */
  | { type: 'failed'; way: string }
  /** All is said: no further ways will become known. */
  | { type: 'all-known' }
  | Tick

export type Output =
  | { type: 'try'; way: string }
  /** Nothing is left to try, and nothing is being tried. */
  | { type: 'give-up' }

export interface Config {
  /** Silence of the last way that was tried, in milliseconds, after which the next is tried beside it. */
  stall: Millis
  /** Ways tried at once. */
  parallel: number
  /** Ways tried in all; what comes after is not looked at, so that a flood of addresses costs no more. */
  most: number
  /** Ways that failed lately, in this search or another. */
  dead: Dead
}

/**
 * A handshake through one peer takes four round trips, 200 ms on a near path (measured on one machine: 40 ms); half
 * a second is silence. Three at once is what a look-up asks, too.
 */
export const defaultConfig = { stall: 500, parallel: 3, most: 16 } as const

export class Machine implements AnyMachine<Input, Output> {
  readonly #config: Config
  /** Those not tried yet, in the order in which they became known. */
  readonly #waiting = new Map<string, number>()
  readonly #trying = new Set<string>()
  readonly #tried = new Set<string>()
  #allKnown = false
  #over = false
  #hedgeAt: Millis | undefined

  constructor(config: Config) {
    this.#config = config
  }

  nextDeadline(): Millis | undefined {
    return this.#over || this.#waiting.size === 0 || this.#isFull ? undefined : this.#hedgeAt
  }

  handle(input: Input, now: Millis): readonly Output[] {
    if (this.#over) return []
    switch (input.type) {
      case 'known':
        if (!this.#tried.has(input.way) && !this.#waiting.has(input.way)) {
          if (this.#tried.size + this.#waiting.size < this.#config.most) {
            this.#waiting.set(input.way, input.rank)
          }
        }
        return this.#trying.size === 0 ? this.#next(now) : []
      case 'failed':
        if (!this.#trying.delete(input.way)) return []
        this.#config.dead.bury(input.way, now)
        return this.#next(now)
      case 'all-known':
        this.#allKnown = true
        return this.#trying.size === 0 ? this.#next(now) : []
      case 'tick':
        return this.#hedgeAt !== undefined && now >= this.#hedgeAt ? this.#next(now) : []
      default:
        return unreachable(input)
    }
  }

  get #isFull(): boolean {
    return this.#trying.size >= this.#config.parallel
  }

  #next(now: Millis): Output[] {
    const way = this.#isFull ? undefined : this.#best(now)
    this.#hedgeAt = now + this.#config.stall
    if (way !== undefined) {
      this.#waiting.delete(way)
      this.#trying.add(way)
      this.#tried.add(way)
      return [{ type: 'try', way }]
    }
    if (this.#trying.size > 0 || !this.#allKnown || this.#waiting.size > 0) return []
    this.#over = true
    return [{ type: 'give-up' }]
  }

  #best(now: Millis): string | undefined {
    const { dead } = this.#config
    const key = ([way, rank]: [string, number]) => (dead.has(way, now) ? 1_000 : 0) + rank
    let best: [string, number] | undefined
    for (const each of this.#waiting) if (best === undefined || key(each) < key(best)) best = each
    return best?.[0]
  }
}
