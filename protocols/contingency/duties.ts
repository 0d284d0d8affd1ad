/** The duties of one peer: its own state's, once it has started, and one for each owner of whom it has a copy. */
import type { Millis } from '../machine.ts'
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

  get(owner: string): Cast | undefined {
    return this.#casts.get(owner)
  }

  has(owner: string): boolean {
    return this.#casts.has(owner)
  }

  set(duty: Duty, play: Play): void {
    this.#casts.set(duty.owner, { duty, play })
  }

  /** What there is to do for an owner's state; forgets a duty that has dropped it. */
  collect(owner: string): readonly Output[] {
    const duty = this.get(owner)?.duty
    if (duty === undefined) return []
    const outputs = outputsOf(duty)
    if (outputs.some(({ type }) => type === 'dropped')) this.#casts.delete(owner)
    return outputs
  }

  get all(): Duty[] {
    return [...this.#casts.values()].map(({ duty }) => duty)
  }

  /** Those for other owners. */
  get others(): Duty[] {
    return this.all.filter(({ isOwner }) => !isOwner)
  }

  /** Peers that are kept in mind, by the duty that has most. */
  get minds(): number {
    return Math.max(0, ...this.plays.map(({ minds }) => minds))
  }

  get plays(): Play[] {
    return [...this.#casts.values()].map(({ play }) => play)
  }

  each(act: (play: Play) => unknown): void {
    for (const play of this.plays) act(play)
  }

  /** Ticks what is due. */
  tick(now: Millis): void {
    const due = (play: Play) => (play.nextDeadline() ?? Number.POSITIVE_INFINITY) <= now
    for (let round = 0; round < MAX_ROUNDS; round++) this.each((play) => due(play) && play.tick(now))
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
