/** The duties of one peer: its own state's, once it has started, and one for each owner of whom it has a copy. */
import { type Millis, sooner } from '../machine.ts'
import type { Config } from './config.ts'
import type { Duty, Play } from './duty.ts'
import { outputsOf } from './outputs.ts'
import type { Output } from './vocabulary.ts'

/** A part may change at its tick, and the new one be due at once. */
const MAX_ROUNDS = 4

interface Cast {
  duty: Duty
  /** What plays the duty's present part. */
  play: Play
  /** It may have changed since its deadline was reckoned and its outputs were collected. */
  touched: boolean
  deadline: Millis | undefined
}

export class Duties {
  readonly #casts = new Map<string, Cast>()
  /** The same as a list; made anew with each change, so that who goes through it sees them as they were. */
  #list: readonly Cast[] = []

  /** Whoever gets it may change it. */
  get(owner: string): Cast | undefined {
    const cast = this.#casts.get(owner)
    if (cast !== undefined) cast.touched = true
    return cast
  }

  has(owner: string): boolean {
    return this.#casts.has(owner)
  }

  set(duty: Duty, play: Play): void {
    this.#casts.set(duty.owner, { duty, play, touched: true, deadline: undefined })
    this.#list = [...this.#casts.values()]
  }

  /** What there is to do for an owner's state; forgets a duty that has dropped it. */
  collect(owner: string): readonly Output[] {
    const duty = this.get(owner)?.duty
    if (duty === undefined || duty.idle) return []
    const outputs = outputsOf(duty)
    if (outputs.at(-1)?.type !== 'dropped') return outputs
    this.#casts.delete(owner)
    this.#list = [...this.#casts.values()]
    return outputs
  }

  get all(): readonly Duty[] {
    return this.#list.map(({ duty }) => duty)
  }

  /** What came of the last input: the outputs of each duty that it may have touched go to `take`. */
  settle(take: (output: Output) => void): void {
    for (const cast of this.#list) {
      if (!cast.touched) continue
      for (const output of this.collect(cast.duty.owner)) take(output)
      cast.deadline = cast.play.nextDeadline()
      cast.touched = false
    }
  }

  /** Those for other owners. */
  get others(): Duty[] {
    return this.#list.flatMap(({ duty }) => (duty.isOwner ? [] : duty))
  }

  /** Peers that are kept in mind, by the duty that has most. */
  get minds(): number {
    return Math.max(0, ...this.#list.map(({ play }) => play.minds))
  }

  /** As of the last `settle`. */
  get nextDeadline(): Millis | undefined {
    let first: Millis | undefined
    for (const { deadline } of this.#list) first = sooner(first, deadline)
    return first
  }

  each(act: (play: Play) => unknown): void {
    for (const cast of this.#list) {
      cast.touched = true
      act(cast.play)
    }
  }

  /** Ticks what is due. */
  tick(now: Millis): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let ticked = false
      for (const cast of this.#list) {
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
    return bytes - this.others.reduce((sum, { store }) => sum + store.bytes, 0)
  }

  /** Whether another owner with a state of so many bytes is too much. */
  full(bytes: number, capacity: Config['capacity']): boolean {
    return this.others.length >= capacity.owners || bytes > this.room(capacity)
  }
}
