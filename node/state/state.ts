/**
 * `node.state`: the records of this peer, as a developer reads and writes them. Small things of one person, which
 * outlive the tab: contacts, recent calls, a profile.
 *
 * Law: a write that resolved is kept on this machine; one that resolved as `backed-up` is kept by those it names,
 * too. A write that is refused changes nothing. Writes happen in the order in which they were asked for. What
 * makes them last (storage, holders, epochs) is behind `Port`.
 */
import type { AbortOptions } from '@libp2p/interface'
import { raceSignal } from 'race-signal'
import { defaultCaps, type Entry, INBOX, type Version } from '#protocols/state/index'
import { ColoniaError } from '../errors.ts'
import type { PeerId } from '../peer-id.ts'
import type { Draft, Opened, Seal } from './seal.ts'
import { packValue, unpackValue } from './value.ts'
import { View } from './view.ts'
import { type StateChange, Watch } from './watch.ts'

/** Longest name, in UTF-16 units: with its prefix it fits a key on the wire. */
export const MAX_NAME = 128
/** Most entries of one write: they travel in one message, so that nobody ever holds a part of it. */
export const MAX_BULK = 128
/** Most bytes of one record, or of all records of one write, sealed and signed: what one message carries. */
export const MAX_BYTES = defaultCaps.recordBytes

/** What keeps entries and spreads them. */
export interface Port {
  /**
   * Has the entries sealed for the version that they will have, and keeps and merges all of them or none. If
   * another write comes between, they are sealed once more.
   * @throws ColoniaError `state-full`, `record-too-large`, `storage`, `superseded`, `stopped`
   */
  write(seal: (version: Version) => Promise<readonly Entry[]>): Promise<Version>
  /** Another device of the owner writes now. */
  readonly superseded: boolean
  /** All own entries that there are. */
  entries(): Iterable<Entry>
  /** Holders that have everything up to counter `n`. */
  backed(n: number): readonly PeerId[]
  /** Calls back with entries that were merged, or with none when holders have come further. */
  onChange(callback: (merged: readonly Entry[]) => void): () => void
}

export interface WriteOptions extends AbortOptions {
  /**
   * `local` (the default): resolves once it is kept here. `backed-up`: once a holder has it, however long it
   * takes to find one; a signal that ends the wait does not undo the write.
   */
  until?: 'local' | 'backed-up'
}

export interface PutOptions extends WriteOptions {
  /** Anyone may ask for it, and sees that we wrote it. Default: sealed, for ourselves alone. */
  public?: boolean
}

export type Write =
  | { type: 'put'; name: string; value: unknown; public?: boolean }
  | { type: 'delete'; name: string }

export interface Written {
  version: Version
  /** Who else has it now. */
  holders: readonly PeerId[]
}

/** A record, with a fresh copy of its value. */
export interface StateRecord {
  name: string
  value: unknown
  public: boolean
}

export class State {
  readonly #seal: Seal
  readonly #port: Port
  readonly #view = new View()
  readonly #watches = new Set<Watch>()
  readonly #unsubscribe: () => void
  /** What is being written, and what waits for it. */
  #last: Promise<unknown> = Promise.resolve()
  #turn = Promise.withResolvers<void>()
  #stopped = false

  /** Reads what there is. */
  static async open(seal: Seal, port: Port): Promise<State> {
    const state = new State(seal, port)
    await state.#inOrder(() => state.#take(port.entries()))
    return state
  }

