/**
 * An appointment: an end that someone is expected at, until a moment. It is kept, or it is over with an error.
 *
 * Law: an end is closed when its appointment is over, whoever says so and however often.
 */
import { raceSignal } from 'race-signal'
import type { Clock } from '../driver.ts'
import type { End } from './end.ts'

export class Appointment {
  readonly end: End
  readonly #clock: Clock
  readonly #over = new AbortController()
  readonly #onSettled: () => void
  #cancelTimer = () => {}
  #settled = false
  #taken = false

  /** @param onSettled it was kept, or is over */
  constructor(end: End, clock: Clock, onSettled: () => void) {
    this.end = end
    this.#clock = clock
    this.#onSettled = onSettled
  }

  /** From now on it is over after `patience` milliseconds, with `reason`. */
  wait(patience: number, reason: () => Error): void {
    this.#cancelTimer()
    if (!this.#settled) this.#cancelTimer = this.#clock.after(patience, () => this.over(reason()))
  }

  /** Whether it was free; from now on it is not. */
  take(): boolean {
    const free = !this.#taken
    this.#taken = true
    return free
  }

  /** What a promise brings, or what the appointment was over with before that. */
  async unlessOver<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#over
    return await raceSignal(promise, signal, { translateError: () => signal.reason })
  }

  /** Both have come: the end belongs to their connection. */
  kept(): void {
    if (this.#settle()) this.#onSettled()
  }

  over(reason: unknown): void {
    if (!this.#settle()) return
    this.#over.abort(reason)
    this.end.close()
    this.#onSettled()
  }

  /** @throws what it is over with */
  check(): void {
    this.#over.signal.throwIfAborted()
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#cancelTimer()
    return true
  }
}
