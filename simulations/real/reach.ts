/** Reach: whom a fault keeps from whom, as an account has to know it to tell a false takeover from a right one. */
import type { Millis } from '#protocols/machine'

export class Reach {
  /** One side of a partition; nobody is on it when there is none. */
  cut: ReadonlySet<string> = new Set()
  /** Those that stand still, and since when. */
  readonly frozen = new Map<string, Millis>()

  /** Whether what one says can come to the other. */
  joins(one: string, other: string): boolean {
    return this.cut.has(one) === this.cut.has(other)
  }

  /** Those of them that run. */
  awake(peers: Iterable<string>): string[] {
    return [...peers].filter((peer) => !this.frozen.has(peer))
  }
}