  private constructor(seal: Seal, port: Port) {
    this.#seal = seal
    this.#port = port
    this.#unsubscribe = port.onChange((merged) => {
      this.#wake()
      void this.#inOrder(() => this.#take(merged))
    })
  }

  /** A fresh copy of the value called `name`, or `undefined` if there is none. */
  get(name: string): unknown {
    const draft = this.#view.get(name)
    return draft === undefined ? undefined : unpackValue(draft.packed)
  }

  /** Records whose names begin with `prefix`, in the order of their names. */
  list(prefix = ''): StateRecord[] {
    const drafts = this.#view.names(prefix).flatMap((name) => this.#view.get(name) ?? [])
    return drafts.map(recordOf)
  }

  /**
   * Keeps `value`, which is anything that MessagePack carries, under `name`, in place of what was there.
   * @param name 1 to 128 characters
   * @throws ColoniaError `bad-record`, `record-too-large` (64 KiB), `state-full` (1 MiB), `storage`, `stopped`,
   * `superseded` (this peer was started on another device);
   * or the signal's reason
   */
  async put(
    name: string,
    value: unknown,
    { public: open = false, ...options }: PutOptions = {},
  ): Promise<Written> {
    const draft = { name: checkName(name), packed: packValue(value), public: open }
    // It always changes something: the version.
    return (await this.#write([draft], [name], options)) as Written
  }

  /** Deletes what is called `name`; `undefined` if there is no such record. @throws like `put` */
  async delete(name: string, options: WriteOptions = {}): Promise<Written | undefined> {
    return this.#write([], [checkName(name)], options)
  }

  /**
   * All of `writes` or none; of several to one name the last counts. At most 128 records, 64 KiB in all: a write
   * travels whole. `undefined` if they change nothing.
   * @throws like `put`
   */
  async bulk(writes: readonly Write[], options: WriteOptions = {}): Promise<Written | undefined> {
    const last = new Map(writes.map((write) => [checkName(write.name), write]))
    const drafts = [...last.values()].flatMap((write) => {
      if (write.type === 'delete') return []
      return { name: write.name, packed: packValue(write.value), public: write.public ?? false }
    })
    return this.#write(drafts, [...last.keys()], options)
  }

  /**
   * Changes from now on to names that begin with `prefix`, made here or elsewhere. Of a name that changes faster
   * than it is read only the last change is seen. Ends when the node stops; throws the signal's reason.
   */
  watch(prefix = '', { signal }: AbortOptions = {}): AsyncIterableIterator<StateChange> {
    const watch = new Watch(prefix, signal, () => this.#watches.delete(watch))
    this.#watches.add(watch)
    if (this.#stopped || signal?.aborted) watch.end()
    return watch
  }

  /** Ends watches and waits; resolves when the last write is over. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#unsubscribe()
    this.#wake()
    for (const watch of this.#watches) watch.end()
    await this.#last
  }

  /** Writes `drafts`, and deletes whatever else lies under `names`. `undefined` if that is nothing. */
  async #write(
    drafts: readonly Draft[],
    names: readonly string[],
    { until = 'local', signal }: WriteOptions,
  ): Promise<Written | undefined> {
    const version = await this.#inOrder(async () => {
      this.#check(signal)
      const keys = await Promise.all(drafts.map((draft) => this.#seal.keyOf(draft)))
      const stale = names.flatMap((name) => this.#view.keysOf(name)).filter((key) => !keys.includes(key))
      if (drafts.length + stale.length === 0) return undefined
      let sealed: readonly Entry[] = []
      const stamped = await this.#port.write(async (next) => {
        sealed = await this.#sealAll(drafts, stale, next)
        return sealed
      })
      for (const [index, entry] of sealed.entries()) {
        const draft = drafts[index]
        this.#show(entry, draft === undefined ? { type: 'deleted' } : { type: 'record', ...draft })
      }
      return stamped
    })
    if (version === undefined) return undefined
    if (until === 'backed-up') await this.#backedUp(version.n, signal)
    return { version, holders: this.#port.backed(version.n) }
  }

  /** Entries of `drafts` and then of the deletions. */
  async #sealAll(drafts: readonly Draft[], stale: readonly string[], version: Version): Promise<Entry[]> {
    const all = await Promise.all([
      ...drafts.map((draft) => this.#seal.seal(draft, version)),
      ...stale.map((key) => this.#seal.erase(key, version)),
    ])
    const bytes = all.reduce((sum, { body }) => sum + body.byteLength, 0)
    if (all.length <= MAX_BULK && bytes <= MAX_BYTES) return all
    const what = `${bytes} bytes in ${all.length} entries`
    throw new ColoniaError('record-too-large', `${what}; a write has at most ${MAX_BYTES} in ${MAX_BULK}`)
  }

  async #backedUp(n: number, signal: AbortSignal | undefined): Promise<void> {
    while (this.#port.backed(n).length === 0) {
      this.#check(signal)
      if (this.#port.superseded) throw superseded()
      await raceSignal(this.#turn.promise, signal)
    }
  }

  async #take(entries: Iterable<Entry>): Promise<void> {
    const all = [...entries].filter((entry) => !entry.key.startsWith(INBOX) && !this.#view.has(entry))
    const opened = await Promise.all(all.map((entry) => this.#seal.open(entry)))
    for (const [index, entry] of all.entries()) {
      const content = opened[index]
      // What we did not write was refused at the door; whatever is left of it shows nothing.
      if (content !== undefined) this.#show(entry, content)
    }
  }

  #show(entry: Entry, opened: Opened): void {
    const name = this.#view.show(entry, opened)
    if (name === undefined) return
    for (const watch of this.#watches) watch.give(this.#changeOf(name))
  }

  #changeOf(name: string): StateChange {
    const draft = this.#view.get(name)
    return draft === undefined ? { type: 'delete', name } : { type: 'put', ...recordOf(draft) }
  }

  #inOrder<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act)
    this.#last = done.catch(() => {})
    return done
  }

  #wake(): void {
    this.#turn.resolve()
    this.#turn = Promise.withResolvers()
  }

  #check(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted()
    if (this.#stopped) throw new ColoniaError('stopped', 'the node was stopped')
  }
}

export function superseded(): ColoniaError {
  return new ColoniaError('superseded', 'this peer was started on another device, which writes now')
}

function recordOf({ name, packed, public: open }: Draft): StateRecord {
  return { name, value: unpackValue(packed), public: open }
}

function checkName(name: string): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= MAX_NAME && name.isWellFormed())
    return name
  throw new ColoniaError('bad-record', `a record's name is text of 1 to ${MAX_NAME} characters`)
}
