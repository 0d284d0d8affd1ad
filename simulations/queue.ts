/** What is to happen, earliest first; of two at the same time, the one that was put first. A binary heap. */
import type { Millis } from '#protocols/machine'

interface Event {
  at: Millis
  sequence: number
  act: () => void
}

export class Queue {
  readonly #heap: Event[] = []
  #sequence = 0

  get size(): number {
    return this.#heap.length
  }

  /** When the next one is due. */
  get nextAt(): Millis | undefined {
    return this.#heap[0]?.at
  }

  put(at: Millis, act: () => void): void {
    const heap = this.#heap
    const event = { at, sequence: this.#sequence++, act }
    let hole = heap.length
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const above = heap[parent] as Event
      if (before(above, event)) break
      heap[hole] = above
      hole = parent
    }
    heap[hole] = event
  }

  take(): (() => void) | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first?.act
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child += 1
      const below = heap[child] as Event
      if (before(last, below)) break
      heap[hole] = below
      hole = child
    }
    heap[hole] = last
    return first.act
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence)
}
