/**
 * The own state as `node.state` writes it, on top of the contingency machine.
 *
 * Law: what is written is kept on the own disk before it is merged and sent, under a version that nothing else was
 * given meanwhile; who has it is said only by who said so.
 */
import type { Input, Machine } from '#protocols/contingency/index'
import type { Entry, StoreFault, Version } from '#protocols/state/index'
import { ColoniaError } from '../errors.ts'
import type { PeerId } from '../peer-id.ts'
import type { Keep } from '../state/keep.ts'
import { type Port, superseded } from '../state/state.ts'

export interface OwnStateInit {
  self: PeerId
  machine: Machine
  keep: Keep
  give: (input: Input) => void
  /** What is written has changed what would be lost. */
  onChange: () => void
}

export class OwnState implements Port {
  readonly #init: OwnStateInit
  readonly #backed = new Map<PeerId, number>()
  readonly #listeners = new Set<(merged: readonly Entry[]) => void>()
  /** Entries of the last write, which were kept before they were merged. */
  #kept: readonly Entry[] = []
  #writes = 0
  #rejected = 0
  #stopped = false

  constructor(init: OwnStateInit) {
    this.#init = init
  }

  /** Entries that nobody else has yet. */
  get unbacked(): number {
    const { machine, self } = this.#init
    return machine.duty(self)?.store.since(Math.max(0, ...this.#backed.values())).length ?? 0
  }

  /** Entries that this holder has not said to have. */
  lackedBy(holder: PeerId): number {
    const { machine, self } = this.#init
    return machine.duty(self)?.store.since(this.#backed.get(holder) ?? 0).length ?? 0
  }

  get superseded(): boolean {
    const { machine, self } = this.#init
    return machine.duty(self)?.part === 'superseded'
  }

  async write(seal: (version: Version) => Promise<readonly Entry[]>): Promise<Version> {
    const { machine, self, keep, give, onChange } = this.#init
    while (true) {
      if (this.#stopped) throw new ColoniaError('stopped', 'the node was stopped')
      if (this.superseded) throw superseded()
      const version = machine.next
      if (version === undefined) throw new ColoniaError('stopped', 'the node has not started')
      const entries = await seal(version)
      const fault = machine.duty(self)?.store.refuses(entries)
      if (fault !== undefined) throw refusal(fault)
      // Something was merged while it was being sealed and took its number.
      if (machine.next?.n !== version.n) continue
      // Kept before it is merged: a full disk refuses the write and changes nothing.
      await keep.write([{ type: 'entries', owner: self, entries }])
      this.#kept = entries
      this.#writes += 1
      give({ type: 'write', id: this.#writes, entries })
      // Another device took over meanwhile: it is kept here, and merges when this one is started again.
      if (this.superseded) return version
      // Something was merged meanwhile that took our number: another one, over what was just kept.
      if (this.#rejected === this.#writes) continue
      onChange()
      return version
    }
  }

  entries(): Iterable<Entry> {
    const { machine, self, keep } = this.#init
    return machine.duty(self)?.store.all() ?? keep.kept.own
  }

  backed(n: number): readonly PeerId[] {
    return [...this.#backed].filter(([, upTo]) => upTo >= n).map(([peer]) => peer)
  }

  onChange(callback: (merged: readonly Entry[]) => void): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  /** The machine merged these. @returns those that are yet to be kept */
  merged(entries: readonly Entry[]): readonly Entry[] {
    this.#tell(entries)
    return entries.filter((entry) => !this.#kept.includes(entry))
  }

  hasBacked(holder: PeerId, upTo: number): void {
    this.#backed.set(holder, upTo)
    this.#tell([])
  }

  rejected(id: number): void {
    this.#rejected = id
  }

  /** These hold it from now on; what others had does not count any more. */
  held(roster: readonly PeerId[]): void {
    for (const peer of this.#backed.keys()) if (!roster.includes(peer)) this.#backed.delete(peer)
    // Who waits for a holder must hear that none will come.
    if (this.superseded) this.#tell([])
  }

  stop(): void {
    this.#stopped = true
  }

  #tell(entries: readonly Entry[]): void {
    for (const listener of this.#listeners) listener(entries)
  }
}

function refusal(fault: StoreFault): ColoniaError {
  if (fault === 'record-too-large') return new ColoniaError('record-too-large', 'a record has at most 64 KiB')
  return new ColoniaError('state-full', 'the state is full: 1 MiB, or 4096 records')
}
