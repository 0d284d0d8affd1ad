/**
 * The holders of one writer, in rank order: appointed, kept warm, and watched.
 *
 * Law: nothing is called backed up before a holder has said that it has it. A holder whose digest differs is
 * asked for what it has and given everything, so that neither side's entries are lost. Each change of the
 * roster is numbered, and said again until every holder has accepted that number.
 */
import { plus, without } from '../lists.ts'
import { type Millis, sooner } from '../machine.ts'
import { EMPTY, type Entry } from '../state/index.ts'
import type { Duty } from './duty.ts'
import { MAX_CHAIN } from './epoch.ts'
import { after, asked, type Holder, isLost, MAX_WHOLES, rewind, wholeUpTo } from './holder.ts'
import type { Of } from './messages.ts'
import { isSameRoster } from './roster.ts'

const NOBODY: readonly Holder[] = []
const NO_IDS: readonly string[] = []

/** How far a copy is. */
type Copy = { have: number; digest: string }

export class Holders {
  readonly #duty: Duty
  /** At most four: a list is searched sooner than a map. */
  #holders: readonly Holder[] = NOBODY
  #turn = 0
  /** Someone was hired or dismissed since the roster was last arranged. */
  #moved = true
  #beatAt: Millis
  #renewAt: Millis

  constructor(duty: Duty, now: Millis) {
    this.#duty = duty
    this.#beatAt = now + duty.home.config.beat
    this.#renewAt = now + duty.home.config.renew
  }

  get ids(): string[] {
    return this.#holders.map(({ id }) => id)
  }

  get size(): number {
    return this.#holders.length
  }

  get turn(): number {
    return this.#turn
  }

  get view(): { id: string; warm: boolean; have: number }[] {
    return this.#holders.map(({ id, state, have }) => ({ id, warm: state === 'warm', have }))
  }

  has(peer: string): boolean {
    return this.#of(peer) !== undefined
  }

  /** Whether anybody can be given a right: not at the end of the longest chain. */
  get able(): boolean {
    return this.#duty.right.length < MAX_CHAIN
  }

  /** Whether there is a place left. */
  get wanted(): boolean {
    return this.#holders.length < this.#duty.home.config.copies && this.able
  }

