/** The duties of one peer: its own state's, once it has started, and one for each owner of whom it has a copy. */
import { plus, without } from '../lists.ts'
import { type Millis, sooner } from '../machine.ts'
import type { Config } from './config.ts'
import type { Duty, Play } from './duty.ts'
import { outputsOf } from './outputs.ts'
import type { Output } from './vocabulary.ts'

/** A part may change at its tick, and the new one be due at once. */
const MAX_ROUNDS = 4

const NOTHING: readonly Output[] = []
const NOBODY: Play[] = []

export interface Cast {
  duty: Duty
  /** What plays the duty's present part. */
  play: Play
  /** It may have changed since its deadline was reckoned and its outputs were collected. */
  touched: boolean
  deadline: Millis | undefined
}

export class Duties {
  /** Made anew with each change, so that who goes through it sees them as they were. */
  #casts: readonly Cast[] = []

  /** Whoever gets it may change it. */
  get(owner: string): Cast | undefined {
    const cast = this.see(owner)
    if (cast !== undefined) cast.touched = true
    return cast
  }

  /** To look at it only. There are few: a list is searched sooner than a map. */
  see(owner: string): Cast | undefined {
    for (const cast of this.#casts) if (cast.duty.owner === owner) return cast
    return undefined
  }

  set(duty: Duty, play: Play): void {
    const cast = { duty, play, touched: true, deadline: undefined }
    const before = this.see(duty.owner)
    this.#casts =
      before === undefined
        ? plus(this.#casts, cast)
        : this.#casts.map((each) => (each === before ? cast : each))
  }

  /** What there is to do for an owner's state; forgets a duty that has dropped it. */
  collect(cast: Cast | undefined): readonly Output[] {
    if (cast === undefined || cast.duty.idle) return NOTHING
    const outputs = outputsOf(cast.duty)
    if (outputs.at(-1)?.type === 'dropped') {
      this.#casts = without(this.#casts, ({ duty }) => duty === cast.duty)
    }
    return outputs
  }

  get all(): readonly Duty[] {
    return this.#casts.map(({ duty }) => duty)
  }

  /** What came of the last input: the outputs of each duty that it may have touched are added to `to`. */
  settle(to: Output[]): void {
    for (const cast of this.#casts) {
      if (!cast.touched) continue
      for (const output of this.collect(cast)) to.push(output)
      cast.deadline = cast.play.nextDeadline()
      cast.touched = false
    }
  }

  /** Those for other owners. */
  get others(): Duty[] {
    return this.all.filter(({ isOwner }) => !isOwner)
  }

  /** Peers that are kept in mind, by the duty that has most. */
  get minds(): number {
    return Math.max(0, ...this.#casts.map(({ play }) => play.minds))
  }

  /** With how many beats are exchanged: with each holder, and with each writer for whom this peer holds. */
  get partners(): number {
    let partners = 0
    for (const { duty, play } of this.#casts) partners += duty.part === 'holding' ? 1 : (play.size ?? 0)
    return partners
  }

  /** Whether somebody is looked for, to hold. */
  get wanting(): boolean {
    return this.#casts.some(({ play }) => play.wanted)
  }

  /** As of the last `settle`. */
  get nextDeadline(): Millis | undefined {
    let first: Millis | undefined
    for (const { deadline } of this.#casts) first = sooner(first, deadline)
    return first
  }

  each(act: (play: Play) => unknown): void {
    for (const cast of this.#casts) {
      cast.touched = true
      act(cast.play)
    }
  }

  /** Whether it matters that a link to `peer` came up or closed, or that it fell silent. */
  concern(peer: string): boolean {
    return this.#casts.some(({ play }) => play.concerns(peer))
  }

  /** Those for which it matters whether `peer` is there. */
  concerned(peer: string): readonly Play[] {
    let plays: Play[] = NOBODY
    for (const cast of this.#casts) {
      if (!cast.play.concerns(peer)) continue
      cast.touched = true
      plays = [...plays, cast.play]
    }
    return plays
  }

  /** Ticks what is due. */
  tick(now: Millis): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let ticked = false
      for (const cast of this.#casts) {
        if (cast.touched) cast.deadline = cast.play.nextDeadline()
        if (cast.deadline === undefined || cast.deadline > now) continue
        cast.touched = true
        ticked = true
        cast.play.tick(now)
      }
      if (!ticked) return
    }
  }

  /** Bytes that may still be held for others. */
  room({ bytes }: Config['capacity']): number {
    let room = bytes
    for (const { duty } of this.#casts) if (!duty.isOwner) room -= duty.store.bytes
    return room
  }

  /** Whether another owner with a state of so many bytes is too much. */
  full(bytes: number, capacity: Config['capacity']): boolean {
    return this.others.length >= capacity.owners || bytes > this.room(capacity)
  }
}
