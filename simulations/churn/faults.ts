/** Faults: what a scenario has go wrong, at its moment. */
import { unreachable } from '#protocols/machine'
import type { Happening } from '../report/run.ts'
import type { Fault } from '../scenario/scenario.ts'
import { tide } from '../scenario/tide.ts'
import type { Colony } from './colony.ts'
import type { Peer } from './peer.ts'
import type { Population } from './population.ts'

export class Faults {
  readonly #colony: Colony
  readonly #population: Population

  constructor(colony: Colony, population: Population) {
    this.#colony = colony
    this.#population = population
  }

  /** @param start when what is measured begins */
  plan(faults: readonly Fault[], start: number): Happening[] {
    for (const fault of faults) this.#colony.at(start + fault.at, () => this.#begin(fault))
    return faults.map((fault) => ({
      at: fault.at,
      span: 'span' in fault ? fault.span : 0,
      what: describe(fault),
    }))
  }

  #begin(fault: Fault): void {
    const colony = this.#colony
    switch (fault.type) {
      case 'kill':
        return this.#burst(this.#some(fault.share))
      case 'region':
        return this.#burst(this.#near(fault.share))
      case 'partition':
        return this.#partition(this.#some(fault.share), fault.span)
      case 'freeze':
        return this.#freeze(this.#some(fault.share), fault.span)
      case 'flash-crowd':
        return this.#population.crowd(Math.round(colony.peers.length * (fault.factor - 1)), fault.span)
      case 'exodus':
        for (const peer of this.#some(fault.share)) {
          const graceful = !peer.random.chance(colony.scenario.ungraceful)
          colony.after(peer.random.unit() * fault.span, () => this.#population.depart(peer, graceful))
        }
        return
      case 'bootstrap-down':
        this.#population.deadUntil = colony.now + fault.span
        return
      case 'day-night':
        this.#population.tide = tide(fault, colony.now)
        return
      default:
        return unreachable(fault)
    }
  }

  /** All at once: what theory expects is that of a state all copies are hit. */
  #burst(hit: readonly Peer[]): void {
    const { ledger, tally, peers } = this.#colony
    const share = hit.length / peers.length
    for (const { copies } of ledger.states.values()) tally.counts.burstExpected += share ** copies.length
    const before = ledger.states.size
    for (const peer of hit) this.#population.depart(peer, false)
    tally.counts.burstLost += before - ledger.states.size
  }

  #partition(cut: readonly Peer[], span: number): void {
    const colony = this.#colony
    for (const peer of cut) {
      peer.cut = true
      peer.apart = true
      colony.web.part(peer)
    }
    colony.ledger.reconsider()
    this.#silence(cut)
    colony.after(span, () => {
      for (const peer of cut) peer.cut = false
      colony.ledger.reconsider()
      // Links come up again: everyone hears who is there.
      for (const peer of [...colony.peers]) {
        colony.web.fill(peer)
        colony.introduce(peer)
      }
    })
  }

  #freeze(frozen: readonly Peer[], span: number): void {
    const colony = this.#colony
    for (const peer of frozen) {
      peer.apart = true
      peer.pause = { since: colony.now, waiting: [], unheard: [] }
      colony.web.part(peer)
    }
    colony.ledger.reconsider()
    this.#silence(frozen)
    colony.after(span, () => {
      for (const peer of frozen) if (peer.alive) colony.thaw(peer)
      colony.ledger.reconsider()
      for (const peer of frozen) {
        if (peer.alive) colony.web.fill(peer)
        colony.introduce(peer)
      }
    })
  }

  /** Those that watch them, or are watched by them, hear nothing any more. */
  #silence(gone: readonly Peer[]): void {
    const { byId, silence } = this.#colony
    for (const peer of gone) {
      for (const id of silence.partnersOf(peer)) {
        const partner = byId.get(id)
        if (partner === undefined) continue
        silence.begin(partner, peer)
        silence.begin(peer, partner)
      }
    }
  }

  #some(share: number): Peer[] {
    const { peers, random } = this.#colony
    const all = [...peers]
    const count = Math.round(share * all.length)
    for (let n = 0; n < count; n++) {
      const other = n + random.below(all.length - n)
      ;[all[n], all[other]] = [all[other] as Peer, all[n] as Peer]
    }
    return all.slice(0, count)
  }

  /** Those that are nearest to one of them; without places, neighbours in the keyspace. */
  #near(share: number): Peer[] {
    const { peers, random, scenario } = this.#colony
    const centre = random.pick(peers)
    const far = (peer: Peer) => {
      if (scenario.latency.kind !== 'coordinates') return (peer.place.key ^ centre.place.key) >>> 0
      const [x, y] = [peer.place.x - centre.place.x, peer.place.y - centre.place.y]
      return x * x + y * y
    }
    return [...peers].sort((a, b) => far(a) - far(b)).slice(0, Math.round(share * peers.length))
  }
}

function describe(fault: Fault): string {
  const share = 'share' in fault ? `${Math.round(fault.share * 100)} %` : ''
  switch (fault.type) {
    case 'kill':
      return `${share} of all crash`
    case 'region':
      return `a region with ${share} of all crashes`
    case 'partition':
      return `${share} of all are cut off`
    case 'freeze':
      return `${share} of all stand still`
    case 'flash-crowd':
      return `a crowd: ${fault.factor} times as many`
    case 'exodus':
      return `${share} of all leave`
    case 'bootstrap-down':
      return 'the bootstrap is dead'
    case 'day-night':
      return `day and night: arrivals by ${share} more and less`
  }
}
