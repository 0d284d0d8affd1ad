/**
 * The population: who comes, how long it stays, how it goes, and whether the same peer is back later. It begins with as
 * many sessions under way as a system shows that has long been running, and goes on with arrivals at random.
 */
import type { Millis } from '#protocols/machine'
import type { Entry } from '#protocols/state/index'
import { type Distribution, distribution } from '../chance/distributions.ts'
import { HIGH } from '../scenario/tide.ts'
import type { Session } from '../scenario/trace.ts'
import type { Colony } from './colony.ts'
import type { Directory } from './directory.ts'
import type { Peer } from './peer.ts'

/** Those that are there at the beginning have come within so long. */
const ONSET = 20_000
/** A visit to the bootstrap: until one stands without it (`node/entrance/hanging-up.ts`: it asks once a minute). */
const VISIT = 60_000
/** Connections that a bootstrap keeps (`bootstrap/anchors.ts`). */
export const ANCHORS = 32
/** What the bootstrap takes and sends for one: its introduction, doorplate, handshakes that it relays, leave to go. */
const MESSAGES = 12
/** Round trips from a connection to the bootstrap until one is linked. */
const ENTERING = 5
/** After the bootstrap is back those that wait knock within so long (`protocols/entrance/`). */
const KNOCKS = 30_000
const BODY = new Uint8Array(8)

/** What a peer that is away has kept. */
interface Kept {
  id: string
  entries: readonly Entry[]
  n: number
  known: readonly string[]
}

export class Population {
  readonly #colony: Colony
  readonly #directory: Directory
  readonly #session: Distribution
  readonly #away: Distribution | undefined
  readonly #wait: Distribution
  readonly #trip: Millis
  #writes = 0
  /** Those that came since the bootstrap was last looked at, and shortly before, in the order in which they came. */
  readonly #came: Peer[] = []
  /** Until when the bootstrap is dead. */
  deadUntil: Millis = Number.NEGATIVE_INFINITY
  /** Arrivals that are drawn, over their mean; of these some do not come. */
  readonly #high: number
  /** Arrivals now, over their mean. */
  tide: (at: Millis) => number = () => 1
  readonly sessionMean: number

  constructor(colony: Colony, directory: Directory, trip: Millis) {
    const { scenario } = colony
    this.#colony = colony
    this.#directory = directory
    this.#trip = trip
    this.#session = distribution(scenario.session)
    this.#away = scenario.away === undefined ? undefined : distribution(scenario.away)
    this.sessionMean = this.#session.mean
    this.#high = scenario.faults.some(({ type }) => type === 'day-night') ? HIGH : 1
    this.#wait = distribution({ kind: 'exponential', mean: 3_600 / Math.max(scenario.writes, 1e-9) })
  }

