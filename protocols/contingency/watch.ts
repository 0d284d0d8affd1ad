/**
 * A watch on one peer that says something every T: when is its silence suspect?
 *
 * After T and a margin q without a sign of life. q follows the jitter that is seen, as TCP's retransmission
 * timer does (RFC 6298: mean deviation, gain 1/4, factor 4), so that a throttled tab is not declared dead and a
 * steady one is missed at once.
 */
import type { Millis } from '../machine.ts'
import type { Config } from './config.ts'

export class Watch {
  readonly #config: Pick<Config, 'beat' | 'margin' | 'marginMax'>
  #heard: Millis
  #deviation = 0

  constructor(config: Pick<Config, 'beat' | 'margin' | 'marginMax'>, now: Millis) {
    this.#config = config
    this.#heard = now
  }

  get suspectAt(): Millis {
    const { beat, margin, marginMax } = this.#config
    return this.#heard + beat + Math.min(Math.max(margin, 4 * this.#deviation), marginMax)
  }

  get heard(): Millis {
    return this.#heard
  }

  silence(now: Millis): Millis {
    return Math.max(0, now - this.#heard)
  }

  /** A regular sign of life: measured. */
  beat(now: Millis): void {
    const late = Math.abs(now - this.#heard - this.#config.beat)
    // A gap of many beats is an interruption and not jitter.
    if (late < 4 * this.#config.beat) this.#deviation += (late - this.#deviation) / 4
    this.hear(now)
  }

  /** Any sign of life, even at second hand. */
  hear(now: Millis): void {
    this.#heard = Math.max(this.#heard, now)
  }
}
