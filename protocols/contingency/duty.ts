/**
 * A duty: what one peer has to do with one owner's state, and the part it plays.
 *
 * There are three parts. Who *writes* keeps holders warm and beats: that is the owner, or whoever stands in.
 * Who *holds* keeps a copy and watches the writer, to claim its place at the rank it was given. An owner that
 * comes back is *returning*: it gathers what is held for it before it writes. A duty changes its part only for
 * a greater epoch, proven by a chain; nothing of lesser epochs is believed, only told of the greater one. A
 * session whose owner writes from another device is *superseded*: it waits to be started again.
 */
import { plus } from '../lists.ts'
import type { Millis } from '../machine.ts'
import { type Entry, SPAN, Store, type StoreFault, type Version } from '../state/index.ts'
import { proves } from './chain.ts'
import type { Config } from './config.ts'
import { compareEpochs, type Epoch } from './epoch.ts'
import type { Delegation, Inner, Message, Of } from './messages.ts'
import type { Candidate } from './ranking.ts'
import type { Watch } from './watch.ts'

export type Part = 'returning' | 'writing' | 'holding' | 'superseded'

export type Effect =
  | { type: 'send'; to: string; message: Message }
  /** Keep this before anything that is sent after it. */
  | { type: 'persist'; entries: readonly Entry[] }
  /** What this session wrote and others' later writes have replaced. */
  | { type: 'overruled'; entries: readonly Entry[] }
  /** `holder` has everything up to counter `upTo` of this session's writes. */
  | { type: 'backed'; holder: string; upTo: number }
  | { type: 'changed' }
  /** Somebody else may write whom nobody here has heard of. */
  | { type: 'seek' }
  /** Nothing is left to do: forget this duty and its copy. */
  | { type: 'drop' }

/** What a duty knows of the peer whose it is. */
export interface Home {
  self: string
  /** Random name of this running instance. */
  session: string
  config: Config
  /** Who could be appointed, at this moment. */
  candidates(): readonly Candidate[]
  /** Own first contingent, to be offered as the next rank. */
  successor(): string | undefined
  /** Bytes that may still be held for others. */
  room(): number
  /** This peer woke a moment ago: what it hears may have been said long before, and says nothing of now. */
  isSleepy(now: Millis): boolean
}

/** What most duties have to say most of the time, and there are very many. */
const NOTHING: Effect[] = []
const NO_RIGHT: readonly Delegation[] = []
const NO_HOLDERS: readonly string[] = []
/** Of a delegation that the driver has yet to sign. */
const UNSIGNED = new Uint8Array()
/** Entries of one delta: as many as fit, by count and bytes. */
const CHUNK_ENTRIES = 128
const CHUNK_BYTES = 24_576
/** Effects of most inputs. */
const FEW = 4
/** Copies that grew apart may together be larger than each may be. */
const APART = 2

export class Duty {
  readonly owner: string
  readonly home: Home
  readonly store: Store
  part: Part
  epoch: Epoch
  /** What proves the epoch to others. The owner's proof is a link to itself. */
  chain: readonly Delegation[] = NO_RIGHT
  /** By what right this peer holds or stands in. */
  right: readonly Delegation[] = NO_RIGHT
  /** The holders in rank order, as the writer last said. */
  roster: readonly string[] = NO_HOLDERS
  /** Everything up to this counter was received from the present writer. */
  have = 0
  /**
   * When the owner was last heard, by us or by who appointed us; else when this duty began. Without the first a state
   * would be kept for ever, by ever new holders.
   */
  ownerHeard: Millis
  /** Of a holder, on the writer. */
  watch: Watch | undefined
  #effects: Effect[] = NOTHING

  constructor(owner: string, home: Home, part: Part, epoch: Epoch, heard: Millis) {
    this.owner = owner
    this.home = home
    this.part = part
    this.epoch = epoch
    this.ownerHeard = heard
    this.store = new Store(home.config.caps)
  }

  get isOwner(): boolean {
    return this.owner === this.home.self
  }

  /** This peer answers for an owner who is away. */
  get isStandIn(): boolean {
    return this.part === 'writing' && !this.isOwner
  }

  /**
   * Of the next write: beyond all that was seen, and of all that any lesser epoch may have written unseen. What
   * another session wrote in the same epoch number would not be older for sure, so it is left behind.
   */
  get next(): Version {
    const { session } = this.home
    const { top } = this.store
    const epoch = this.epoch.n + (this.part === 'returning' ? 1 : 0)
    const after = this.store.written(top, session) ? top + 1 : (Math.floor(top / SPAN) + 1) * SPAN
    return { n: Math.max(after, epoch * SPAN), by: session }
  }

  /** Why these cannot be written now, if they cannot. */
  faultOf(entries: readonly Entry[]): StoreFault | 'outdated' | 'superseded' | undefined {
    const { n: least, by: session } = this.next
    if (this.part === 'superseded') return 'superseded'
    return entries.some(({ n, by }) => n < least || by !== session) ? 'outdated' : this.store.refuses(entries)
  }

  /** When all is forgotten. */
  get forgetAt(): Millis {
    return this.isOwner || this.hearsOwner
      ? Number.POSITIVE_INFINITY
      : this.ownerHeard + this.home.config.keep
  }

  /** The owner writes, and whoever watches it in our place has not said that it is silent. */
  get hearsOwner(): boolean {
    return this.part === 'holding' && this.epoch.writer === this.owner && this.watch?.quiet === true
  }

  /** A greater epoch, and what proves it. */
  begin(epoch: Epoch, chain: readonly Delegation[], now: Millis): void {
    if (this.hearsOwner) this.ownerHeard = now
    // Those that count on us know of nobody else: they would miss us, and claim.
    const counting = this.isStandIn ? this.roster : NO_HOLDERS
    this.epoch = epoch
    this.chain = chain
    for (const holder of counting) if (holder !== epoch.writer) this.fence(holder)
  }

