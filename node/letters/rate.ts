/**
 * A rate: how often each of many may do something. Each has a bucket of `burst` drops that refills at `perSecond`
 * (the token bucket of Turner, "New directions in communications", 1986); who finds it empty is refused.
 */
import type { Millis } from '#protocols/machine'

/** Senders that are remembered; the one that was quiet for longest is forgotten first, and may begin afresh. */
const MAX_SENDERS = 256

export interface RateConfig {
  burst: number
  perSecond: number
}

export class Rate {
  readonly #config: RateConfig
  readonly #buckets = new Map<string, { drops: number; at: Millis }>()

  constructor(config: RateConfig) {
    this.#config = config
  }

  /** Whether `sender` may, once more, at `now`. */
  allows(sender: string, now: Millis): boolean {
    const { burst, perSecond } = this.#config
    const { drops, at } = this.#buckets.get(sender) ?? { drops: burst, at: now }
    const full = Math.min(burst, drops + ((now - at) / 1_000) * perSecond)
    const allowed = full >= 1
    // A map gives back in the order of putting in, so the first is who was quiet for longest.
    this.#buckets.delete(sender)
    this.#buckets.set(sender, { drops: allowed ? full - 1 : full, at: now })
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > MAX_SENDERS && oldest !== undefined) this.#buckets.delete(oldest)
    return allowed
  }
}
