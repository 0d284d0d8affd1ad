/**
 * The view: a state as its owner sees it, names and values, made of entries that tell neither.
 *
 * Law: it shows for each name the record of the latest version, whatever order entries come in. A name is public
 * or private, but two devices may have disagreed about that apart; then the later one counts.
 */
import { PUBLIC } from '#protocols/contingency/index'
import { compareVersions, type Entry } from '#protocols/state/index'
import type { Draft, Opened } from './seal.ts'

interface Shown {
  entry: Entry
  /** `undefined` when it is deleted. */
  draft: Draft | undefined
}

export class View {
  /** By entry key. */
  readonly #shown = new Map<string, Shown>()
  /** Under which entry keys a name lies or lay. */
  readonly #keys = new Map<string, Set<string>>()
  /** The name of an entry key, once it was seen. */
  readonly #names = new Map<string, string>()

  /** Whether it shows this entry already, or a later one under its key. */
  has(entry: Entry): boolean {
    const shown = this.#shown.get(entry.key)
    return shown !== undefined && compareVersions(entry, shown.entry) <= 0
  }

  /** Takes in an entry that was opened. @returns the name whose record is another now */
  show(entry: Entry, opened: Opened): string | undefined {
    const { key } = entry
    if (this.has(entry)) return undefined
    const draft = opened.type === 'record' ? opened : undefined
    const name = draft?.name ?? this.#names.get(key) ?? publicName(key)
    const before = name === undefined ? undefined : this.get(name)
    this.#shown.set(key, { entry, draft })
    // The deletion of a private record that was never seen here.
    if (name === undefined) return undefined
    this.#names.set(key, name)
    this.#keys.set(name, (this.#keys.get(name) ?? new Set()).add(key))
    return this.get(name) === before ? undefined : name
  }

  /** The record called `name`. */
  get(name: string): Draft | undefined {
    return this.#live(name).at(-1)?.draft
  }

  /** Entry keys under which something called `name` lies that is not deleted. */
  keysOf(name: string): string[] {
    return this.#live(name).map(({ entry }) => entry.key)
  }

  /** Names that begin with `prefix` and have a record, in order. */
  names(prefix: string): string[] {
    return [...this.#keys.keys()]
      .filter((name) => name.startsWith(prefix) && this.#live(name).length > 0)
      .sort()
  }

  /** Oldest first. */
  #live(name: string): Shown[] {
    const keys = [...(this.#keys.get(name) ?? [])]
    return keys
      .flatMap((key) => this.#shown.get(key) ?? [])
      .filter(({ draft }) => draft !== undefined)
      .sort((a, b) => compareVersions(a.entry, b.entry))
  }
}

function publicName(key: string): string | undefined {
  return key.startsWith(PUBLIC) ? key.slice(PUBLIC.length) : undefined
}
