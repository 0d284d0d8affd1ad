/** The duties of one peer: its own state's, once it has started, and one for each owner of whom it has a copy. */
import { count, find, type Keyed, put, remove, toList } from '../keyed.ts'
import { plus } from '../lists.ts'
import { type Millis, sooner } from '../machine.ts'
import type { Config } from './config.ts'
import type { Duty, Play } from './duty.ts'
import { outputsOf } from './outputs.ts'
import type { Output } from './vocabulary.ts'

/** A part may change at its tick, and the new one be due at once. */
const MAX_ROUNDS = 4

const NO_CASTS: Cast[] = []
const NOBODY: readonly Play[] = []
const ownerOf = ({ duty }: Cast) => duty.owner

interface Cast {
  duty: Duty
  /** What plays the duty's present part. */
  play: Play
  /** It may have changed since its deadline was reckoned and its outputs were collected. */
  touched: boolean
  deadline: Millis | undefined
  /** What it adds to the sums over all. */
  partners: number
  wanted: number
  bytes: number
}

export class Duties {
  #casts: Keyed<Cast> = NO_CASTS
  #touched = NO_CASTS
  /** Of all, as of the last `settle`: the first deadline, and sums. */
  #first: Millis | undefined
  #partners = 0
  #wanted = 0
  #bytes = 0

  /** Whoever gets it may change it. */
  get(owner: string): Cast | undefined {
    const cast = this.see(owner)
    if (cast !== undefined) this.#touch(cast)
    return cast
  }

  /** To look at it only. */
  see(owner: string): Cast | undefined {
    return find(this.#casts, owner, ownerOf)
  }

  set(duty: Duty, play: Play): void {
    const cast = this.get(duty.owner) ?? fresh(duty, play)
    cast.duty = duty
    cast.play = play
    if (cast.touched) return
    this.#casts = put(this.#casts, cast, ownerOf)
    this.#touch(cast)
  }

  /** What there is to do for an owner's state, behind `to`; forgets a duty that has dropped it. */
  collect(cast: Cast | undefined, to: readonly Output[]): readonly Output[] {
    if (cast === undefined || cast.duty.idle) return to
    const outputs = outputsOf(cast.duty)
    const { owner } = cast.duty
    if (outputs.at(-1)?.type === 'dropped') this.#casts = remove(this.#casts, owner, ownerOf)
    return to.length === 0 ? outputs : to.concat(outputs)
  }

  get all(): readonly Duty[] {
    return this.#list.map(({ duty }) => duty)
  }

  /** What came of the last input: the outputs of each duty that it may have touched, behind `to`. */
  settle(to: readonly Output[]): readonly Output[] {
    let outputs = to
    let stale = false
    for (const cast of this.#touched) {
      outputs = this.collect(cast, outputs)
      const before = cast.deadline
      cast.touched = false
      this.#sum(cast)
      if (before !== undefined && before === this.#first) stale ||= before !== cast.deadline
      this.#first = sooner(this.#first, cast.deadline)
    }
    this.#touched = NO_CASTS
    if (stale) this.#reckon()
    return outputs
  }

  #sum(cast: Cast): void {
    const { duty, play, partners, wanted, bytes } = cast
    const gone = this.see(duty.owner) !== cast
    cast.deadline = gone ? undefined : play.nextDeadline()
    cast.partners = gone ? 0 : duty.part === 'holding' ? 1 : (play.size ?? 0)
    cast.wanted = gone ? 0 : Number(play.wanted ?? false)
    cast.bytes = gone || duty.isOwner ? 0 : duty.store.bytes
    this.#partners += cast.partners - partners
    this.#wanted += cast.wanted - wanted
    this.#bytes += cast.bytes - bytes
  }

  #touch(cast: Cast): void {
    if (cast.touched) return
    cast.touched = true
    if (this.#touched === NO_CASTS) this.#touched = [cast]
    else this.#touched.push(cast)
  }

  #reckon(): void {
    this.#first = undefined
    for (const { deadline } of this.#list) this.#first = sooner(this.#first, deadline)
  }

  /** Those for other owners. */
  get others(): Duty[] {
    return this.all.filter(({ isOwner }) => !isOwner)
  }

  /** Peers that are kept in mind, by the duty that has most. */
  get minds(): number {
    return Math.max(0, ...this.#list.map(({ play }) => play.minds))
  }

  /** With how many beats are exchanged: with each holder, and with each writer for whom this peer holds. */
  get partners(): number {
    return this.#partners
  }

  /** Whether somebody is looked for, to hold. */
  get wanting(): boolean {
    return this.#wanted > 0
  }

  /** As of the last `settle`. */
  get nextDeadline(): Millis | undefined {
    return this.#first
  }

  each(act: (play: Play) => unknown): void {
    for (const cast of this.#list) {
      this.#touch(cast)
      act(cast.play)
    }
  }

  /** Whether it matters that a link to `peer` came up, or that it fell silent. */
  concern(peer: string): boolean {
    return this.#list.some(({ play }) => play.concerns(peer))
  }

  /** Whether it matters that the link to `peer` closed. */
  miss(peer: string): boolean {
    return this.#list.some(({ play }) => play.misses(peer))
  }

  /** Those for which it matters whether `peer` is there. */
  concerned(peer: string): readonly Play[] {
    let plays = NOBODY
    for (const cast of this.#list) {
      if (!cast.play.concerns(peer)) continue
      this.#touch(cast)
      plays = plus(plays, cast.play)
    }
    return plays
  }

  /** Ticks what is due. */
  tick(now: Millis): void {
    let due = this.#first !== undefined && this.#first <= now ? this.#list : this.#touched
    for (let round = 0; round < MAX_ROUNDS && due.length > 0; round++) {
      for (const cast of due) {
        if (!isDue(cast, now)) continue
        this.#touch(cast)
        cast.play.tick(now)
      }
      // What is still due, or due again in its new part.
      due = this.#touched.some((cast) => isDue(cast, now)) ? this.#touched.slice() : NO_CASTS
    }
  }

  get #list(): readonly Cast[] {
    return toList(this.#casts)
  }

  /** Bytes that may still be held for others. */
  room({ bytes }: Config['capacity']): number {
    return bytes - this.#bytes
  }

  /** Whether another owner with a state of so many bytes is too much. */
  full(bytes: number, { capacity, self }: { capacity: Config['capacity']; self: string }): boolean {
    const others = count(this.#casts) - Number(this.see(self) !== undefined)
    return others >= capacity.owners || bytes > this.room(capacity)
  }
}

function fresh(duty: Duty, play: Play): Cast {
  return { duty, play, touched: false, deadline: undefined, partners: 0, wanted: 0, bytes: 0 }
}

function isDue({ touched, deadline, play }: Cast, now: Millis): boolean {
  const at = touched ? play.nextDeadline() : deadline
  return at !== undefined && at <= now
}
