/** Talk: how much else than beats is said, by which one tells whether a town has come to rest. */
import type { Millis } from '#protocols/machine'

export class Talk {
  /** What was said or changed last. */
  last = ''
  readonly #now: () => Millis
  #times: Millis[] = []

  constructor(now: () => Millis) {
    this.#now = now
  }

  note(what: string): void {
    this.#times.push(this.#now())
    this.last = what
  }

  /** How often in the last `span`; what was before that is forgotten. */
  times(span: Millis): number {
    const from = this.#now() - span
    this.#times = this.#times.filter((at) => at > from)
    return this.#times.length
  }
}
