/**
 * The account: what is written down of every state by somebody who hears all real peers, by the same rules as in the
 * discrete world (`../churn/ledger.ts`), so that the figures of both can be held against each other.
 */
import type { Millis } from '#protocols/machine'
import { LAST_WORDS } from '../churn/ledger.ts'
import { add } from '../churn/sketch.ts'
import { type Tally, tally } from '../churn/tally.ts'
import { windowOf } from '../churn/theory.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { Guests, type Spent } from './guests.ts'
import type { Reach } from './reach.ts'
import type { Answer } from './resident.ts'
import type { Word } from './word.ts'

interface State {
  readonly owner: string
  readonly copies: Set<string>
  readonly writers: Set<string>
  /** Since when it has too few copies. */
  underSince: Millis | undefined
  /** Whether it ever had as many as it should. */
  grown: boolean
  /** Since when two write. */
  twoSince: Millis | undefined
  /** Its writer went at that moment, and nobody has taken its place. */
  vacant: { at: Millis; graceful: boolean } | undefined
}

export class Account {
  tally: Tally = tally()
  readonly #scenario: Scenario
  readonly #now: () => Millis
  readonly #reach: Reach
  readonly #window: Millis
  readonly #states = new Map<string, State>()
  readonly #guests = new Guests()
  /** When each crashed. */
  readonly #crashed = new Map<string, Millis>()
  /** States whose last copy was there left in order, and who that was. */
  readonly #bequeathed = new Map<State, { last: string; at: Millis }>()
  #under = 0
  #since: Millis
  #bytes = 0

  constructor(scenario: Scenario, now: () => Millis, reach: Reach) {
    this.#scenario = scenario
    this.#now = now
    this.#reach = reach
    this.#since = now()
    this.#window = windowOf(scenario)
  }

  get population(): number {
    return this.#guests.size
  }

  get states(): number {
    return this.#states.size
  }

  get underReplicated(): number {
    return this.#under
  }

