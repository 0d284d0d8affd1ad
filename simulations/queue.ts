/**
 * What is to happen, earliest first; of two at the same time, the one that was put first. A heap of which each place has
 * four below it, in three lists: there may be millions, and to order them only their times are looked at.
 */
import type { Millis } from '#protocols/machine'

const WIDTH = 4

export interface Happening {
  happen(): void
}
/** What happens, as a function or as an object, which takes less memory. */
export type Act = (() => void) | Happening

export function perform(act: Act | undefined): void {
  if (typeof act === 'function') act()
  else act?.happen()
}

export class Queue {
  readonly #at: Millis[] = []
  readonly #sequence: number[] = []
  readonly #act: Act[] = []
  #puts = 0

  get size(): number {
    return this.#at.length
  }

  /** When the next one is due. */
  get nextAt(): Millis | undefined {
    return this.#at[0]
  }

  put(at: Millis, act: Act): void {
    const sequence = this.#puts++
    let hole = this.#at.length
    while (hole > 0) {
      const parent = Math.floor((hole - 1) / WIDTH)
      // What is there was put before.
      if ((this.#at[parent] as Millis) <= at) break
      this.#move(parent, hole)
      hole = parent
    }
    this.#set(hole, at, sequence, act)
  }

  take(): Act | undefined {
    const first = this.#act[0]
    const at = this.#at.pop()
    const sequence = this.#sequence.pop()
    const act = this.#act.pop()
    const { length } = this.#at
    if (at === undefined || sequence === undefined || act === undefined || length === 0) return first
    let hole = 0
    for (;;) {
      const least = this.#least(WIDTH * hole + 1, length)
      if (least >= length || !this.#isBefore(least, at, sequence)) break
      this.#move(least, hole)
      hole = least
    }
    this.#set(hole, at, sequence, act)
    return first
  }

  /** The first of those at `from` and the next places. */
  #least(from: number, length: number): number {
    let least = from
    const end = Math.min(from + WIDTH, length)
    for (let child = from + 1; child < end; child++) {
      if (this.#isBefore(child, this.#at[least] as Millis, this.#sequence[least] as number)) least = child
    }
    return least
  }

  #isBefore(place: number, at: Millis, sequence: number): boolean {
    const own = this.#at[place] as Millis
    return own < at || (own === at && (this.#sequence[place] as number) < sequence)
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#at[from] as Millis, this.#sequence[from] as number, this.#act[from] as Act)
  }

  #set(place: number, at: Millis, sequence: number, act: Act): void {
    this.#at[place] = at
    this.#sequence[place] = sequence
    this.#act[place] = act
  }
}
