/**
 * The directory: the DHT in which registrations lie, and the look-ups that are made in it. Everyone has a routing table;
 * who registers and is sought is a sample of the peers, always the same ones, because one registration knows nothing of
 * another: what is said of them is said of all, and their traffic counts for all.
 */
import { compareEpochs, type Output } from '#protocols/contingency/index'
import type { Draft } from '#protocols/registration/index'
import { LIFE } from '#protocols/registration/index'
import { type Distribution, distribution } from '../chance/distributions.ts'
import type { Colony } from './colony.ts'
import { Contacts } from './contacts.ts'
import { type Walk, walk } from './kademlia.ts'
import { mix } from './latency.ts'
import type { Peer } from './peer.ts'
import { Registrar } from './registrar.ts'
import { ANSWER, RECORD, REQUEST } from './sizes.ts'

/** Who is not found by then is not found, in milliseconds. */
const PATIENCE = 4_000

export class Directory {
  readonly #colony: Colony
  /** Of all peers, the share that is in the sample. */
  readonly share: number
  /** From one look-up of a peer to the next. */
  readonly #wait: Distribution
  /** Those of the sample that are there. */
  readonly #sample: Peer[] = []

  constructor(colony: Colony) {
    const { sample, nodes, lookups } = colony.scenario
    this.#colony = colony
    this.#wait = distribution({ kind: 'exponential', mean: 3_600 / Math.max(lookups, 1e-9) })
    this.share = lookups > 0 ? Math.min(1, sample / nodes) : 0
  }

  /** Whether look-ups are simulated at all. */
  get isOn(): boolean {
    return this.share > 0
  }

  /** A peer enters by those that it was introduced to. */
  join(peer: Peer): void {
    if (!this.isOn) return
    const { kademlia } = this.#colony.scenario
    peer.contacts = new Contacts(peer.place.key, peer, kademlia.k)
    for (const other of peer.links) {
      if (other.contacts === undefined) continue
      peer.contacts.add(other.contacts.self)
      other.contacts.add(peer.contacts.self)
    }
    this.#refresh(peer)
    this.#again(peer)
    if (this.#isOfSample(peer.id)) {
      this.#sample.push(peer)
      this.#seek(peer)
    }
  }

  leave(peer: Peer, graceful: boolean): void {
    if (peer.contacts === undefined) return
    if (graceful) peer.registrar?.give({ type: 'leave' })
    peer.contacts.self.peer = undefined
    const at = this.#sample.indexOf(peer)
    if (at < 0) return
    const last = this.#sample.pop() as Peer
    if (last !== peer) this.#sample[at] = last
  }

  /** What a peer is to a state has changed, or is in doubt: its registrar hears of it if the state is of the sample. */
  changed(peer: Peer, change: Extract<Output, { type: 'changed' | 'dropped' | 'seek' }>): void {
    const { owner } = change
    if (!this.isOn || peer.contacts === undefined || !this.#isOfSample(owner)) return
    if (change.type === 'seek') return this.#look(peer, owner)
    peer.registrar ??= new Registrar(this.#colony, peer, {
      put: (from, draft) => this.#put(from, draft),
      look: (from, sought) => this.#look(from, sought),
    })
    if (change.type === 'changed' && change.part === 'writing') {
      const { epoch, roster: contingents, chain } = change
      peer.registrar.give({ type: 'writes', owner, writing: { epoch, contingents, chain } })
    } else peer.registrar.give({ type: 'yields', owner })
    peer.registrar.holds(owner, change.type === 'changed' && change.part === 'holding')
  }

