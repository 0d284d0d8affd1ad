/**
 * The dead: ways that failed a short while ago, so that the next search does not begin with them.
 *
 * Law: death is for a time, longer with each failure in a row, because peers come back; and the memory is bounded,
 * which forgets the one that failed longest ago.
 */
import type { Millis } from '../machine.ts'

/** First time that a way counts as dead, in milliseconds; it doubles up to `CAP` (guess: a page reloads in two seconds). */
const FIRST: Millis = 2_000
const CAP: Millis = 60_000
/** Ways in mind: sixteen searches of sixteen ways. */
const MAX_DEAD = 256

export class Dead {
  readonly #dead = new Map<string, { until: Millis; failures: number }>()

  has(way: string, now: Millis): boolean {
    return now < (this.#dead.get(way)?.until ?? Number.NEGATIVE_INFINITY)
  }

  bury(way: string, now: Millis): void {
    const failures = (this.#dead.get(way)?.failures ?? 0) + 1
    this.#dead.delete(way)
    this.#dead.set(way, { until: now + Math.min(FIRST * 2 ** (failures - 1), CAP), failures })
    if (this.#dead.size > MAX_DEAD) this.#dead.delete(this.#dead.keys().next().value as string)
  }

  /** It led there. */
  revive(way: string): void {
    this.#dead.delete(way)
  }

  get size(): number {
    return this.#dead.size
  }
}
