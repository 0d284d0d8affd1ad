/** Peers that one writer does not ask to hold its state for a while, because they failed or refused. */
import { plus, without } from '../lists.ts'
import { type Millis, sooner } from '../machine.ts'
import type { Config } from './config.ts'

/** Peers kept in mind; of more, those whose time is over are forgotten. */
const MAX_SHUNNED = 64
/** Who refuses time and again is asked after 2, 4, 8, … minutes; an hour at most. */
const MAX_DOUBLINGS = 5

/** Most shun nobody, most of the time, and there are very many. */
const NOBODY: readonly Shun[] = []

interface Shun {
  readonly peer: string
  readonly at: Millis
  readonly until: Millis
  readonly refusals: number
}

export class Shunned {
  readonly #times: Pick<Config, 'shun' | 'full'>
  #peers = NOBODY

  constructor(times: Pick<Config, 'shun' | 'full'>) {
    this.#times = times
  }

  get size(): number {
    return this.#peers.length
  }

  /** Whether it failed or refused, and that is not forgotten. */
  knows(peer: string): boolean {
    return this.#of(peer) !== undefined
  }

  /** Whether it is not to be asked now. */
  has(peer: string, now: Millis): boolean {
    return (this.#of(peer)?.until ?? now) > now
  }

  /** @param refused it said no, so that it is there; else it failed */
  add(peer: string, refused: boolean, now: Millis): void {
    const { shun, full } = this.#times
    const before = this.#of(peer)?.refusals ?? 0
    this.pardon(peer)
    const over = this.#peers.find(({ until }) => until <= now)
    if (this.#peers.length >= MAX_SHUNNED && over !== undefined) this.pardon(over.peer)
    if (this.#peers.length >= MAX_SHUNNED) return
    const wait = refused ? full * 2 ** Math.min(before, MAX_DOUBLINGS) : shun
    const refusals = refused ? before + 1 : before
    this.#peers = plus(this.#peers, { peer, at: now, until: now + wait, refusals })
  }

  /** It holds, and all is forgotten. */
  pardon(peer: string): void {
    if (this.knows(peer)) this.#peers = without(this.#peers, (shun) => shun.peer === peer)
  }

  /** It is there again: that it failed is forgotten, that it refused is not. */
  heard(peer: string): void {
    if (this.#of(peer)?.refusals === 0) this.pardon(peer)
  }

  /** Who has a copy and has not refused of late can be asked to keep it. */
  isWilling(peer: string, now: Millis): boolean {
    const { refusals = 0, at = now } = this.#of(peer) ?? {}
    return refusals === 0 || now - at >= this.#times.full
  }

  /** When somebody can be asked again. */
  retryAt(now: Millis): Millis | undefined {
    let first: Millis | undefined
    for (const { until } of this.#peers) if (until > now) first = sooner(first, until)
    return first
  }

  #of(peer: string): Shun | undefined {
    for (const shun of this.#peers) if (shun.peer === peer) return shun
    return undefined
  }
}
