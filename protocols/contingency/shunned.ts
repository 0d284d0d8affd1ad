/** Peers that one writer does not ask to hold its state for a while, because they failed or refused. */
import { type Millis, sooner } from '../machine.ts'
import type { Config } from './config.ts'

/** Peers kept in mind; of more, those whose time is over are forgotten. */
const MAX_SHUNNED = 64
/** Who refuses time and again is asked after 2, 4, 8, … minutes; an hour at most. */
const MAX_DOUBLINGS = 5

const NOBODY: Map<string, Shun> = new Map()

interface Shun {
  at: Millis
  until: Millis
  refusals: number
}

export class Shunned {
  readonly #times: Pick<Config, 'shun' | 'full'>
  /** Most shun nobody, most of the time, and there are very many. */
  #peers: Map<string, Shun> = NOBODY

  constructor(times: Pick<Config, 'shun' | 'full'>) {
    this.#times = times
  }

  get size(): number {
    return this.#peers.size
  }

  /** Whether it failed or refused, and that is not forgotten. */
  knows(peer: string): boolean {
    return this.#peers.has(peer)
  }

  /** Whether it is not to be asked now. */
  has(peer: string, now: Millis): boolean {
    return (this.#peers.get(peer)?.until ?? now) > now
  }

  /** @param refused it said no, so that it is there; else it failed */
  add(peer: string, refused: boolean, now: Millis): void {
    const { shun, full } = this.#times
    if (this.#peers === NOBODY) this.#peers = new Map()
    const before = this.#peers.get(peer)?.refusals ?? 0
    const over = [...this.#peers].find(([, { until }]) => until <= now)?.[0]
    if (this.#peers.size >= MAX_SHUNNED && over !== undefined) this.#peers.delete(over)
    if (this.#peers.size >= MAX_SHUNNED) return
    const wait = refused ? full * 2 ** Math.min(before, MAX_DOUBLINGS) : shun
    this.#peers.set(peer, { at: now, until: now + wait, refusals: refused ? before + 1 : before })
  }

  /** It holds, and all is forgotten. */
  pardon(peer: string): void {
    this.#peers.delete(peer)
  }

  /** It is there again: that it failed is forgotten, that it refused is not. */
  heard(peer: string): void {
    if (this.#peers.get(peer)?.refusals === 0) this.#peers.delete(peer)
  }

  /** Who has a copy and has not refused of late can be asked to keep it. */
  isWilling(peer: string, now: Millis): boolean {
    const { refusals = 0, at = now } = this.#peers.get(peer) ?? {}
    return refusals === 0 || now - at >= this.#times.full
  }

  /** When somebody can be asked again. */
  retryAt(now: Millis): Millis | undefined {
    let first: Millis | undefined
    for (const { until } of this.#peers.values()) if (until > now) first = sooner(first, until)
    return first
  }
}
