/** What the driver makes of a machine, made of the store alone: so that a state can be tested by itself. */
import { ColoniaError } from '#node/errors'
import type { Port } from '#node/state/state'
import { compareVersions, type Entry, Store } from '#protocols/state/index'

export class MemoryPort implements Port {
  readonly superseded = false
  readonly #by: string
  readonly #store = new Store()
  readonly #holders = new Map<string, number>()
  readonly #listeners = new Set<(merged: readonly Entry[]) => void>()
  /** What the next write meets with. */
  fault: ColoniaError | undefined
  /** Merged from elsewhere while the next write is sealed. */
  between: Entry[] = []

  constructor(by: string) {
    this.#by = by
  }

  async write(sealing: Parameters<Port['write']>[0]) {
    while (true) {
      const version = { n: this.#store.top + 1, by: this.#by }
      const entries = await sealing(version)
      this.merge(this.between.splice(0))
      if (this.fault !== undefined) throw this.fault
      if (this.#store.top >= version.n) continue
      const fault = this.#store.refuses(entries)
      if (fault !== undefined) {
        throw new ColoniaError(fault === 'record-too-large' ? fault : 'state-full', fault)
      }
      this.#store.merge(entries)
      return version
    }
  }

  entries(): Iterable<Entry> {
    return [...this.#store.all()].sort(compareVersions)
  }

  /** Keys of what is not deleted, in order of writing. */
  live(): string[] {
    return [...this.entries()].filter(({ body }) => body[0] !== 3).map(({ key }) => key)
  }

  backed(n: number): string[] {
    return [...this.#holders].filter(([, have]) => have >= n).map(([peer]) => peer)
  }

  back(peer: string, n: number): void {
    this.#holders.set(peer, n)
    for (const listener of this.#listeners) listener([])
  }

  merge(entries: readonly Entry[]): void {
    const merged = this.#store.merge(entries)
    for (const listener of this.#listeners) listener(merged)
  }

  onChange(callback: (merged: readonly Entry[]) => void): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }
}
