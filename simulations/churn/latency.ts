/**
 * How long messages take between peers. The delay of a pair is always the same but for jitter, and is not kept: it is
 * drawn anew from the pair's own number each time, by a table, so that a million peers need no memory for it.
 */
import type { Millis } from '#protocols/machine'
import { distribution } from '../chance/distributions.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** Round trip in milliseconds, and deviation of its logarithm (King data set; Gummadi, Saroiu, Gribble 2002). */
const KING = { median: 156, sigma: 0.51 }
/** Entries of the table: a power of two. */
const TABLE = 4_096
/** First time-out of a lost message, which doubles (RFC 9260, RTO.Min), and the most of them in a row. */
const RESEND = 1_000
const MAX_RESENDS = 6

/** What of a peer its delays hang on. */
export interface Place {
  readonly key: number
  /** Round trips in milliseconds: place in a plane, and access line. */
  readonly x: number
  readonly y: number
  readonly height: number
}

export class Latency {
  readonly #scenario: Scenario
  readonly #table: Float64Array
  readonly #salt: number
  readonly #access: { draw(random: Random): number } | undefined

  constructor(scenario: Scenario, salt: number) {
    this.#scenario = scenario
    this.#salt = salt
    const random = new Random(salt)
    const king = distribution({ kind: 'lognormal', ...KING })
    this.#table = Float64Array.from({ length: TABLE }, () => king.draw(random))
    const { latency } = scenario
    if (latency.kind === 'coordinates' && latency.height > 0) {
      this.#access = distribution({ kind: 'exponential', mean: latency.height * 1_000 })
    }
  }

  place(key: number, random: Random): Place {
    const { latency } = this.#scenario
    if (latency.kind !== 'coordinates') return { key, x: 0, y: 0, height: 0 }
    const width = latency.width * 1_000
    const [x, y] = [random.unit() * width, random.unit() * width]
    return { key, x, y, height: this.#access?.draw(random) ?? 0 }
  }

  /** Round trip of a pair, without jitter. */
  roundTrip(a: Place, b: Place): Millis {
    const { latency } = this.#scenario
    switch (latency.kind) {
      case 'constant':
        return latency.value * 1_000
      case 'coordinates': {
        const [x, y] = [a.x - b.x, a.y - b.y]
        return Math.sqrt(x * x + y * y) + a.height + b.height
      }
      case 'king':
        return this.#table[this.#pair(a, b) & (TABLE - 1)] as number
    }
  }

  /** One way, with jitter and what the loss of messages costs. */
  delay(a: Place, b: Place, random: Random): Millis {
    const { jitter, loss } = this.#scenario
    let delay = this.roundTrip(a, b) / 2
    if (jitter > 0) delay += random.unit() * jitter
    for (let resends = 0; loss > 0 && resends < MAX_RESENDS && random.chance(loss); resends++) {
      delay += RESEND * 2 ** resends
    }
    return delay
  }

  /** Whether the pair cannot be linked directly: always the same pairs. */
  isBroken(a: Place, b: Place): boolean {
    const { brokenPairs } = this.#scenario
    return brokenPairs > 0 && mix(this.#pair(a, b)) < brokenPairs * 2 ** 32
  }

  /** The same in both directions. */
  #pair(a: Place, b: Place): number {
    return mix((a.key ^ b.key ^ this.#salt) + Math.imul(a.key + b.key, 0x9e3779b1))
  }
}

/** The finalizer of MurmurHash3 (Appleby): a number of 32 bits whose bits all hang on all. */
export function mix(of: number): number {
  let hash = of | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
