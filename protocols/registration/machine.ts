/**
 * The registrar: what one peer publishes, and what it looks up, and when.
 *
 * Law: who writes a state registers it: its own, and that of every owner for whom it stands in. What was
 * registered is said again long before it expires, soon after it was new (whom it was left with may not be the
 * nearest yet, and leaves), at once when it changes, and again when it failed; each at a moment of its own. What
 * changes again and again is said ever more rarely, and a failure is not got over by having more to say: whoever is
 * slow to take it would be slower for it. At goodbye all of it is withdrawn. Who holds a copy looks now and then
 * whether someone writes whom it does not know. When there are others again after there was nobody, everything is due.
 */
import type { Delegation, Epoch } from '../contingency/index.ts'
import { type Machine as AnyMachine, earliest, type Millis, type Tick, unreachable } from '../machine.ts'
import type { Registration } from './messages.ts'

/** What a writer says of a state. */
export interface Writing {
  epoch: Epoch
  /** Who holds it, in rank order. */
  contingents: readonly string[]
  /** By what right, if the state is not its own. */
  chain: readonly Delegation[]
}

/** How this peer is reached, and what it wants everyone to call it. */
export interface Ways {
  relays: readonly string[]
  name?: string
}

export type Input =
  /** This peer writes the state of `owner`. Said again whenever anything of it changes. */
  | { type: 'writes'; owner: string; writing: Writing }
  /** It does not any more: what another registers stands. */
  | { type: 'yields'; owner: string }
  /** Owners whose copies are held here and that this peer does not write for: all of them, each time. */
  | { type: 'holds'; owners: readonly string[] }
  | { type: 'ways'; ways: Ways }
  /** What came of a `put`: how many others keep it now. None is a failure. */
  | { type: 'put'; owner: string; sequence: number; copies: number }
  /** There is somebody to ask, after there was nobody. */
  | { type: 'company' }
  /** Goodbye. */
  | { type: 'leave' }
  | Tick

/** All of a registration but when it expires: the driver's clock says that. */
export type Draft = Omit<Registration, 'expires'>

export type Output =
  | { type: 'put'; draft: Draft }
  /** Look up who writes. What is found is for the contingency machine. */
  | { type: 'look'; owner: string }

export interface Config {
  self: string
  /** Uniform in [0, 1): a seeded generator. */
  random: () => number
  /** From a new epoch to its `put`: somebody is looking just now, but who holds is known a moment later. */
  begin: Millis
  /** From a change to its `put`, so that several changes are one. */
  coalesce: Millis
  /** From a `put` to one for a further change: `coalesce` at first, doubled each time up to this. */
  calm: Millis
  /** From the first `put` to the next; it doubles each time up to `republish`. */
  again: Millis
  republish: Millis
  /** From a failed `put` to the next; it doubles with each failure up to `retryCap`. */
  retry: Millis
  retryCap: Millis
  /** A `put` of which nothing is heard has failed. */
  patience: Millis
  /** From one look for an owner whose copy is held to the next: one owner each time, in turn. */
  consult: Millis
}

/**
 * A look-up costs some 20 kB where eight peers know of eight more each, and a put with the look-up after it 50 kB
 * (reckoned from the sizes of their messages): 80 B/s at one in ten minutes, 70 B/s at a look in five, whatever is
 * held, over all links together. Of eight peers that keep a registration half are gone in ten minutes if a page is
 * open for ten (guess), and it is then still found.
 */
export const defaultTiming = {
  begin: 250,
  coalesce: 1_000,
  calm: 30_000,
  again: 60_000,
  republish: 600_000,
  retry: 1_000,
  retryCap: 60_000,
  patience: 30_000,
  consult: 300_000,
} as const

interface Entry {
  writing: Writing
  sequence: number
  putAt: Millis
  /** When it was put last, and whether nothing was heard of that yet. */
  lastAt: Millis
  waiting: boolean
  /** Puts in a row that others kept, or that failed. */
  kept: number
  failed: number
  /** Puts for a change since it last stayed as it was for a while. */
  changes: number
  /** Changed since the last `put`: what comes of that one is of no interest. */
  changed: boolean
}

export class Machine implements AnyMachine<Input, Output> {
  readonly #config: Config
  readonly #entries = new Map<string, Entry>()
  #holds: string[] = []
  #ways: Ways = { relays: [] }
  #consultAt: Millis | undefined
  #left = false

  constructor(config: Config) {
    this.#config = config
  }

