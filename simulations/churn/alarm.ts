/**
 * An alarm: when a peer's machine is looked at next. It is in the queue as seldom as can be, each time before all others,
 * and it never leaves it before its time: what is not wanted any more rings for nothing.
 */
import { plus } from '#protocols/lists'
import type { Millis } from '#protocols/machine'
import type { Happening } from '../queue.ts'

const NONE: readonly Millis[] = []

export class Alarm<Owner> implements Happening {
  readonly #tick: (owner: Owner) => void
  #owner: Owner | undefined
  /** When it rings, the first time last. */
  #times = NONE

  constructor(owner: Owner, tick: (owner: Owner) => void) {
    this.#owner = owner
    this.#tick = tick
  }

  /** It rings. */
  happen(): void {
    this.#times = this.#times.length === 1 ? NONE : this.#times.slice(0, -1)
    if (this.#owner !== undefined) this.#tick(this.#owner)
  }

  /** @returns whether it is to be put into the queue for that time, because it does not ring before */
  set(at: Millis): boolean {
    const first = this.#times.at(-1)
    if (first !== undefined && first <= at) return false
    this.#times = plus(this.#times, at)
    return true
  }

  /** Its owner is gone: what is in the queue still holds on to nothing. */
  release(): void {
    this.#owner = undefined
  }
}
