/**
 * A candidacy: a holder waits for its turn to claim. Meanwhile it looks again and again whether it is awake, asks the
 * other holders, and looks up who is registered if it may be behind.
 */
import type { Millis } from '../machine.ts'
import type { Config } from './config.ts'
import { MAX_RANKS } from './epoch.ts'

/** Who waits to claim looks so often, in milliseconds, whether it is awake: less than a throttled timer is late. */
const LOOK = 500
/** Turns between two that may be behind: the second finds the registration of the first. */
const APART = 2

type Times = Pick<Config, 'turn' | 'beat'>

export interface CandidacyInit {
  rank: number
  /** Before its first turn, to hear what others say. */
  asking: Millis
  /** It may be behind: whoever watched the writer comes first, and it looks up who is registered. */
  late: boolean
  /** The writer said goodbye: who goes on is asked of the other holders. */
  left: boolean
}

export class Candidacy {
  readonly #times: Times
  readonly #rank: number
  #claimAt: Millis
  /** When it last looked. */
  #lookedAt: Millis
  #asks: boolean
  /** Whether the writer said goodbye. */
  readonly left: boolean
  #seekAt: Millis = Number.POSITIVE_INFINITY
  /** The last that it heard of somebody further. */
  #news: string | undefined

  constructor(times: Times, { rank, asking, late, left }: CandidacyInit, now: Millis) {
    this.#times = times
    this.#rank = rank
    this.#asks = left
    this.left = left
    this.#lookedAt = now
    this.#claimAt = now + Math.max(1, asking + (late ? this.#patience : (rank - 1) * times.turn))
    if (late) this.#seekAt = now
  }

  /** Of one that may be behind. */
  get #patience(): Millis {
    return (MAX_RANKS + (this.#rank - 1) * APART) * this.#times.turn
  }

  nextDeadline(): Millis {
    return Math.min(this.#claimAt, this.#lookedAt + LOOK)
  }

  /** Whether it is so late that it may have slept over an answer. */
  slept(now: Millis): boolean {
    return now - this.#lookedAt > LOOK + this.#times.beat
  }

  isDue(now: Millis): boolean {
    return now >= this.#claimAt
  }

  /** @returns what it is time for: to ask the other holders, to look up who is registered */
  look(now: Millis): { ask: boolean; seek: boolean } {
    const ask = this.#asks
    // Nobody may have answered; and somebody else may have been given the same turn, whose claim its registration shows.
    const seek = now >= this.#seekAt
    this.#lookedAt = now
    this.#asks = false
    if (seek) {
      const again = this.#claimAt - this.#times.turn
      this.#seekAt = again > now ? again : Number.POSITIVE_INFINITY
    }
    return { ask, seek }
  }

  /** Somebody was further. It may be gone; but then whoever watched it is about to go on. */
  hear(news: string, now: Millis): void {
    if (news === this.#news) return
    this.#news = news
    this.#claimAt = Math.max(this.#claimAt, now + this.#patience)
    this.#seekAt = this.#claimAt - this.#times.turn
  }
}
