/**
 * Again: what was said before on the same stream is said in a few bytes.
 *
 * On an idle link the same beat and the same answer go back and forth every second. A stream is ordered and
 * reliable, so both of its ends can remember alike what has passed: each `beat` and `stored` that is said in full
 * takes the next of a ring of slots, and the same words later are `again` with the number of the slot. What fell
 * out of the ring is said in full. A number that stands for nothing breaks the protocol.
 */
import { WireError } from '../wire/index.ts'
import type { Said, Wired } from './messages.ts'

/** Messages that are remembered, each some 500 bytes at most: a peer that holds for 32 owners, and is held, has fewer. */
export const SLOTS = 64

/** The end that speaks. */
export class Speaker {
  readonly #ring = new Ring<string>()

  shorten(message: Said): Wired {
    if (!repeats(message)) return message
    const text = JSON.stringify(message)
    const of = this.#ring.find(text)
    if (of >= 0) return { type: 'again', of }
    this.#ring.add(text)
    return message
  }
}

/** The end that listens. */
export class Listener {
  readonly #ring = new Ring<Said>()

  /** @throws WireError when it refers to what was not said */
  expand(message: Wired): Said {
    if (message.type === 'again') {
      const said = this.#ring.at(message.of)
      if (said === undefined) throw new WireError('bad-field', `again.of: nothing was said as ${message.of}`)
      return said
    }
    if (repeats(message)) this.#ring.add(message)
    return message
  }
}

class Ring<T> {
  readonly #slots: T[] = []
  #next = 0

  at(slot: number): T | undefined {
    return this.#slots[slot]
  }

  find(value: T): number {
    return this.#slots.indexOf(value)
  }

  add(value: T): void {
    this.#slots[this.#next] = value
    this.#next = (this.#next + 1) % SLOTS
  }
}

/** What is worth remembering; both ends must agree on it. */
function repeats({ type }: Said): boolean {
  return type === 'beat' || type === 'stored'
}
