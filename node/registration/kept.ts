/** Kept: whether others than entrances keep this peer's own registration, by the relays that it names. */
import type { AbortOptions } from '@libp2p/interface'

export class Kept {
  readonly #changed = new EventTarget()
  #relays: string | undefined

  /** Whether they keep it as it was said last. */
  get any(): boolean {
    return this.#relays !== undefined
  }

  /** What came of saying it: the relays that it names, or `undefined` when nobody keeps it. */
  set(relays: readonly string[] | undefined): void {
    this.#relays = relays === undefined ? undefined : String(relays)
    this.#changed.dispatchEvent(new Event('change'))
  }

  /** Resolves when they keep one that names these relays and no other. @throws the signal's reason */
  async until(relays: readonly string[], { signal }: AbortOptions = {}): Promise<void> {
    while (this.#relays !== String(relays)) {
      signal?.throwIfAborted()
      await new Promise<void>((resolve) => {
        const over = new AbortController()
        const happened = () => {
          over.abort()
          resolve()
        }
        this.#changed.addEventListener('change', happened, { signal: over.signal })
        signal?.addEventListener('abort', happened, { signal: over.signal })
      })
    }
  }
}
