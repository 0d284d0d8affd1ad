/**
 * A watch: the changes of a state as they come, for a reader with its own pace.
 *
 * Law: a reader that is slow sees fewer changes, never an old end: of one name only the last change waits, so
 * that no more can wait than there are names.
 */
export type StateChange =
  | { type: 'put'; name: string; value: unknown; public: boolean }
  | { type: 'delete'; name: string }

export class Watch implements AsyncIterableIterator<StateChange> {
  readonly #prefix: string
  readonly #signal: AbortSignal | undefined
  readonly #onEnd: (watch: Watch) => void
  readonly #waiting = new Map<string, StateChange>()
  #more = Promise.withResolvers<void>()
  #ended = false

  constructor(prefix: string, signal: AbortSignal | undefined, onEnd: (watch: Watch) => void) {
    this.#prefix = prefix
    this.#signal = signal
    this.#onEnd = onEnd
    signal?.addEventListener('abort', this.end, { once: true })
  }

  give(change: StateChange): void {
    if (!change.name.startsWith(this.#prefix)) return
    this.#waiting.delete(change.name)
    this.#waiting.set(change.name, change)
    this.#wake()
  }

  /** What waits is still handed out. Idempotent. */
  readonly end = (): void => {
    this.#ended = true
    this.#signal?.removeEventListener('abort', this.end)
    this.#onEnd(this)
    this.#wake()
  }

  async next(): Promise<IteratorResult<StateChange, undefined>> {
    while (true) {
      this.#signal?.throwIfAborted()
      const [first] = this.#waiting.values()
      if (first !== undefined) {
        this.#waiting.delete(first.name)
        return { value: first, done: false }
      }
      if (this.#ended) return { value: undefined, done: true }
      await this.#more.promise
    }
  }

  async return(): Promise<IteratorResult<StateChange, undefined>> {
    this.#waiting.clear()
    this.end()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #wake(): void {
    this.#more.resolve()
    this.#more = Promise.withResolvers()
  }
}