  nextDeadline(): Millis | undefined {
    if (this.#left) return undefined
    return earliest([this.#consultAt, ...[...this.#entries.values()].map(({ putAt }) => putAt)])
  }

  handle(input: Input, now: Millis): readonly Output[] {
    if (this.#left) return []
    switch (input.type) {
      case 'writes':
        return this.#writes(input.owner, input.writing, now)
      case 'yields':
        this.#entries.delete(input.owner)
        return []
      case 'holds':
        // Those whose turn is near keep it.
        this.#holds = [
          ...new Set([...this.#holds.filter((id) => input.owners.includes(id)), ...input.owners]),
        ]
        if (this.#holds.length === 0) this.#consultAt = undefined
        else this.#consultAt ??= now + this.#jitter(this.#config.consult)
        return []
      case 'ways':
        if (JSON.stringify(input.ways) === JSON.stringify(this.#ways)) return []
        this.#ways = input.ways
        for (const entry of this.#entries.values()) this.#change(entry, now)
        return []
      case 'put':
        this.#settle(input.owner, input.sequence, input.copies, now)
        return []
      case 'company':
        for (const entry of this.#entries.values()) {
          if (entry.kept > 0) continue
          entry.failed = 0
          this.#change(entry, now)
        }
        return [this.#config.self, ...this.#holds].map((owner) => ({ type: 'look', owner }))
      case 'leave':
        this.#left = true
        // What was never put need not be withdrawn.
        return [...this.#entries].flatMap(([owner, entry]) =>
          entry.sequence === 0 ? [] : [this.#put(owner, entry, true)],
        )
      case 'tick':
        return [...this.#consult(now), ...this.#due(now)]
      default:
        return unreachable(input)
    }
  }

  #writes(owner: string, writing: Writing, now: Millis): Output[] {
    const before = this.#entries.get(owner)
    if (before === undefined || !sameEpoch(before.writing.epoch, writing.epoch)) {
      const none = { sequence: 0, kept: 0, failed: 0, changes: 0, lastAt: Number.NEGATIVE_INFINITY }
      const putAt = now + this.#config.begin
      this.#entries.set(owner, { ...none, writing, waiting: false, changed: true, putAt })
    } else if (before.writing.contingents.join() !== writing.contingents.join()) {
      before.writing = writing
      this.#change(before, now)
    } else before.writing = writing
    return []
  }

  #change(entry: Entry, now: Millis): void {
    const { coalesce, calm } = this.#config
    const retryAt = entry.failed > 0 && !entry.waiting ? entry.putAt : now
    const gap = Math.min(coalesce * 2 ** entry.changes, calm)
    const at = Math.max(now + coalesce, entry.lastAt + gap, retryAt)
    // Of several changes the first sets the time, or one that changes each second would never be put.
    entry.putAt = entry.changed ? Math.min(entry.putAt, at) : at
    entry.changed = true
    entry.kept = 0
  }

  #settle(owner: string, sequence: number, copies: number, now: Millis): void {
    const entry = this.#entries.get(owner)
    if (entry === undefined || entry.sequence !== sequence) return
    entry.waiting = false
    if (entry.changed) return
    const { again, republish, retry, retryCap } = this.#config
    if (copies > 0) {
      entry.putAt = now + this.#jitter(Math.min(again * 2 ** entry.kept, republish))
      entry.kept += 1
      entry.failed = 0
    } else {
      entry.putAt = now + this.#jitter(Math.min(retry * 2 ** entry.failed, retryCap))
      entry.failed += 1
      entry.kept = 0
    }
  }

  #due(now: Millis): Output[] {
    const due = [...this.#entries].filter(([, { putAt }]) => now >= putAt)
    return due.map(([owner, entry]) => {
      if (entry.changed) entry.changes += 1
      else if (entry.kept > 0) entry.changes = 0
      entry.putAt = now + this.#config.patience
      entry.lastAt = now
      return this.#put(owner, entry, false)
    })
  }

  #put(owner: string, entry: Entry, gone: boolean): Output {
    entry.sequence += 1
    entry.changed = false
    entry.waiting = true
    const { epoch, contingents, chain } = entry.writing
    const { relays, name } = this.#ways
    const named = name === undefined || owner !== this.#config.self ? {} : { name }
    const said = { contingents: [...contingents], chain: [...chain], relays: [...relays], ...named }
    return {
      type: 'put',
      draft: { type: 'registration', owner, epoch, sequence: entry.sequence, gone, ...said },
    }
  }

  #consult(now: Millis): Output[] {
    if (this.#consultAt === undefined || now < this.#consultAt) return []
    this.#consultAt = now + this.#jitter(this.#config.consult)
    const owner = this.#holds.shift()
    if (owner === undefined) return []
    this.#holds.push(owner)
    return [{ type: 'look', owner }]
  }

  /** Between three quarters and the whole of it: never in step with others, never later than said. */
  #jitter(span: Millis): Millis {
    return Math.max(1, Math.round(span * (0.75 + this.#config.random() / 4)))
  }
}

function sameEpoch(a: Epoch, b: Epoch): boolean {
  return a.n === b.n && a.session === b.session && a.writer === b.writer
}
