/** The duties of one peer: its own state's, once it has started, and one for each owner of whom it has a copy. */
import { earliest, type Millis } from '../machine.ts'
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
}

export class Duties {
  readonly #casts = new Map<string, Cast>()
  /** The same as lists; made anew with each change, so that who goes through one sees them as they were. */
  #all: readonly Duty[] = []
  #plays: readonly Play[] = []

  get(owner: string): Cast | undefined {
    return this.#casts.get(owner)
  }

  has(owner: string): boolean {
    return this.#casts.has(owner)
  }

  set(duty: Duty, play: Play): void {
    this.#casts.set(duty.owner, { duty, play })
    this.#list()
  }

  /** What there is to do for an owner's state; forgets a duty that has dropped it. */
  collect(owner: string): readonly Output[] {
    const duty = this.get(owner)?.duty
    if (duty === undefined || duty.idle) return []
    const outputs = outputsOf(duty)
    if (outputs.at(-1)?.type !== 'dropped') return outputs
    this.#casts.delete(owner)
    this.#list()
    return outputs
  }

  get all(): readonly Duty[] {
    return this.#all
  }

  /** Those for other owners. */
  get others(): Duty[] {
    return this.all.filter(({ isOwner }) => !isOwner)
  }

  /** Peers that are kept in mind, by the duty that has most. */
  get minds(): number {
    return Math.max(0, ...this.plays.map(({ minds }) => minds))
  }

  get plays(): readonly Play[] {
    return this.#plays
  }

  get nextDeadline(): Millis | undefined {
    return earliest(this.plays.map((play) => play.nextDeadline()))
  }

  each(act: (play: Play) => unknown): void {
    for (const play of this.plays) act(play)
  }

  /** Ticks what is due. */
  tick(now: Millis): void {
    const due = (play: Play) => (play.nextDeadline() ?? Number.POSITIVE_INFINITY) <= now
    for (let round = 0; round < MAX_ROUNDS && this.plays.some(due); round++) {
      this.each((play) => due(play) && play.tick(now))
    }
  }

  #list(): void {
    const casts = [...this.#casts.values()]
    this.#all = casts.map(({ duty }) => duty)
    this.#plays = casts.map(({ play }) => play)
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
