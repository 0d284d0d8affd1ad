/**
 * Telling: something that is said to a peer again and again until it answers, at growing intervals, and that
 * ends some time. When a link to a peer that stayed silent comes up, it begins anew.
 */
import type { Millis } from '../machine.ts'

/** Peers in mind; of more, those told most often are forgotten first. */
export const MAX_TOLD = 16
/** With waits of 2, 4, 8, 16, 16 … s that is a minute and a half: who is back later comes forward itself. */
const TIMES = 8
/** Waits between two tries after those, as long as others say that there is reason to: a minute. */
const RARELY = 30

interface Told {
  at: Millis
  times: number
  /** The news for which it began. */
  news: string | undefined
}

export class Telling {
  readonly #wait: Millis
  readonly #say: (peer: string) => void
  readonly #told = new Map<string, Told>()

  /** @param wait before it is said the second time */
  constructor(wait: Millis, say: (peer: string) => void) {
    this.#wait = wait
    this.#say = say
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
    this.#told.delete(peer)
    if (this.#told.size >= MAX_TOLD) {
      const [most] = [...this.#told].sort(([, a], [, b]) => b.times - a.times)
      if (most !== undefined) this.#told.delete(most[0])
    }
    this.#told.set(peer, { at, times: 0, news })
  }

  /** Begins unless it was begun before for the same news; then it is worth a try now and then. */
  hear(peer: string, at: Millis, news: string): void {
    const told = this.#told.get(peer)
    if (told?.news !== news) return this.begin(peer, at, news)
    if (told.times < TIMES || at < told.at + RARELY * this.#wait) return
    told.times = TIMES - 1
    told.at = at
  }

  end(peer: string): void {
    this.#told.delete(peer)
  }

  /** It has nothing to do with us: it is kept in mind, but only a new link is a reason to say it again. */
  hush(peer: string): void {
    const told = this.#told.get(peer)
    if (told !== undefined) told.times = TIMES
  }

  tick(now: Millis): void {
    for (const [peer, told] of this.#told) {
      if (told.times >= TIMES || now < told.at) continue
      told.at = now + this.#wait * 2 ** Math.min(told.times, 3)
      told.times += 1
      this.#say(peer)
    }
  }

  nextDeadline(): Millis | undefined {
    const due = [...this.#told.values()].filter(({ times }) => times < TIMES).map(({ at }) => at)
    return due.length === 0 ? undefined : Math.min(...due)
  }
}