  /** Looks for a peer, and says whether and how soon it was found. */
  find(from: Peer, target: Peer): { found: boolean; millis: number; rounds: number } {
    const { latency } = this.#colony
    if (from.links.includes(target)) {
      return { found: true, millis: latency.roundTrip(from.place, target.place), rounds: 0 }
    }
    // Neighbours say whom they are linked to (`node/link/neighbours.ts`): whoever is tells, or carries.
    const by = target.links.find(
      (link) => link.alive && !link.frozen && link.reaches(from) && from.links.includes(link),
    )
    if (by !== undefined && !target.frozen && by.reaches(target)) {
      const millis = latency.roundTrip(from.place, by.place) + latency.roundTrip(by.place, target.place)
      return { found: true, millis, rounds: 0 }
    }
    const sought = target.contacts?.self
    if (
      target.alive &&
      from.contacts?.nearest(target.place.key).some((contact) => contact === sought) === true
    ) {
      return { found: true, millis: latency.roundTrip(from.place, target.place), rounds: 0 }
    }
    const { found, millis, rounds, ...cost } = walk(this.#colony, from, target.place.key, (answers, told) => {
      const draft = this.#recordOf(answers, target.id)
      return (
        (draft?.gone === false && draft.epoch.session === target.session) ||
        told.some((one) => one === sought)
      )
    })
    this.#charge(from, cost, 'bytesLookup')
    const all = millis + latency.roundTrip(from.place, target.place)
    return { found: found && from.reaches(target) && !target.frozen && all <= PATIENCE, millis: all, rounds }
  }

  #isOfSample(id: string): boolean {
    return mix(Number.parseInt(id.slice(0, 7), 36)) < this.share * 2 ** 32
  }

  /** A look-up of its own key, and one of any other. */
  #refresh(peer: Peer): void {
    const colony = this.#colony
    for (const key of [peer.place.key, peer.random.bits()]) {
      this.#charge(peer, walk(colony, peer, key), 'bytesMaintenance', 1)
    }
  }

  #again(peer: Peer): void {
    const { refresh } = this.#colony.scenario.kademlia
    this.#colony.after(refresh * (0.75 + peer.random.unit() / 2), () => {
      if (!peer.alive) return
      if (!peer.frozen) this.#refresh(peer)
      this.#again(peer)
    })
  }

  #seek(peer: Peer): void {
    this.#colony.after(this.#wait.draw(peer.random) * 1_000, () => {
      if (!peer.alive) return
      const target = this.#sample[peer.random.below(this.#sample.length)] as Peer
      if (target !== peer && !peer.frozen && !target.frozen && peer.reaches(target))
        this.#measure(peer, target)
      this.#seek(peer)
    })
  }

  #measure(peer: Peer, target: Peer): void {
    const colony = this.#colony
    const { counts, sketches } = colony.tally
    const { found, millis, rounds } = this.find(peer, target)
    colony.note(target.number, rounds)
    counts.lookups += 1
    if (!found) return
    counts.lookupsGood += 1
    counts.lookupRounds += rounds
    colony.sample(sketches.lookup, millis)
  }

  #put(peer: Peer, draft: Draft): void {
    const colony = this.#colony
    const result = walk(colony, peer, Number.parseInt(draft.owner.slice(0, 7), 36) >>> 0)
    this.#charge(peer, result, 'bytesMaintenance')
    const bytes = (result.nearest.length * RECORD) / this.share
    colony.tally.counts.bytesMaintenance += bytes
    peer.bytes += result.nearest.length * RECORD
    const expires = colony.now + LIFE
    let stands: Draft | undefined
    let copies = 0
    for (const keeper of result.nearest) {
      const contacts = keeper.contacts as Contacts<Peer>
      contacts.records ??= new Map()
      const before = this.#recordOf(keeper, draft.owner)
      const older = before !== undefined && order(before, draft) > 0
      if (!older) {
        contacts.records.set(draft.owner, { draft, expires })
        copies += 1
      } else if (stands === undefined || order(before, stands) > 0) stands = before
    }
    if (draft.gone) return
    const { owner, sequence } = draft
    colony.after(result.millis, () => {
      if (!peer.alive) return
      peer.registrar?.give({ type: 'put', owner, sequence, copies })
      // Others may keep one that stands and not ours.
      if (stands !== undefined) this.#hint(peer, stands)
    })
  }

  #look(peer: Peer, owner: string): void {
    let found: Draft | undefined
    const result = walk(this.#colony, peer, Number.parseInt(owner.slice(0, 7), 36) >>> 0, (answers) => {
      const draft = this.#recordOf(answers, owner)
      if (draft !== undefined && (found === undefined || order(draft, found) > 0)) found = draft
      return false
    })
    this.#charge(peer, result, 'bytesMaintenance')
    const { millis } = result
    if (found !== undefined) this.#colony.after(millis, () => found !== undefined && this.#hint(peer, found))
  }

  /** Its machine hears who is registered, if that is news to it. */
  #hint(peer: Peer, { owner, epoch }: Draft): void {
    const duty = peer.machine.duty(owner)
    if (!peer.alive || duty === undefined) return
    if (duty.part !== 'returning' && compareEpochs(epoch, duty.epoch) === 0) return
    this.#colony.give(peer, { type: 'hint', owner, peer: epoch.writer, epoch })
  }

  #recordOf(peer: Peer, owner: string): Draft | undefined {
    const record = peer.contacts?.records?.get(owner)
    return record !== undefined && record.expires > this.#colony.now ? record.draft : undefined
  }

  /** @param share of the sample, for what only the sample does */
  #charge(
    peer: Peer,
    { requests, answers }: Pick<Walk, 'requests' | 'answers'>,
    to: 'bytesMaintenance' | 'bytesLookup',
    share = this.share,
  ): void {
    // Whoever answers is anybody; so on the average everyone answers as much as it asks.
    const bytes = requests * REQUEST + answers * ANSWER
    peer.bytes += bytes
    this.#colony.tally.counts[to] += bytes / share
  }
}

/** Which of two of one owner stands. */
function order(a: Draft, b: Draft): number {
  return compareEpochs(a.epoch, b.epoch) || a.sequence - b.sequence
}
