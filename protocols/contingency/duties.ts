/** The duties of one peer: its own state's, once it has started, and one for each owner of whom it has a copy. */
import type { Duty, Play } from './duty.ts'

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

  delete(owner: string): void {
    this.#casts.delete(owner)
  }

  get all(): Duty[] {
    return [...this.#casts.values()].map(({ duty }) => duty)
  }

  /** Those for other owners. */
  get others(): Duty[] {
    return this.all.filter(({ isOwner }) => !isOwner)
  }

  get plays(): Play[] {
    return [...this.#casts.values()].map(({ play }) => play)
  }
}
