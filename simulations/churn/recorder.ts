/** The recorder: what a run looks like from moment to moment, and of a small colony the picture itself. */
import type { Millis } from '#protocols/machine'
import type { Frame } from '../report/run.ts'
import type { Colony } from './colony.ts'
import type { Population } from './population.ts'

/** Moments of a run, and pictures. */
const MOMENTS = 240
const PICTURES = 240
/** Beyond so many peers a picture is a blot. */
const FEW = 200
const MAX_NEWS = 4
/** What began small and grew beyond so many is not drawn any more. */
const MOST = 400

export class Recorder {
  readonly #colony: Colony
  readonly #population: Population
  readonly #start: Millis
  readonly #span: Millis
  readonly #pictures: boolean
  #before = { lost: 0, lookups: 0, good: 0, bytes: 0, links: 0, at: 0 }
  #news: string[] = []
  #crowd: Set<number> = new Set()

  /** @param span of what is measured, from `start` on */
  constructor(colony: Colony, population: Population, start: Millis, span: Millis) {
    this.#colony = colony
    this.#population = population
    this.#start = start
    this.#span = span
    this.#pictures = colony.scenario.nodes < FEW
  }

  begin(): void {
    for (let n = 0; n <= MOMENTS; n++) {
      this.#colony.at(this.#start + (this.#span * n) / MOMENTS, () => this.#moment())
    }
    if (!this.#pictures) return
    for (let n = 0; n <= PICTURES; n++) {
      this.#colony.at(this.#start + (this.#span * n) / PICTURES, () => this.#picture())
    }
  }

  #moment(): void {
    const colony = this.#colony
    const { counts, moments } = colony.tally
    colony.ledger.pass()
    const at = colony.now - this.#start
    const lost = counts.lossesAvoidable + counts.lossesUnavoidable + counts.lossesNewborn
    const bytes = counts.bytesMaintenance + counts.bytesRepair + counts.bytesUpdate + counts.bytesLookup
    const { lookups, lookupsGood: good, linksOpened: links } = counts
    const before = this.#before
    const seconds = (at - before.at) / 1_000
    const population = colony.peers.length
    moments.push({
      at,
      population,
      states: colony.ledger.states.size,
      underReplicated: colony.ledger.underReplicated,
      lost: lost - before.lost,
      lookups: lookups - before.lookups,
      lookupFailures: lookups - before.lookups - (good - before.good),
      bytesPerNode: seconds > 0 && population > 0 ? (bytes - before.bytes) / seconds / population : 0,
      links: links - before.links,
      connections: this.#population.connections,
    })
    this.#before = { lost, lookups, good, bytes, links, at }
  }

  #picture(): void {
    const { peers, ledger, byId, tally, now } = this.#colony
    // A crowd came.
    if (peers.length > MOST) return
    const crowd = new Set(peers.map(({ number }) => number))
    const came = [...crowd].filter((number) => !this.#crowd.has(number)).length
    const went = [...this.#crowd].filter((number) => !crowd.has(number)).length
    if (came > 0) this.#news.push(`${came} came`)
    if (went > 0) this.#news.push(`${went} went`)
    this.#crowd = crowd
    const copies: Frame['copies'] = []
    for (const { owner, writers, copies: all } of ledger.states.values()) {
      const writer = writers[0]
      if (writer === undefined) continue
      const of = byId.get(owner)?.number ?? -1
      for (const { number } of all)
        if (number !== writer.number) copies.push({ from: writer.number, to: number, owner: of })
    }
    tally.frames.push({
      at: now - this.#start,
      nodes: peers.map(({ number, frozen, cut }) => ({
        id: number,
        state: frozen ? 'frozen' : cut ? 'cut' : 'up',
      })),
      copies,
      news: this.#news.splice(0).slice(0, MAX_NEWS),
    })
  }
}
