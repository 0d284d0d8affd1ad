/**
 * Telling: something that is said to a peer again and again until it answers, at growing intervals. It never ends
 * by itself, because a copy that nobody asks for is still somebody's; but who stays silent hears it seldom. When a
 * link to such a peer comes up, it begins anew.
 */
import { type Millis, sooner } from '../machine.ts'

/** Peers in mind; of more, those told most often are forgotten first. */
export const MAX_TOLD = 16
/** With waits of 2, 4, 8, 16, 16 … s that is a minute and a half: who is back later comes forward itself. */
const TIMES = 8
/** Waits between two tries while others say that there is reason to: a minute. */
const SPURRED = 30
/** Waits before a try without any reason, two minutes; doubles up to an hour. */
const RARELY = 60
const DOUBLINGS = 5

const NOBODY: Map<string, Told> = new Map()
const NONE: readonly string[] = []

interface Told {
  /** When it is said next. */
  at: Millis
  /** When it was last said. */
  said: Millis
  times: number
  /** The news for which it began. */
  news: string | undefined
}

export class Telling {
  readonly #wait: Millis
  /** Most tell nobody, most of the time, and there are very many. */
  #told: Map<string, Told> = NOBODY

  /** @param wait before it is said the second time */
  constructor(wait: Millis) {
    this.#wait = wait
  }

  get size(): number {
    return this.#told.size
  }

  has(peer: string): boolean {
    return this.#told.has(peer)
  }

  peers(): string[] {
    return [...this.#told.keys()]
  }

  /** From `at` on, and from the first time. */
  begin(peer: string, at: Millis, news = this.#told.get(peer)?.news): void {
    if (this.#told === NOBODY) this.#told = new Map()
    this.#told.delete(peer)
    if (this.#told.size >= MAX_TOLD) {
      const [most] = [...this.#told].sort(([, a], [, b]) => b.times - a.times)
      if (most !== undefined) this.#told.delete(most[0])
    }
    this.#told.set(peer, { at, said: at, times: 0, news })
  }

  /** Begins unless it was begun before for the same news; then it is worth a try now and then. */
  hear(peer: string, at: Millis, news: string): void {
    const told = this.#told.get(peer)
    if (told?.news !== news) return this.begin(peer, at, news)
    if (told.times >= TIMES && at >= told.said + SPURRED * this.#wait) told.at = at
  }

  end(peer: string): void {
    this.#told.delete(peer)
  }

  /** It has nothing to do with us, or not now: no reason to say it again soon. */
  hush(peer: string, now: Millis): void {
    const told = this.#told.get(peer)
    if (told === undefined) return
    told.times = Math.max(told.times, TIMES)
    told.at = now + this.#rarely(told)
  }

  /** The link to it is gone: it hears it when there is one again, or when there is news; without either, once an hour. */
  unlinked(peer: string, now: Millis): void {
    const told = this.#told.get(peer)
    if (told === undefined) return
    told.times = TIMES + DOUBLINGS
    told.at = now + this.#rarely(told)
  }

  /** Those to whom it is to be said now, and is said. */
  due(now: Millis): readonly string[] {
    let due: readonly string[] = NONE
    for (const [peer, told] of this.#told) {
      if (now < told.at) continue
      told.times += 1
      told.said = now
      told.at =
        now + (told.times < TIMES ? this.#wait * 2 ** Math.min(told.times - 1, 3) : this.#rarely(told))
      due = [...due, peer]
    }
    return due
  }

  nextDeadline(): Millis | undefined {
    let first: Millis | undefined
    for (const { at } of this.#told.values()) first = sooner(first, at)
    return first
  }

  #rarely({ times }: Told): Millis {
    return RARELY * this.#wait * 2 ** Math.min(Math.max(0, times - TIMES), DOUBLINGS)
  }
}