  /** Bytes that all have sent, and links that they opened. */
  get spent(): Spent {
    const { bytes, links } = this.#guests.unweighed
    return { bytes: this.#bytes + bytes, links: this.tally.counts.linksOpened + links }
  }

  /** Everything before this was to get under way. */
  measure(): void {
    this.pass()
    this.tally = tally()
    this.tally.counts.sessions = this.population
    this.#bytes = 0
    const now = this.#now()
    for (const state of this.#states.values()) if (state.underSince !== undefined) state.underSince = now
    this.#guests.measure(now)
  }

  /** Adds up what the time since the last change was filled with. */
  pass(): void {
    const now = this.#now()
    const span = now - this.#since
    this.#since = now
    const { counts } = this.tally
    counts.peerMillis += span * this.population
    counts.stateMillis += span * this.states
    counts.underMillis += span * this.#under
    for (const [state, { last, at }] of this.#bequeathed) {
      if (now - at < LAST_WORDS) continue
      this.#bequeathed.delete(state)
      this.#lost(state, last, true)
    }
  }

  came(peer: string): void {
    this.pass()
    this.tally.counts.sessions += 1
    this.#guests.came(peer, this.#now())
  }

  heard(peer: string, word: Word): void {
    // A goodbye is said by who is as good as gone.
    if (word.type === 'said') return this.#count(word.counts)
    // What becomes of the copies of one that is gone is nothing to anyone.
    if (!this.#guests.has(peer)) return
    switch (word.type) {
      case 'keeps':
        return this.#keeps(peer, word.owner)
      case 'drops':
        return this.#drops(peer, word.owner)
      case 'plays': {
        const state = this.#states.get(word.owner)
        if (state === undefined || (word.part === 'writing') === state.writers.has(peer)) return
        return word.part === 'writing' ? this.#begins(state, peer) : this.#ends(state, peer)
      }
      case 'suspects': {
        const at = this.#crashed.get(word.writer)
        if (at === undefined || !this.#guests.suspects(peer, word.writer)) return
        return add(this.tally.sketches.detection, this.#now() - at)
      }
      case 'copies':
        this.tally.counts[word.whole ? 'bytesRepair' : 'bytesUpdate'] += word.bytes
        return
      case 'sent':
        this.#guests.sent(peer, { bytes: word.bytes, links: word.links })
    }
  }

  /** It is gone, and every copy that it had. */
  went(peer: string, graceful: boolean): void {
    this.pass()
    const now = this.#now()
    this.tally.counts.departures += 1
    this.#bytes += this.#guests.weigh(peer, now, this.tally)
    this.#guests.went(peer)
    if (!graceful) this.#crashed.set(peer, now)
    for (const state of this.#states.values()) {
      const wrote = state.writers.has(peer)
      this.#ends(state, peer)
      if (!state.copies.delete(peer)) continue
      if (wrote && state.writers.size === 0) state.vacant = { at: now, graceful }
      if (state.copies.size === 0) {
        // It may have given it to others as it left.
        if (graceful && this.#scenario.contingents > 0) this.#bequeathed.set(state, { last: peer, at: now })
        else this.#lost(state, peer, graceful)
        continue
      }
      this.tally.counts.bytesRepairOracle += this.#scenario.stateBytes
      if (state.copies.size < this.#target) this.#setUnder(state, true)
    }
  }

  /** Who reaches whom is not as it was. */
  reconsider(): void {
    for (const state of this.#states.values()) this.#rivals(state)
  }

  looked({ found, millis, rounds }: Answer): void {
    const { counts, sketches } = this.tally
    counts.lookups += 1
    if (!found) return
    counts.lookupsGood += 1
    counts.lookupRounds += rounds
    add(sketches.lookup, millis)
  }

  /** The tally at the end. @param millis that were measured */
  close(millis: Millis, complete: boolean): Tally {
    this.pass()
    this.#bytes += this.#guests.weighAll(this.#now(), this.tally)
    const { counts } = this.tally
    counts.bytesMaintenance = Math.max(0, this.#bytes - counts.bytesRepair - counts.bytesUpdate)
    return { ...this.tally, millis, complete }
  }

  get #target(): number {
    return Math.min(this.#scenario.contingents + 1, this.population)
  }

  #count(messages: Record<string, number>): void {
    const { said } = this.tally
    for (const [type, count] of Object.entries(messages)) said[type] = (said[type] ?? 0) + count
  }

  #keeps(peer: string, owner: string): void {
    let state = this.#states.get(owner)
    if (state === undefined) {
      this.pass()
      state = fresh(owner)
      this.#states.set(owner, state)
      this.#setUnder(state, true)
      this.tally.counts.bytesRepairOracle += this.#scenario.contingents * this.#scenario.stateBytes
    }
    this.#bequeathed.delete(state)
    state.copies.add(peer)
    if (state.copies.size < this.#target) return
    this.#setUnder(state, false)
    state.grown = true
  }

  #drops(peer: string, owner: string): void {
    const state = this.#states.get(owner)
    if (state === undefined) return
    this.#ends(state, peer)
    if (!state.copies.delete(peer)) return
    if (state.copies.size === 0) this.#remove(state)
    else if (state.copies.size < this.#target) this.#setUnder(state, true)
  }

  #begins(state: State, peer: string): void {
    const { counts, sketches } = this.tally
    const others = this.#reach.awake(state.writers).filter((other) => this.#reach.joins(other, peer))
    if (others.length > 0 && peer !== state.owner) counts.falseTakeovers += 1
    state.writers.add(peer)
    const { vacant } = state
    if (vacant !== undefined && peer !== state.owner) {
      add(vacant.graceful ? sketches.handoff : sketches.takeover, this.#now() - vacant.at)
    }
    state.vacant = undefined
    this.#rivals(state)
  }

  #ends(state: State, peer: string): void {
    if (state.writers.delete(peer)) this.#rivals(state)
  }

  #rivals(state: State): void {
    const awake = this.#reach.awake(state.writers)
    const two = awake.some((one, at) => awake.slice(at + 1).some((other) => this.#reach.joins(one, other)))
    if (two === (state.twoSince !== undefined)) return
    const now = this.#now()
    if (state.twoSince !== undefined) {
      this.tally.twoWriters = Math.max(this.tally.twoWriters, now - state.twoSince)
    }
    state.twoSince = two ? now : undefined
  }

  /** @param last the one that had the last copy; who stood still could copy nothing from then on */
  #lost(state: State, last: string, graceful: boolean): void {
    const { counts } = this.tally
    this.#remove(state)
    if (this.#scenario.contingents === 0) return
    const until = this.#reach.frozen.get(last) ?? this.#now()
    if (!state.grown) counts.lossesNewborn += 1
    else if (until - (state.underSince ?? until) <= this.#window || graceful) counts.lossesUnavoidable += 1
    else counts.lossesAvoidable += 1
  }

  #remove(state: State): void {
    this.pass()
    if (state.underSince !== undefined) this.#under -= 1
    this.#states.delete(state.owner)
  }

  #setUnder(state: State, under: boolean): void {
    if (under === (state.underSince !== undefined)) return
    this.pass()
    const now = this.#now()
    if (state.underSince !== undefined && state.grown) {
      add(this.tally.sketches.underReplicated, now - state.underSince)
    }
    state.underSince = under ? now : undefined
    this.#under += under ? 1 : -1
  }
}

function fresh(owner: string): State {
  return {
    owner,
    ...{ copies: new Set<string>(), writers: new Set<string>() },
    ...{ underSince: undefined, grown: false, twoSince: undefined, vacant: undefined },
  }
}
