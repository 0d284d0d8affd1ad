/**
 * How long to wait for a dial before another is begun beside it: as long as dials have taken lately.
 *
 * Law: silence is judged by what was heard. A fixed wait is too long on a near path, and too short on a processor that
 * is busy or a path that is slow, where every dial would be doubled and would thereby slow down all the others. Mean
 * and deviation are kept as a retransmission timer keeps them (RFC 6298: gains 1/8 and 1/4, factor 4).
 */
import type { Millis } from '#protocols/machine'

export interface PatienceBounds {
  /** The wait while nothing was heard, and the shortest. */
  least: Millis
  /** The longest: whoever was met only on bad paths still looks for another one. */
  most: Millis
}

export class Patience {
  readonly #bounds: PatienceBounds
  #mean: Millis | undefined
  #deviation: Millis = 0

  constructor(bounds: PatienceBounds) {
    this.#bounds = bounds
  }

  /** A dial has led there, after so long. */
  heard(took: Millis): void {
    if (this.#mean === undefined) {
      this.#mean = took
      this.#deviation = took / 2
      return
    }
    this.#deviation += (Math.abs(this.#mean - took) - this.#deviation) / 4
    this.#mean += (took - this.#mean) / 8
  }

  get wait(): Millis {
    const { least, most } = this.#bounds
    return this.#mean === undefined
      ? least
      : Math.min(most, Math.max(least, this.#mean + 4 * this.#deviation))
  }
}