  /** Those that are there at the beginning. @param sessions observed ones take the place of what is drawn */
  begin(start: Millis, sessions?: readonly Session[]): void {
    const { scenario, random } = this.#colony
    if (sessions !== undefined) {
      for (const { at, span, end } of sessions) {
        this.#colony.at(start + at, () => this.#arrive(span, end === 'goodbye'))
      }
      return
    }
    for (let n = 0; n < scenario.nodes; n++) {
      const { age, rest } = this.#session.drawUnderWay(random)
      this.#colony.at((ONSET * n) / scenario.nodes, () =>
        this.#settle(rest * 1_000, undefined, undefined, age * 1_000),
      )
    }
    if (this.#away === undefined) return this.#next()
    const absent = Math.round((scenario.nodes * this.#away.mean) / this.#session.mean)
    for (let n = 0; n < absent; n++) {
      const { rest } = this.#away.drawUnderWay(random)
      this.#colony.at(ONSET + rest * 1_000, () => this.#arrive())
    }
  }

  /** WebSockets that the bootstrap holds now: of those that have just come, and of its anchors. */
  get connections(): number {
    const { peers, now } = this.#colony
    if (now < this.deadUntil) return 0
    const first = this.#came.findIndex(({ came }) => now - came < VISIT)
    this.#came.splice(0, first < 0 ? this.#came.length : first)
    const visiting = this.#came.filter(({ alive }) => alive).length
    return Math.min(peers.length, visiting + ANCHORS)
  }

  /** So many more within `span`. */
  crowd(count: number, span: Millis): void {
    for (let n = 0; n < count; n++)
      this.#colony.after(this.#colony.random.unit() * span, () => this.#arrive())
  }

  /** @param goodbye whether it would say one; who stands still cannot */
  depart(peer: Peer, goodbye: boolean): void {
    if (!peer.alive) return
    const colony = this.#colony
    const graceful = goodbye && !peer.frozen
    if (graceful) colony.give(peer, { type: 'leave' })
    peer.leftInOrder = graceful
    const partners = colony.silence.partnersOf(peer)
    const kept = this.#keptOf(peer)
    this.#directory.leave(peer, graceful)
    colony.ledger.pass()
    colony.remove(peer)
    colony.ledger.gone(peer, graceful)
    colony.weigh(peer, colony.tally.sketches.bytesPerNode)
    colony.tally.counts.departures += 1
    if (graceful) colony.web.close(peer)
    else colony.web.lose(peer, partners)
    this.#mourn(peer, partners, graceful)
    if (graceful) peer.release()
    if (this.#away !== undefined)
      colony.after(this.#away.draw(colony.random) * 1_000, () => this.#arrive(undefined, undefined, kept))
  }

  /** Partners notice: by the end of its streams if it said goodbye, else by its silence. */
  #mourn(peer: Peer, partners: ReadonlySet<string>, graceful: boolean): void {
    const colony = this.#colony
    const phase = peer.random.unit()
    for (const id of partners) {
      const partner = colony.byId.get(id)
      if (partner === undefined || !partner.reaches(peer)) continue
      if (graceful) {
        // A stream ends after all that was said on it.
        const last = colony.streams.last(peer, partner)
        const end = colony.now + colony.latency.delay(peer.place, partner.place, partner.random)
        colony.at(Math.max(end, last) + 1, () => colony.unlinked(partner, peer))
      } else colony.silence.begin(partner, peer, phase, colony.now)
    }
  }

  #keptOf({ id, machine }: Peer): Kept | undefined {
    const duty = machine.duty(id)
    if (this.#away === undefined || duty === undefined) return undefined
    return { id, entries: [...duty.store.all()], n: duty.epoch.n, known: duty.roster }
  }

  /** Arrivals at random. */
  #next(): void {
    const { scenario, random } = this.#colony
    const mean = (this.#session.mean * 1_000) / scenario.nodes / this.#high
    this.#colony.after(distribution({ kind: 'exponential', mean }).draw(random), () => {
      if (random.chance(this.tide(this.#colony.now) / this.#high)) this.#arrive()
      this.#next()
    })
  }

  #arrive(span?: Millis, graceful?: boolean, kept?: Kept): void {
    const colony = this.#colony
    // A newcomer needs the bootstrap; who was here before knows others (`node/entrance/acquaintances.ts`).
    const back = this.deadUntil
    if (colony.now < back && kept === undefined) {
      const wait = back - colony.now + colony.random.unit() * KNOCKS
      return colony.after(wait, () => this.#arrive(span, graceful, kept))
    }
    const stay = span ?? this.#session.draw(colony.random) * 1_000
    const entering = ENTERING * this.#trip
    if (stay <= entering) return this.#glance()
    colony.after(entering, () => this.#settle(stay - entering, graceful, kept))
  }

  /** It went before it was linked to anyone. */
  #glance(): void {
    const { counts } = this.#colony.tally
    counts.sessions += 1
    counts.departures += 1
  }

  #settle(rest: Millis, graceful: boolean | undefined, kept?: Kept, age = ENTERING * this.#trip): void {
    const colony = this.#colony
    const { counts } = colony.tally
    // Its own name may be in use, if it is somewhere else already.
    if (kept !== undefined && colony.byId.has(kept.id)) return
    colony.ledger.pass()
    const peer = colony.settle(colony.now - age, kept?.id)
    this.#came.push(peer)
    counts.sessions += 1
    counts.bootstrapMessages += MESSAGES
    counts.bootstrapMillis += Math.min(VISIT, rest)
    colony.web.fill(peer)
    this.#directory.join(peer)
    const { entries = [], n = 0, known = [] } = kept ?? {}
    peer.apart = kept !== undefined
    colony.give(peer, { type: 'start', entries, n, known })
    if (entries.length === 0) this.#write(peer, 'state')
    this.#writeOn(peer)
    colony.after(rest, () => this.depart(peer, graceful ?? !peer.random.chance(colony.scenario.ungraceful)))
  }

  #writeOn(peer: Peer): void {
    if (this.#colony.scenario.writes === 0) return
    this.#colony.after(this.#wait.draw(peer.random) * 1_000, () => {
      if (!peer.alive) return
      this.#write(peer, 'note')
      this.#writeOn(peer)
    })
  }

  #write(peer: Peer, key: string): void {
    const next = peer.machine.next
    if (next === undefined || peer.frozen) return
    this.#colony.give(peer, {
      type: 'write',
      id: this.#writes++,
      entries: [{ key, n: next.n, by: next.by, body: BODY }],
    })
  }
}
