/** Prospects: whom a writer asks next to hold its state, by evidence and by what others suggest. */
import { plus } from '../lists.ts'
import type { Millis } from '../machine.ts'
import type { Duty } from './duty.ts'
import type { Holders } from './holders.ts'
import { type Candidate, compareCandidates } from './ranking.ts'
import { Shunned } from './shunned.ts'

const MAX_SUGGESTED = 8
const NONE: readonly string[] = []

export class Prospects {
  readonly shunned: Shunned
  readonly #duty: Duty
  /** Asked before strangers. */
  #suggested = NONE

  constructor(duty: Duty) {
    this.#duty = duty
    this.shunned = new Shunned(duty.home.config)
  }

  get size(): number {
    return this.shunned.size + this.#suggested.length
  }

  suggest(peers: readonly string[]): void {
    if (peers.length === 0) return
    const others = this.#suggested.filter((peer) => !peers.includes(peer))
    this.#suggested = peers.concat(others).slice(0, MAX_SUGGESTED)
  }

  /** The best that is linked, is no holder yet and is not shunned now. */
  best(holders: Holders, now: Millis): string | undefined {
    const { home, owner } = this.#duty
    const linked = home.candidates()
    let taken = NONE
    for (const { id, place } of linked) if (place !== undefined && holders.has(id)) taken = plus(taken, place)
    let best: Candidate | undefined
    let wish = this.#suggested.length
    for (const one of linked) {
      const { id } = one
      if (id === owner || id === home.self || holders.has(id) || this.shunned.has(id, now)) continue
      const wished = this.#suggested.indexOf(id)
      if (wished >= 0) wish = Math.min(wish, wished)
      if (best === undefined || compareCandidates(one, best, taken) < 0) best = one
    }
    return this.#suggested[wish] ?? best?.id
  }
}
