/**
 * The way to the other side, as one call sees it: there is a path, or one is being opened, or it is not yet
 * time to try again. The waits grow up to a cap and begin anew with every path that came.
 */
import type { Millis } from '../machine.ts'
import { timing } from './phase.ts'

export class Way {
  #state: 'none' | 'opening' | 'up' = 'none'
  #failures = 0
  #retryAt: Millis | undefined

  get up(): boolean {
    return this.#state === 'up'
  }

  nextDeadline(): Millis | undefined {
    return this.#retryAt
  }

  came(): void {
    this.#state = 'up'
    this.#failures = 0
    this.#retryAt = undefined
  }

  went(): void {
    this.#state = 'none'
  }

  /** Another path is wanted, but not at once. */
  later(now: Millis): void {
    this.#retryAt = now + Math.min(timing.pathRetry * 1.5 ** this.#failures, timing.pathRetryMax)
    this.#failures += 1
  }

  /** Something waits to be said. True if a path must be opened for it now. */
  want(): boolean {
    if (this.#state !== 'none' || this.#retryAt !== undefined) return false
    this.#state = 'opening'
    return true
  }

  /** There is hope again: what would be tried later is tried at the next tick, which is now. */
  hurry(now: Millis): void {
    if (this.#retryAt !== undefined) this.#retryAt = now
  }

  /** True if it is time to open a path again. */
  tick(now: Millis): boolean {
    if (this.#retryAt === undefined || now < this.#retryAt) return false
    this.#retryAt = undefined
    return this.want()
  }
}
