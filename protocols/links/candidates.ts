/**
 * Candidates: peers that could be linked to, and how patient to be with each.
 *
 * Law: one that cannot be reached is left alone for longer each time, and forgotten in the end, but not so soon that
 * the next who tells of it makes us try again; and the memory is bounded.
 */
import type { Millis } from '../machine.ts'
import type { Key } from './keyspace.ts'

/** Candidates remembered. Of those who are not waited for, the one heard of first is dropped for a new one. */
export const MAX_CANDIDATES = 128

export interface Candidate<Id> {
  readonly id: Id
  readonly key: Key
  failures: number
  notBefore: Millis
  /** When it failed last. */
  failedAt?: Millis
}

export interface Patience {
  /** First wait before a failed peer is tried again, in milliseconds; doubles each time. */
  retry: Millis
  /** Failures after which it is not tried again until `forget` is over. */
  attempts: number
  /** How long such a peer is left alone, whoever tells of it, in milliseconds. */
  forget: Millis
  /** The same for one who has hardly any links and can hope for nobody else. */
  despair: Millis
}

export class Candidates<Id> {
  readonly #patience: Patience
  readonly #all = new Map<Id, Candidate<Id>>()

  constructor(patience: Patience) {
    this.#patience = patience
  }

  get size(): number {
    return this.#all.size
  }

  has(id: Id): boolean {
    return this.#all.has(id)
  }

  /** Those that may be tried now. @param desperate those that were given up, too, after a while */
  ready(now: Millis, desperate: boolean): Candidate<Id>[] {
    return [...this.#all.values()].filter((each) => this.#when(each, desperate) <= now)
  }

  /** How many may be tried now or later. */
  get hopeful(): number {
    return [...this.#all.values()].filter((each) => !this.#isGivenUp(each)).length
  }

  /** When the next may be tried that may not be now. */
  next(now: Millis, desperate: boolean): Millis | undefined {
    const waits = [...this.#all.values()].map((each) => this.#when(each, desperate))
    const next = Math.min(...waits.filter((at) => at > now))
    return Number.isFinite(next) ? next : undefined
  }

  /**
   * @param sure who tells of it is connected to it now, which counts for more than our failures
   * @param wait before it is tried for the first time, in milliseconds
   */
  add(id: Id, key: Key, now: Millis, { sure, wait }: { sure: boolean; wait: Millis }): void {
    const known = this.#all.get(id)
    if (known !== undefined) {
      if (this.#isGivenUp(known) && (sure || now >= known.notBefore))
        this.#all.set(id, fresh(id, key, now + wait))
      return
    }
    if (this.#all.size >= MAX_CANDIDATES && !this.#makeRoom(now)) return
    this.#all.set(id, fresh(id, key, now + wait))
  }

  take(id: Id): void {
    this.#all.delete(id)
  }

  /** It was tried so often in vain. */
  failed(id: Id, key: Key, failures: number, now: Millis): void {
    const { retry, attempts, forget } = this.#patience
    const wait = failures >= attempts ? forget : retry * 2 ** (failures - 1)
    this.#all.delete(id)
    if (this.#all.size >= MAX_CANDIDATES && !this.#makeRoom(now)) return
    this.#all.set(id, { id, key, failures, notBefore: now + wait, failedAt: now })
  }

  #when(candidate: Candidate<Id>, desperate: boolean): Millis {
    if (!this.#isGivenUp(candidate)) return candidate.notBefore
    return desperate ? (candidate.failedAt ?? 0) + this.#patience.despair : Number.POSITIVE_INFINITY
  }

  #isGivenUp({ failures }: Candidate<Id>): boolean {
    return failures >= this.#patience.attempts
  }

  #makeRoom(now: Millis): boolean {
    const idle = [...this.#all.values()].find(({ notBefore }) => notBefore <= now)
    if (idle === undefined) return false
    this.#all.delete(idle.id)
    return true
  }
}

function fresh<Id>(id: Id, key: Key, notBefore: Millis): Candidate<Id> {
  return { id, key, failures: 0, notBefore }
}
