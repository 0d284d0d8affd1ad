/**
 * The ledger: what an all-knowing oracle writes down of every state: who has a copy, who takes itself for its writer, when
 * it had too few copies, and whether its loss could have been avoided. No machine sees it.
 */
import type { Part } from '#protocols/contingency/index'
import { plus, without } from '#protocols/lists'
import type { Millis } from '#protocols/machine'
import type { Entry } from '#protocols/state/index'
import type { Context } from './context.ts'
import type { Peer } from './peer.ts'
import { BEATS } from './sizes.ts'
import { windowOf } from './theory.ts'

/**
 * A takeover is looked at again after so long, in milliseconds: what was acknowledged must be there by then. Who stood
 * still and claims with an old copy finds who else writes when it next looks at the registration, within five minutes.
 */
const PROOF = 360_000
/** What was said at a goodbye has arrived after so long, in milliseconds: a link is made for it, and a whole state follows. */
export const LAST_WORDS = 5_000
/** Before it is forgotten, in milliseconds, a state is not looked at any more. */
const FADING = 10_000

const NOBODY: readonly Peer[] = []

export interface State {
  readonly owner: string
  copies: readonly Peer[]
  writers: readonly Peer[]
  /** Since when it has too few copies. */
  underSince: Millis | undefined
  /** Whether it ever had as many as it should. */
  grown: boolean
  /** Since when two who can reach each other write. */
  twoSince: Millis | undefined
  /** Its writer went at that moment, and nobody has taken its place. */
  vacant: { at: Millis; graceful: boolean } | undefined
  /** The greatest counter that was called backed up, and the greatest that a copy that is there has. */
  acknowledged: number
}

export class Ledger {
  readonly states = new Map<string, State>()
  readonly #context: Context
  readonly #window: Millis
  #under = 0
  #since: Millis = 0

  constructor(context: Context) {
    this.#context = context
    this.#window = windowOf(context.scenario, context.config)
  }

  get underReplicated(): number {
    return this.#under
  }

  /** Copies that a state should have, its writer's among them. */
  get target(): number {
    const { scenario, peers } = this.#context
    return Math.min(scenario.contingents + 1, peers.length)
  }

  measure(): void {
    this.#since = this.#context.now
    for (const state of this.states.values())
      if (state.underSince !== undefined) state.underSince = this.#since
  }

  /** Adds up what the time since the last change was filled with. */
  pass(): void {
    const { now, tally, peers } = this.#context
    const span = now - this.#since
    if (span <= 0) return
    this.#since = now
    tally.counts.peerMillis += span * peers.length
    tally.counts.stateMillis += span * this.states.size
    tally.counts.underMillis += span * this.#under
  }

  keeps(peer: Peer, owner: string, entries: readonly Entry[]): void {
    let state = this.states.get(owner)
    if (state === undefined) {
      // What was forgotten or lost, and is on its way still, is nobody's any more.
      if (!this.#context.byId.has(owner)) return
      this.pass()
      state = fresh(owner)
      this.states.set(owner, state)
      this.#setUnder(state, true)
      this.#context.tally.counts.bytesRepairOracle += this.#context.scenario.contingents * this.#size
    }
    if (entries.length === 0 || state.copies.includes(peer)) return
    state.copies = plus(state.copies, peer)
    if (peer.id !== owner) peer.held += 1
    if (state.copies.length >= this.target) {
      this.#setUnder(state, false)
      state.grown = true
    }
  }

  /** It gave its copy up, or forgot it. */
  drops(peer: Peer, owner: string): void {
    const state = this.states.get(owner)
    if (state === undefined) return
    this.#leaves(state, peer)
    if (!state.copies.includes(peer)) return
    state.copies = without(state.copies, (other) => other === peer)
    if (peer.id !== owner) peer.held -= 1
    if (state.copies.length === 0) this.#end(state)
    else if (state.copies.length < this.target) this.#setUnder(state, true)
  }

  backed(owner: string, upTo: number): void {
    const state = this.states.get(owner)
    if (state !== undefined) state.acknowledged = Math.max(state.acknowledged, upTo)
  }

  plays(peer: Peer, owner: string, part: Part): void {
    this.#beat(peer, peer.machine.duties.partners)
    const state = this.states.get(owner)
    if (state === undefined) return
    const writes = part === 'writing'
    if (writes === state.writers.includes(peer)) return
    if (!writes) return this.#leaves(state, peer)
    this.#begins(state, peer)
    if (peer.id !== owner) this.#prove(state, peer, peer.machine.duty(owner)?.store.top ?? 0)
  }

  /** Beats that were said until now are counted. */
  beat(peer: Peer): void {
    this.#beat(peer, peer.pairs)
  }

  /** A peer is gone, and every copy that it had. */
  gone(peer: Peer, graceful: boolean): void {
    const { now, tally, scenario } = this.#context
    this.#beat(peer, 0)
    const own = this.states.get(peer.id)
    if (own !== undefined) this.#fade(own)
    for (const owner of [peer.id, ...peer.machine.holding]) {
      const state = this.states.get(owner)
      if (state === undefined) continue
      const wrote = state.writers.includes(peer)
      this.#leaves(state, peer)
      if (!state.copies.includes(peer)) continue
      state.copies = without(state.copies, (other) => other === peer)
      if (wrote && state.writers.length === 0) state.vacant = { at: now, graceful }
      if (state.copies.length === 0) {
        if (graceful && scenario.contingents > 0) this.#bequeathed(state, peer)
        else this.#lost(state, peer, graceful)
        continue
      }
      tally.counts.bytesRepairOracle += this.#size
      if (state.copies.length < this.target) this.#setUnder(state, true)
    }
  }

  /** Two who could not reach each other can now, or the other way round. */
  reconsider(): void {
    for (const state of this.states.values()) this.#count(state)
  }

  /** From now on it exchanges beats with so many; where they are not said one by one they are counted so. */
  #beat(peer: Peer, pairs: number): void {
    const { now, config, tally } = this.#context
    const bytes = (peer.beatsWith(pairs, now) / 1_000) * (BEATS / 2)
    if (config.watch !== 'told' || bytes === 0) return
    peer.bytes += bytes
    tally.counts.bytesBeats += bytes
  }

