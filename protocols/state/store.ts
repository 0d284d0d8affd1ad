/**
 * A store: all entries of one owner's state, as the owner, a holder or a stand-in has them.
 *
 * Law: it only ever moves forward in the merge order, and never past its caps. `digest` is the same for equal
 * stores whatever order they were filled in, so that two peers can tell with eight bytes whether they agree.
 */
import { all, count, find, type Keyed, put, remove, toList } from '../keyed.ts'
import { compareVersions, type Entry, SPAN, sizeOf } from './entry.ts'
import { faded, isTrace } from './inbox.ts'

export interface Caps {
  /** Longest body in bytes. */
  recordBytes: number
  /** All entries together, as `sizeOf` counts. */
  stateBytes: number
  /** Entries, deletions included. */
  entries: number
}

/** 64 KiB a record and 1 MiB a state: an address book with pictures of a thousand people is 300 kB. */
export const defaultCaps: Caps = { recordBytes: 65_536 + 64, stateBytes: 1_048_576, entries: 4_096 }

/** The digest of a store with nothing in it. */
export const EMPTY = '0000000000000000'

export type StoreFault = 'record-too-large' | 'state-full' | 'too-many-entries'

const NO_ENTRIES: readonly Entry[] = []
const keyOf = ({ key }: Entry) => key

export class Store {
  readonly #caps: Caps
  #entries: Keyed<Entry> = NO_ENTRIES
  #bytes = 0
  #top = 0
  /** The digest, as two integers of 32 bits. */
  #high = 0
  #low = 0
  /** The digest as it is told, once it was asked for. */
  #text: string | undefined = EMPTY

  constructor(caps: Caps = defaultCaps) {
    this.#caps = caps
  }

  get bytes(): number {
    return this.#bytes
  }

  get size(): number {
    return count(this.#entries)
  }

  /** The highest counter of any entry ever merged. */
  get top(): number {
    return this.#top
  }

  /** Sixteen hex digits; equal exactly (but for 1 in 2^64) when the entries are. Not proof against a forger. */
  get digest(): string {
    this.#text ??= hex(this.#high) + hex(this.#low)
    return this.#text
  }

  get(key: string): Entry | undefined {
    return find(this.#entries, key, keyOf)
  }

  /** Whether all that was written in the epoch of counter `n` was written by `session`; `true` when nothing was. */
  written(n: number, session: string): boolean {
    const epoch = Math.floor(n / SPAN)
    for (const entry of all(this.#entries)) {
      if (entry.by !== session && Math.floor(entry.n / SPAN) === epoch) return false
    }
    return true
  }

  /** All entries, deletions included, in no particular order. */
  all(): Iterable<Entry> {
    return all(this.#entries)
  }

  /** Entries with a counter greater than `from`, by counter. */
  since(from: number): Entry[] {
    const found = toList(this.#entries).filter(({ n }) => n > from)
    return found.length > 1 ? found.sort((a, b) => a.n - b.n) : found
  }

  /**
   * Why `entries` cannot all be merged, or `undefined` if they can: to be asked before any of them is.
   * @param times how often the caps; copies that grew apart need more room together than each of them
   */
  refuses(entries: readonly Entry[], times = 1): StoreFault | undefined {
    let fresh = 0
    for (const entry of entries) {
      if (entry.body.byteLength > this.#caps.recordBytes) return 'record-too-large'
      if (this.get(entry.key) === undefined) fresh += 1
    }
    if (this.#bytes + this.growth(entries) > times * this.#caps.stateBytes) return 'state-full'
    return this.size + fresh > times * this.#caps.entries ? 'too-many-entries' : undefined
  }

  /** Bytes by which the store would be larger with these. */
  growth(entries: readonly Entry[]): number {
    let bytes = 0
    for (const entry of entries) {
      const old = this.get(entry.key)
      if (old === undefined) bytes += sizeOf(entry)
      else if (compareVersions(entry, old) > 0) bytes += sizeOf(entry) - sizeOf(old)
    }
    return bytes
  }

  /** Takes in what is newer. @returns the entries that changed something. */
  merge(entries: readonly Entry[]): Entry[] {
    const taken = entries.filter((entry) => this.#put(entry))
    if (!taken.some(isTrace)) return taken
    const old = faded(all(this.#entries))
    for (const entry of old) {
      this.#account(entry, -1)
      this.#entries = remove(this.#entries, entry.key, keyOf)
    }
    return taken.filter((entry) => !old.includes(entry))
  }

  #put(entry: Entry): boolean {
    const old = this.get(entry.key)
    if (old !== undefined && compareVersions(entry, old) <= 0) return false
    if (old !== undefined) this.#account(old, -1)
    this.#account(entry, 1)
    this.#entries = put(this.#entries, entry, keyOf)
    this.#top = Math.max(this.#top, entry.n)
    return true
  }

  #account(entry: Entry, sign: 1 | -1): void {
    this.#bytes += sign * sizeOf(entry)
    const [high, low] = hashEntry(entry)
    // A sum is independent of order; xor would let a pair of equal changes vanish.
    this.#text = undefined
    this.#high = (this.#high + sign * high) | 0
    this.#low = (this.#low + sign * low) | 0
  }
}

/** Two 32-bit FNV-1a hashes of different offsets over key, version and body. */
function hashEntry({ key, n, by, body }: Entry): [number, number] {
  const text = `${n} ${by} ${key} ${body.byteLength}\n`
  return [fnv(body, fnvOfText(text, 0x811c9dc5)), fnv(body, fnvOfText(text, 0x01234567))]
}

function fnv(bytes: Uint8Array, offset: number): number {
  let hash = offset
  for (let index = 0; index < bytes.byteLength; index++) {
    hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193)
  }
  return hash
}

/** Of its UTF-8; what is ASCII needs no encoder for that. */
function fnvOfText(text: string, offset: number): number {
  let hash = offset
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7f) return fnv(new TextEncoder().encode(text), offset)
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return hash
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0')
}
