/** A binary heap of numbers and nothing else: what an event queue costs at the least. */
export class BareHeap {
  readonly #heap: number[] = []

  push(value: number): void {
    const heap = this.#heap
    let hole = heap.length
    heap.push(value)
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const above = heap[parent] as number
      if (above <= value) break
      heap[hole] = above
      hole = parent
    }
    heap[hole] = value
  }

  /** The least. @throws RangeError when there is none */
  pop(): number {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) throw new RangeError('an empty heap')
    if (heap.length === 0) return first
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child += 1
      const below = heap[child] as number
      if (last <= below) break
      heap[hole] = below
      hole = child
    }
    heap[hole] = last
    return first
  }
}
