/**
 * The part of an owner that is back: it gathers what is held for it, then writes in a greater epoch.
 *
 * Law: it does not write as owner before everyone who answered has given it all it had, or has stopped
 * answering. Its own entries that nobody had backed up yet merge with the rest by version; none is dropped.
 */
import type { Millis } from '../machine.ts'
import { SPAN } from '../state/index.ts'
import { holdsRightly } from './chain.ts'
import type { Duty, Play } from './duty.ts'
import { type Epoch, ownersNext } from './epoch.ts'
import type { Inner, Of } from './messages.ts'

/** What came of it. */
export interface Gathered {
  epoch: Epoch
  /** Who gave all it had, the stand-in first. */
  keep: string[]
  /** Who may hold something still. */
  tell: string[]
}

interface Source {
  state: 'asked' | 'fetching' | 'done' | 'empty' | 'silent'
  got: number
  /** It is asked again. */
  againAt: Millis
  /** It is given up. */
  until: Millis
  /** Stands in: its rank comes first. */
  standing: boolean
}

/** Peers that may hold something: those remembered, those registered, those who come forward. */
const MAX_SOURCES = 16

export class Returning implements Play {
  readonly #duty: Duty
  readonly #sources = new Map<string, Source>()
  readonly #done: (gathered: Gathered, now: Millis) => void
  readonly #begun: Millis
  #n: number

  /** @param done begins to write */
  constructor(
    duty: Duty,
    known: readonly string[],
    done: (gathered: Gathered, now: Millis) => void,
    now: Millis,
  ) {
    this.#duty = duty
    this.#done = done
    this.#begun = now
    this.#n = duty.epoch.n
    for (const peer of known) this.hint(peer, now)
  }

  get minds(): number {
    return this.#sources.size
  }

  /** Someone who may hold something. */
  hint(peer: string, now: Millis): void {
    const { self, config } = this.#duty.home
    if (peer === self || this.#sources.has(peer) || this.#sources.size >= MAX_SOURCES) return
    const source: Source = {
      state: 'asked',
      got: 0,
      againAt: now + config.again,
      until: now + config.gather,
      standing: false,
    }
    this.#sources.set(peer, source)
    this.#ask(peer, source)
  }

  nextDeadline(): Millis | undefined {
    const waits = [...this.#sources.values()]
      .filter(open)
      .map(({ againAt, until }) => Math.min(againAt, until))
    return waits.length > 0 ? Math.min(...waits) : this.#begun
  }

  tick(now: Millis): void {
    for (const [peer, source] of this.#sources) {
      if (!open(source)) continue
      if (now >= source.until) source.state = 'silent'
      else if (now >= source.againAt) {
        source.againAt = now + this.#duty.home.config.again
        this.#ask(peer, source)
      }
    }
    this.#maybeDone(now)
  }

  concerns(peer: string): boolean {
    return this.#sources.has(peer)
  }

  misses(peer: string): boolean {
    return this.concerns(peer)
  }

  closed(peer: string, now: Millis): void {
    const source = this.#sources.get(peer)
    if (source === undefined || !open(source)) return
    source.state = 'silent'
    this.#maybeDone(now)
  }

  woke(now: Millis): void {
    for (const source of this.#sources.values()) {
      if (open(source)) source.until = now + this.#duty.home.config.gather
    }
  }

  take(from: string, message: Inner, now: Millis): void {
    const source = this.#sources.get(from)
    // Whatever is said of us tells how far others have come.
    if (message.epoch.writer === from || message.type === 'held') this.#hear(from, message, now)
    switch (message.type) {
      case 'held':
        return this.#onHeld(from, message, now)
      case 'delta':
        return source === undefined ? undefined : this.#onDelta(source, message, now)
      case 'left':
        if (source !== undefined && source.state !== 'done') source.state = 'empty'
        return this.#maybeDone(now)
      case 'stored':
      case 'accept':
      case 'probe':
      case 'fenced':
        // It speaks of our state, so it holds something.
        return this.hint(from, now)
      default:
        return
    }
  }

  /** A claim to an epoch counts only as far as it is proven; what is not proven now can be fenced later. */
  #hear(from: string, message: Inner, now: Millis): void {
    const chain = 'chain' in message ? message.chain : []
    if (this.#duty.believes(message.epoch, chain)) this.#n = Math.max(this.#n, message.epoch.n)
    this.hint(from, now)
  }

  #onHeld(from: string, message: Of<'held'>, now: Millis): void {
    const { owner, store, home } = this.#duty
    if (!holdsRightly(owner, from, message.chain)) return
    const source = this.#sources.get(from)
    if (source === undefined || source.state === 'done') return
    source.standing = message.epoch.writer === from
    if (message.digest === store.digest) {
      source.state = 'done'
      return this.#maybeDone(now)
    }
    if (source.state === 'fetching') return
    source.state = 'fetching'
    source.until = now + home.config.gather
    this.#ask(from, source)
  }

  #onDelta(source: Source, message: Of<'delta'>, now: Millis): void {
    // Entries are as good as ever, though who sent them may be gone meanwhile.
    const absorbed = this.#duty.absorb(message.entries)
    if (source.state !== 'fetching' || message.from > source.got) return
    if (absorbed === undefined) source.state = 'silent'
    source.got = Math.max(source.got, message.to)
    source.againAt = now + this.#duty.home.config.again
    source.until = now + this.#duty.home.config.gather
    if (message.last && open(source)) source.state = 'done'
    this.#maybeDone(now)
  }

  #ask(peer: string, { state, got }: Source): void {
    const { head } = this.#duty
    this.#duty.send(
      peer,
      state === 'fetching' ? { type: 'fetch', ...head, from: got } : { type: 'return', ...head },
    )
  }

  #maybeDone(now: Millis): void {
    const sources = [...this.#sources]
    if (sources.some(([, source]) => open(source))) return
    const keep = sources.filter(([, { state }]) => state === 'done')
    keep.sort(([, a], [, b]) => Number(b.standing) - Number(a.standing))
    const tell = sources.filter(([, { state }]) => state === 'silent')
    const { home, store } = this.#duty
    // Beyond what was written in any epoch, too, of which nobody who answered had the proof.
    const n = ownersNext(Math.max(this.#n, Math.floor(store.top / SPAN)))
    const epoch = { n, writer: home.self, session: home.session }
    this.#done({ epoch, keep: keep.map(([id]) => id), tell: tell.map(([id]) => id) }, now)
  }
}

function open({ state }: Source): boolean {
  return state === 'asked' || state === 'fetching'
}
