/**
 * Rivals: other sessions of the same owner, which write its state from another device, or did before they ended.
 *
 * Law: of two that run the one that was started later goes on and the other yields. Which that is cannot be asked,
 * since both are one peer to everybody else; but who was started a moment ago meets what was there before, and who
 * has run for long meets what came after. Of two that were started shortly after each other that of the greater
 * name goes on: names begin with the time of the start.
 */
import type { Millis } from '../machine.ts'

/** A session has met everyone that holds its state by then, in milliseconds (guess: slow links and dead entrances). */
const FRESH = 30_000
/** So long what is only registered is given to prove itself by those who hold it, in milliseconds. */
const RUMOUR = 30_000

export class Rivals {
  readonly #session: string
  #startedAt: Millis = Number.NEGATIVE_INFINITY
  /** The session that we went beyond. */
  #outdone: string | undefined
  #rumour: { session: string; at: Millis } | undefined

  constructor(session: string) {
    this.#session = session
  }

  started(now: Millis): void {
    this.#startedAt = now
  }

  /** What to do about a session that has proven to be further. */
  met(session: string, now: Millis): 'outdo' | 'yield' {
    return this.#isFresh(now) ? this.#outdo(session) : 'yield'
  }

  /** What to do about one of which the registration says so: it may be long gone, and then nobody proves anything. */
  heard(session: string, now: Millis): 'outdo' | 'yield' | 'wait' {
    if (this.#isFresh(now) || session === this.#outdone) return this.#outdo(session)
    if (this.#rumour?.session !== session) this.#rumour = { session, at: now }
    return now - this.#rumour.at < RUMOUR ? 'wait' : this.#outdo(session)
  }

  #outdo(session: string): 'outdo' | 'yield' {
    if (session === this.#outdone && session > this.#session) return 'yield'
    this.#outdone = session
    return 'outdo'
  }

  #isFresh(now: Millis): boolean {
    return now - this.#startedAt < FRESH
  }
}