  effect(effect: Effect): void {
    if (this.#effects.length < FEW) this.#effects = plus(this.#effects, effect)
    else this.#effects.push(effect)
  }

  /** Nothing has come of what was done last. */
  get idle(): boolean {
    return this.#effects.length === 0
  }

  drain(): readonly Effect[] {
    const effects = this.#effects
    this.#effects = NOTHING
    return effects
  }

  /** What every message of this duty begins with. Who gathers does not yet write in any epoch, and claims none. */
  get head(): { owner: string; epoch: Epoch } {
    const { owner, epoch } = this
    return { owner, epoch: this.part === 'returning' ? { ...epoch, n: 0 } : epoch }
  }

  /** How far this copy is, and what is in it. */
  get copy(): { have: number; digest: string } {
    const have = this.part === 'holding' ? this.have : this.store.top
    return { have, digest: this.store.digest }
  }

  send(to: string, message: Message): void {
    if (to !== this.home.self) this.effect({ type: 'send', to, message })
  }

  /** What others sent: merged, and kept. @returns what was new, or `undefined` when there is no room for all of it */
  absorb(entries: readonly Entry[]): readonly Entry[] | undefined {
    if (this.store.refuses(entries, APART) !== undefined) return undefined
    // What is here already takes no room: a full peer must be able to take the little that it lacks.
    const full = !this.isOwner && this.store.growth(entries) > Math.max(0, this.home.room())
    return full ? undefined : this.merge(entries)
  }

  /** Merges and keeps what is new. */
  merge(entries: readonly Entry[]): readonly Entry[] {
    const ours = entries.flatMap(({ key }) => this.store.get(key) ?? [])
    const fresh = this.store.merge(entries)
    if (fresh.length > 0) this.effect({ type: 'persist', entries: fresh })
    const { session } = this.home
    const lost = ours.filter(({ key, by }) => by === session && this.store.get(key)?.by !== session)
    if (lost.length > 0) this.effect({ type: 'overruled', entries: lost })
    return fresh
  }

  /** Sends everything with counters in (from, top], in pieces that each stand alone. */
  sendDelta(to: string, from: number): void {
    let start = from
    let chunk: Entry[] = []
    let bytes = 0
    const flush = (end: number, last: boolean) => {
      this.send(to, { type: 'delta', ...this.head, from: start, to: end, last, entries: chunk })
      start = end
      chunk = []
      bytes = 0
    }
    for (const entry of this.store.since(from)) {
      // A piece may end only between counters, or entries of the same counter would be skipped.
      const full = chunk.length >= CHUNK_ENTRIES || bytes + entry.body.byteLength > CHUNK_BYTES
      const last = chunk.at(-1)
      if (full && last !== undefined && last.n < entry.n) flush(last.n, false)
      chunk.push(entry)
      bytes += entry.body.byteLength
    }
    flush(Math.max(from, this.store.top), true)
  }

  /** Whether `epoch` is greater than ours and was rightly begun. */
  believes(epoch: Epoch, chain: readonly Delegation[]): boolean {
    return compareEpochs(epoch, this.epoch) > 0 && proves(this.owner, epoch, chain)
  }

  /** Tells someone who is behind, or who may not know who writes. */
  fence(to: string): void {
    this.send(to, { type: 'fenced', ...this.head, chain: [...this.chain] })
  }

  /** Says to a writer or a returning owner that there is a copy here. */
  offer(to: string): void {
    this.send(to, { type: 'held', ...this.head, ...this.copy, chain: [...this.right] })
  }

  /** Whether `from` is who writes now. */
  isWriter(from: string, epoch: Epoch): boolean {
    return from === this.epoch.writer && compareEpochs(epoch, this.epoch) === 0
  }

  /** The right of this duty's holder at `rank`; the driver signs its last link. */
  delegate(to: string, rank: number): Delegation[] {
    const { owner, epoch, home } = this
    const { n, session } = epoch
    const link = { owner, by: home.self, to, n, session, rank, expires: 0, proof: UNSIGNED }
    return plus(this.right, link)
  }
}

/** One part's reaction; the machine calls them. */
export interface Play {
  take(from: string, message: Inner, now: Millis): void
  /** Whether it matters that a link to that peer came up, or that it fell silent. */
  concerns(peer: string): boolean
  /** Whether it matters that the link to that peer closed. */
  misses(peer: string): boolean
  /** A link to `peer` is there. */
  linked?(peer: string, now: Millis): void
  /** That peer may write, or hold a copy of, this state. `news` tells one such hint from another. */
  hint?(peer: string, now: Millis, news: string): void
  /** Somebody who watches in our place has not heard `peer` for too long. */
  silent?(peer: string, now: Millis): void
  /** The link to `peer` closed. */
  closed?(peer: string, now: Millis): void
  /** This peer itself was frozen for a while: nobody else's silence means anything. */
  woke?(now: Millis): void
  /** Goodbye. */
  leave?(now: Millis): void
  /** Gives this duty up, if somebody else can go on with it. @returns who does */
  resign?(now: Millis): string | undefined
  tick(now: Millis): void
  nextDeadline(): Millis | undefined
  /** Peers that are kept in mind, which is bounded. */
  readonly minds: number
  /** Of a writer: how many hold for it. */
  readonly size?: number
  /** Of a writer: a place among its holders is free, and whoever is linked next may have it. */
  readonly wanted?: boolean
}

export type Appointment = Of<'appoint'>

/** Takes the writer's place in that epoch. `left`: it said goodbye, and is not told. */
export type Claim = (duty: Duty, epoch: Epoch, now: Millis, left: boolean) => void
