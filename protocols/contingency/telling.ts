/**
 * Telling: something that is said to a peer again and again until it answers, at growing intervals. It never ends
 * by itself, because a copy that nobody asks for is still somebody's; but who stays silent hears it seldom. When a
 * link to such a peer comes up, it begins anew.
 */
import { plus, without } from '../lists.ts'
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

const NONE: readonly string[] = []
/** Most tell nobody, most of the time, and there are very many. */
const NOBODY: readonly Told[] = []

interface Told {
  readonly peer: string
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
  #told = NOBODY

  /** @param wait before it is said the second time */
  constructor(wait: Millis) {
    this.#wait = wait
  }

  get size(): number {
    return this.#told.length
  }

  has(peer: string): boolean {
    return this.#of(peer) !== undefined
  }

  /** How often it was said to that peer. */
  times(peer: string): number {
    return this.#of(peer)?.times ?? 0
  }

  peers(): string[] {
    return this.#told.map(({ peer }) => peer)
  }

  /** From `at` on, and from the first time. */
  begin(peer: string, at: Millis, news = this.#of(peer)?.news): void {
    this.end(peer)
    if (this.#told.length >= MAX_TOLD) {
      const most = this.#told.reduce((a, b) => (b.times > a.times ? b : a))
      this.end(most.peer)
    }
    this.#told = plus(this.#told, { peer, at, said: at, times: 0, news })
  }

  /** Begins unless it was begun before for the same news; then it is worth a try now and then. */
  hear(peer: string, at: Millis, news: string): void {
    const told = this.#of(peer)
    if (told?.news !== news) return this.begin(peer, at, news)
    if (told.times >= TIMES && at >= told.said + SPURRED * this.#wait) told.at = at
  }

  end(peer: string): void {
    if (this.has(peer)) this.#told = without(this.#told, (told) => told.peer === peer)
  }

  /** It has nothing to do with us, or not now, or the link to it is gone: no reason to say it again soon. */
  hush(peer: string, now: Millis): void {
    const told = this.#of(peer)
    if (told === undefined) return
    told.times = Math.max(told.times, TIMES)
    told.at = now + this.#rarely(told)
  }

  /** Those to whom it is to be said now, and is said. */
  due(now: Millis): readonly string[] {
    let due: readonly string[] = NONE
    for (const told of this.#told) {
      if (now < told.at) continue
      told.times += 1
      told.said = now
      told.at =
        now + (told.times < TIMES ? this.#wait * 2 ** Math.min(told.times - 1, 3) : this.#rarely(told))
      due = plus(due, told.peer)
    }
    return due
  }

  nextDeadline(): Millis | undefined {
    let first: Millis | undefined
    for (const { at } of this.#told) first = sooner(first, at)
    return first
  }

  #of(peer: string): Told | undefined {
    for (const told of this.#told) if (told.peer === peer) return told
    return undefined
  }

  #rarely({ times }: Told): Millis {
    return RARELY * this.#wait * 2 ** Math.min(Math.max(0, times - TIMES), DOUBLINGS)
  }
}
