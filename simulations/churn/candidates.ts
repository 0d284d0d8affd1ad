/**
 * What a peer knows of those it is linked to, as evidence for whom to appoint. The ranking is the machine's own; other
 * choices than the shipped one are had by other evidence.
 */
import type { Candidate, Input } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Scenario } from '../scenario/scenario.ts'
import type { Latency } from './latency.ts'
import { mix } from './latency.ts'
import type { Peer } from './peer.ts'

/** An age that is beyond all that happen, so that what is less than it can be turned round. */
const AGES = 2 ** 32
/** Round trips are compared in steps of so many milliseconds. */
const STEP = 50

export class Candidates {
  readonly #scenario: Scenario
  readonly #latency: Latency

  constructor(scenario: Scenario, latency: Latency) {
    this.#scenario = scenario
    this.#latency = latency
  }

  of(peer: Peer, now: Millis): Input {
    const candidates: Candidate[] = []
    for (const other of peer.links) if (peer.reaches(other)) candidates.push(this.#evidence(peer, other, now))
    return { type: 'candidates', candidates }
  }

  #evidence(peer: Peer, other: Peer, now: Millis): Candidate {
    const { id } = other
    const up = now - other.born
    switch (this.#scenario.choose) {
      case 'oldest':
        return { id, up, load: other.held, rtt: this.#latency.roundTrip(peer.place, other.place) }
      case 'fresh':
        return { id, up: AGES / (1 + up), load: 0, rtt: 0 }
      case 'closest':
        return { id, up: 0, load: (peer.place.key ^ other.place.key) >>> 0, rtt: 0 }
      case 'random':
        return { id, up: 0, load: 0, rtt: STEP * mix(peer.random.bits() ^ other.number) }
    }
  }
}