  /** Its owner went: after `keep` those that hold it forget it, one by one, and that is no loss. */
  #fade(state: State): void {
    const { scenario, byId } = this.#context
    this.#context.after(scenario.keep - Math.min(FADING, scenario.keep / 10), () => {
      if (!byId.has(state.owner) && this.states.get(state.owner) === state) this.#end(state)
    })
  }

  get #size(): number {
    return this.#context.scenario.stateBytes
  }

  #begins(state: State, peer: Peer): void {
    const { now, tally } = this.#context
    const others = state.writers.filter((other) => other !== peer && other.reaches(peer) && !other.frozen)
    if (others.length > 0 && peer.id !== state.owner) tally.counts.falseTakeovers += 1
    state.writers = plus(state.writers, peer)
    const { vacant } = state
    if (vacant !== undefined && peer.id !== state.owner) {
      const { takeover, handoff } = tally.sketches
      this.#context.sample(vacant.graceful ? handoff : takeover, now - vacant.at)
    }
    state.vacant = undefined
    this.#count(state)
  }

  #leaves(state: State, peer: Peer): void {
    if (!state.writers.includes(peer)) return
    state.writers = without(state.writers, (other) => other === peer)
    this.#count(state)
  }

  #count(state: State): void {
    const { now, tally } = this.#context
    const awake = state.writers.filter(({ frozen }) => !frozen)
    const two = awake.some((one, at) => awake.slice(at + 1).some((other) => one.reaches(other)))
    if (two === (state.twoSince !== undefined)) return
    if (state.twoSince !== undefined) tally.twoWriters = Math.max(tally.twoWriters, now - state.twoSince)
    state.twoSince = two ? now : undefined
  }

  /** What was acknowledged is in a copy that is there; some minutes after a takeover whoever writes has it. */
  #prove(state: State, writer: Peer, top: number): void {
    const { acknowledged, owner } = state
    if (top >= acknowledged) return
    const has = (peer: Peer) => {
      // Who stands still or is cut off keeps it, and gives it when it can.
      const there = peer.alive && !peer.frozen && peer.reaches(writer)
      return there && (peer.machine.duty(owner)?.store.top ?? 0) >= acknowledged
    }
    const witnesses = state.copies.filter(has)
    this.#context.after(PROOF, () => {
      const { counts } = this.#context.tally
      // What has gone with all who had it is a loss, and counted as such; and what is forgotten is nobody's.
      if (this.states.get(owner) !== state) return
      if (writer.frozen || !state.writers.includes(writer) || !witnesses.some(has)) return
      if (!has(writer)) counts.conflicts += 1
    })
  }

  /** Whoever had the last copy may have given it to others as it left. */
  #bequeathed(state: State, last: Peer): void {
    this.#context.after(LAST_WORDS, () => {
      if (this.states.get(state.owner) !== state) return
      if (state.copies.length === 0) this.#lost(state, last, true)
      else this.#context.tally.counts.bytesRepairOracle += this.#size
    })
  }

  /** @param last the one that had the last copy */
  #lost(state: State, last: Peer, graceful: boolean): void {
    const { now, tally, scenario } = this.#context
    this.#end(state)
    if (scenario.contingents === 0) return
    // The last one to go with a goodbye had been told to keep it; it is lost all the same.
    // Who stood still could copy nothing: what counts is the time until then.
    const time = (last.pause?.since ?? now) - (state.underSince ?? now)
    if (!state.grown) tally.counts.lossesNewborn += 1
    else if (time <= this.#window || graceful) tally.counts.lossesUnavoidable += 1
    else tally.counts.lossesAvoidable += 1
  }

  #end(state: State): void {
    this.pass()
    if (state.underSince !== undefined) this.#under -= 1
    this.states.delete(state.owner)
  }

  #setUnder(state: State, under: boolean): void {
    if (under === (state.underSince !== undefined)) return
    this.pass()
    const { now, tally } = this.#context
    if (state.underSince !== undefined && state.grown) {
      this.#context.sample(tally.sketches.underReplicated, now - state.underSince)
    }
    state.underSince = under ? now : undefined
    this.#under += under ? 1 : -1
  }
}

function fresh(owner: string): State {
  return {
    owner,
    copies: NOBODY,
    writers: NOBODY,
    underSince: undefined,
    grown: false,
    twoSince: undefined,
    vacant: undefined,
    acknowledged: 0,
  }
}