  /** Whether as many as there should be have all there is, so that other copies can be spared. */
  get secure(): boolean {
    let safe = 0
    for (const { state, same } of this.#holders) if (state === 'warm' && same) safe += 1
    return safe >= this.#duty.home.config.copies
  }

  hire(peer: string, now: Millis): void {
    this.#stir(now)
    this.#moved = true
    const { config } = this.#duty.home
    const holder = asked(peer, config, now)
    // Who is asked anew keeps its rank.
    this.#holders = this.has(peer)
      ? this.#holders.map((each) => (each.id === peer ? holder : each))
      : plus(this.#holders, holder)
  }

  dismiss(peer: string): void {
    this.#moved = true
    this.#holders = without(this.#holders, ({ id }) => id === peer)
  }

  /** Ranks moved: each holder is told its own. */
  arrange(now: Millis): void {
    if (!this.#moved) return
    this.#moved = false
    const roster = this.ids
    if (this.#turn > 0 && isSameRoster(roster, this.#duty.roster)) return
    this.#stir(now)
    this.#turn += 1
    this.#duty.roster = roster
    this.#duty.effect({ type: 'changed' })
    for (const peer of roster) this.appoint(peer, now, roster)
  }

  appoint(peer: string, now: Millis, roster = this.ids): void {
    const { head, copy, store, isOwner, ownerHeard } = this.#duty
    const rank = roster.indexOf(peer) + 1
    const chain = this.#duty.delegate(peer, rank)
    const turn = this.#turn
    this.#duty.send(peer, {
      type: 'appoint',
      ...head,
      ...copy,
      turn,
      rank,
      roster,
      chain,
      bytes: store.bytes,
      ...(isOwner ? {} : { away: Math.max(0, Math.round(now - ownerHeard)) }),
    })
  }

  /** New entries are in the store: on to the holders. */
  wrote(now: Millis): void {
    this.#stir(now)
    for (const holder of this.#holders) {
      holder.same = false
      this.#pump(holder, now)
    }
  }

  /** Entries from elsewhere are in the store: those with counters that holders were already past are missing there. */
  merged(fresh: readonly Entry[], now: Millis): void {
    const least = Math.min(...fresh.map(({ n }) => n)) - 1
    for (const holder of this.#holders) {
      holder.have = Math.min(holder.have, least)
      rewind(holder, Math.min(holder.sent, least))
    }
    this.wrote(now)
  }

  silent(peer: string, now: Millis): void {
    this.#of(peer)?.watch.told(now)
  }

  heard(peer: string, now: Millis): void {
    this.#of(peer)?.watch.hear(now)
  }

  /** @returns whether it is there since just now */
  accepted(peer: string, message: Of<'accept'>, now: Millis): boolean {
    const holder = this.#of(peer)
    if (holder === undefined) return false
    holder.turn = message.turn
    if (holder.state === 'warm') return false
    holder.state = 'warm'
    holder.until = undefined
    const unlike = message.digest !== EMPTY && message.digest !== this.#duty.store.digest
    // A copy made in another epoch: its counters tell nothing.
    if (unlike && message.have === 0) this.#heal(holder, now)
    this.#compare(holder, message, now)
    return true
  }

  stored(peer: string, message: Of<'stored'> | Of<'accept'>, now: Millis): void {
    const holder = this.#of(peer)
    if (holder?.state !== 'warm') return
    holder.turn = message.turn
    if (message.type === 'stored') holder.watch.beat(now)
    this.#compare(holder, message, now)
  }

  /** It says that it has nothing: as a restarted peer does. It keeps its rank. */
  forgot(peer: string, now: Millis): void {
    this.hire(peer, now)
    this.appoint(peer, now)
  }

  /** Who has not been heard for too long, or is beyond help. */
  lost(now: Millis): readonly string[] {
    let lost = NO_IDS
    for (const holder of this.#holders) if (isLost(holder, now)) lost = plus(lost, holder.id)
    return lost
  }

  tick(now: Millis): void {
    for (const holder of this.#holders) {
      if (holder.state === 'asked' || holder.until === undefined || now < holder.until) continue
      // Something on the way was lost.
      rewind(holder, holder.have)
      holder.until = undefined
      this.#pump(holder, now)
    }
    if (this.#beatsAt !== undefined && now >= this.#beatsAt) this.#beat(now)
  }

  woke(now: Millis): void {
    for (const holder of this.#holders) {
      holder.watch.hear(now)
      if (holder.until !== undefined) holder.until = now + this.#duty.home.config.answer
    }
    this.#beat(now)
  }

  nextDeadline(): Millis | undefined {
    if (this.#holders.length === 0) return undefined
    let first = this.#beatsAt
    for (const { until, state, watch } of this.#holders) {
      first = sooner(sooner(first, until), state === 'warm' ? watch.suspectAt : undefined)
    }
    return first
  }

  /** When something is said that nobody asked for. If others watch, a roster that all know is not said again for long. */
  get #beatsAt(): Millis | undefined {
    if (this.#duty.home.config.watch !== 'told') return this.#beatAt
    for (const { state, turn, same } of this.#holders) {
      if (state !== 'warm' || turn !== this.#turn || !same) return this.#beatAt
    }
    return this.#renewAt
  }

  /** Beats that were left out on a quiet link are not late. */
  #stir(now: Millis): void {
    const { watch, beat } = this.#duty.home.config
    if (watch === 'told' && this.#beatAt < now) this.#beatAt = now + beat
  }

  #compare(holder: Holder, { have, digest }: Copy, now: Millis): void {
    const { store, head } = this.#duty
    this.#stir(now)
    const was = holder.have
    holder.same = digest === store.digest
    holder.have = holder.same ? store.top : Math.min(have, store.top)
    if (holder.have < was) rewind(holder, holder.have)
    if (holder.same) {
      holder.heals = 0
      holder.sent = store.top
      // Equal, but counted in another epoch: this tells it so.
      if (have < store.top) {
        this.#duty.send(holder.id, {
          type: 'delta',
          ...head,
          from: 0,
          to: store.top,
          last: true,
          entries: [],
        })
      }
    } else if (holder.have >= store.top) this.#heal(holder, now)
    this.#backed(holder)
    if (holder.have >= holder.sent) holder.until = undefined
    else if (holder.have > was) holder.until = now + this.#duty.home.config.answer
    this.#pump(holder, now)
  }

  #of(peer: string): Holder | undefined {
    for (const holder of this.#holders) if (holder.id === peer) return holder
    return undefined
  }

  /** Its entries are not ours: take what it has, give it all we have. */
  #heal(holder: Holder, now: Millis): void {
    if (now < holder.healAt) return
    holder.healAt = now + this.#duty.home.config.answer
    holder.heals += 1
    this.#duty.send(holder.id, { type: 'fetch', ...this.#duty.head, from: 0 })
    holder.have = 0
    rewind(holder, 0)
  }

  #backed(holder: Holder): void {
    const safe = holder.same ? holder.have : wholeUpTo(holder)
    holder.wholes = after(holder, safe)
    if (safe <= holder.safe) return
    holder.safe = safe
    this.#duty.effect({ type: 'backed', holder: holder.id, upTo: safe })
  }

  #pump(holder: Holder, now: Millis): void {
    const { store, home } = this.#duty
    if (holder.state !== 'warm' || holder.sent >= store.top) return
    this.#duty.sendDelta(holder.id, holder.sent)
    holder.sent = store.top
    holder.wholes = plus(holder.wholes, store.top)
    if (holder.wholes.length > MAX_WHOLES) holder.wholes = holder.wholes.slice(1)
    holder.until = now + home.config.answer
  }

  #beat(now: Millis): void {
    const { head, copy, home } = this.#duty
    const renews = now >= this.#renewAt
    if (renews) this.#renewAt = now + home.config.renew
    for (const { id: peer, state, turn } of this.#holders) {
      if (turn !== this.#turn || renews) this.appoint(peer, now)
      if (state === 'warm') this.#duty.send(peer, { type: 'beat', ...head, ...copy })
    }
    this.#beatAt = Math.max(this.#beatAt + home.config.beat, now + home.config.beat / 2)
  }
}
