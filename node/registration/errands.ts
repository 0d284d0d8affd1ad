/**
 * Errands: what this peer does in the DHT for itself, a few at a time. Look-ups for which somebody waits are none.
 *
 * Law: what took long is followed by a rest as long as it was. Where processors or networks are overloaded requests
 * run out of time, and all that they cost was for nothing; whoever then asks on is why the others' run out of time,
 * too, and the overload outlives its cause (Bronson et al., "Metastable Failures in Distributed Systems", 2021).
 */
import { Queue } from '@libp2p/utils'
import type { Clock } from '../driver.ts'

/** At one time; the rest wait. */
const LANES = 2
/** Errands that wait; more are dropped, and whoever asked for those that matter asks again. */
const MAX_WAITING = 256
/** What took no longer needs no rest, in milliseconds: nobody was silent until the end of patience with a request. */
const QUICK = 1_000

export class Errands {
  readonly #lanes = new Queue<unknown>({ concurrency: LANES, maxSize: MAX_WAITING })
  readonly #clock: Clock
  readonly #stopped: AbortSignal

  /** @param stopped after it nothing is begun, and nothing waited for */
  constructor(clock: Clock, stopped: AbortSignal) {
    this.#clock = clock
    this.#stopped = stopped
  }

  /** Does it when its turn has come. What becomes of it is its own affair. */
  add(errand: () => Promise<void>): void {
    const whole = async () => {
      const began = this.#clock.now()
      await errand().catch(() => {})
      const took = this.#clock.now() - began
      if (took > QUICK) await this.#rest(took)
    }
    void this.#lanes.add(whole, { signal: this.#stopped }).catch(() => {})
  }

  async #rest(millis: number): Promise<void> {
    if (this.#stopped.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const over = () => resolve()
    const cancel = this.#clock.after(millis, over)
    this.#stopped.addEventListener('abort', over)
    await promise
    cancel()
    this.#stopped.removeEventListener('abort', over)
  }
}
