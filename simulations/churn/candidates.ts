/**
 * What a peer knows of those it is linked to, as evidence for whom to appoint. The ranking is the machine's own; other
 * choices than the shipped one are had by other evidence.
 */
import type { Candidate } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Context } from './context.ts'
import { mix } from './latency.ts'
import type { Evidence, Peer } from './peer.ts'

/** As many as a peer has links to choose among, about. */
const NEWEST = 16
/** Round trips are compared in steps of so many milliseconds. */
const STEP = 50

export class Candidates implements Evidence {
  readonly #context: Context
  /** Those that came last, gone or not: what `fresh` chooses among, as whoever asks at an entrance for anybody would. */
  readonly #newest: Peer[] = []

  constructor(context: Context) {
    this.#context = context
  }

  of(peer: Peer): readonly Candidate[] {
    const { scenario, now } = this.#context
    const candidates: Candidate[] = []
    for (const other of scenario.choose === 'fresh' ? this.#newest : peer.links) {
      if (other !== peer && peer.reaches(other)) candidates.push(this.#evidence(peer, other, now))
    }
    return candidates
  }

  /** It has just come. */
  came(peer: Peer): void {
    this.#newest.push(peer)
    if (this.#newest.length > NEWEST) this.#newest.shift()
  }

  #evidence(peer: Peer, other: Peer, now: Millis): Candidate {
    const { id } = other
    const up = now - other.born
    const { scenario, latency } = this.#context
    switch (scenario.choose) {
      case 'oldest':
        return { id, up, load: other.held, rtt: latency.roundTrip(peer.place, other.place) }
      case 'fresh':
        // Of the same age as far as the ranking can tell, it is the less burdened one that is taken.
        return { id, up: 0, load: up, rtt: 0 }
      case 'closest':
        return { id, up: 0, load: (peer.place.key ^ other.place.key) >>> 0, rtt: 0 }
      case 'random':
        return { id, up: 0, load: 0, rtt: STEP * mix(peer.random.bits() ^ other.number) }
    }
  }
}
