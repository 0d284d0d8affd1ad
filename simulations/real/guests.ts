/** Guests: the real peers that are there, and what each has sent since it is counted. */
import type { Millis } from '#protocols/machine'
import { add } from '../churn/sketch.ts'
import type { Tally } from '../churn/tally.ts'

/** A life that says something of a peer's traffic, in milliseconds. */
const LONG_ENOUGH = 60_000

/** Bytes that were sent, and links that were opened. */
export interface Spent {
  bytes: number
  links: number
}

interface Guest {
  /** Since when it is counted what it sends. */
  since: Millis
  sent: Spent
  /** What it had sent by then. */
  before: Spent
  /** Writers whose silence it has noticed. */
  suspected: Set<string>
}

const NOTHING: Spent = { bytes: 0, links: 0 }

export class Guests {
  readonly #guests = new Map<string, Guest>()

  get size(): number {
    return this.#guests.size
  }

  has(peer: string): boolean {
    return this.#guests.has(peer)
  }

  came(peer: string, now: Millis): void {
    this.#guests.set(peer, { since: now, sent: NOTHING, before: NOTHING, suspected: new Set() })
  }

  /** From now on it is counted anew what they send. */
  measure(now: Millis): void {
    for (const guest of this.#guests.values()) Object.assign(guest, { since: now, before: guest.sent })
  }

  sent(peer: string, sent: Spent): void {
    const guest = this.#guests.get(peer)
    if (guest !== undefined) guest.sent = sent
  }

  /** @returns whether it noticed that writer's silence for the first time */
  suspects(peer: string, writer: string): boolean {
    const suspected = this.#guests.get(peer)?.suspected
    if (suspected === undefined || suspected.has(writer)) return false
    suspected.add(writer)
    return true
  }

  /** What those that are there have sent and is in no tally yet. */
  get unweighed(): Spent {
    const sum = { bytes: 0, links: 0 }
    for (const { sent, before } of this.#guests.values()) {
      sum.bytes += sent.bytes - before.bytes
      sum.links += sent.links - before.links
    }
    return sum
  }

  /** Writes down what it has sent. @returns the bytes */
  weigh(peer: string, now: Millis, { counts, sketches }: Tally): number {
    const guest = this.#guests.get(peer)
    if (guest === undefined) return 0
    const { sent, before, since } = guest
    const bytes = sent.bytes - before.bytes
    counts.linksOpened += sent.links - before.links
    const life = now - since
    if (life >= LONG_ENOUGH) add(sketches.bytesPerNode, bytes / (life / 1_000))
    guest.before = sent
    return bytes
  }

  weighAll(now: Millis, tally: Tally): number {
    let bytes = 0
    for (const peer of this.#guests.keys()) bytes += this.weigh(peer, now, tally)
    return bytes
  }

  went(peer: string): void {
    this.#guests.delete(peer)
  }
}
