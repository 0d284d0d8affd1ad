/**
 * The pace of handshakes: after how much silence one is worth doubling.
 *
 * Law: what is slow is not dead. Where processors or networks are busy every handshake takes long; whoever then tries
 * three ways at once, and asks others for more, is why the next ones take longer still. So silence is measured by what
 * handshakes took lately, as TCP measures it before it says something again (RFC 6298, 2).
 */
import type { Millis } from '#protocols/machine'

/** Shares of a new sample in the mean and in the deviation, and how many deviations are silence: RFC 6298, 2.3. */
const ALPHA = 1 / 8
const BETA = 1 / 4
const DEVIATIONS = 4

export class Pace {
  readonly #least: Millis
  readonly #most: Millis
  #mean: Millis | undefined
  #deviation: Millis = 0

  /** @param least silence that is never too little, and @param most what is always enough */
  constructor(least: Millis, most: Millis) {
    this.#least = least
    this.#most = most
  }

  /** A handshake that succeeded took so long. */
  took(millis: Millis): void {
    if (this.#mean === undefined) {
      this.#mean = millis
      this.#deviation = millis / 2
      return
    }
    this.#deviation += BETA * (Math.abs(millis - this.#mean) - this.#deviation)
    this.#mean += ALPHA * (millis - this.#mean)
  }

  /** Silence after which the next way is tried beside one. */
  get stall(): Millis {
    const usual = (this.#mean ?? 0) + DEVIATIONS * this.#deviation
    return Math.min(this.#most, Math.max(this.#least, usual))
  }
}
