/**
 * What a peer remembers of entrances from one start to the next: bootstraps it has heard of, and peers that can
 * be dialled directly. Addresses and times, no secrets.
 *
 * Law: what is given in the options is never pushed out, because it takes no place here that others could want.
 * Of bootstraps the first to go are those that were never reached, and nobody's word brings more than four:
 * so a liar fills a few places until someone else tells of others. Of peers the one that was seen longest ago goes.
 */
import type { KnownBootstrap, KnownPeer, Memories } from '../state/keep.ts'
import { peerIn, sensible } from './hearsay.ts'

/** Bootstraps in all, with those given: as many as may be given. */
export const MAX_BOOTSTRAPS = 16
/** Of those that one bootstrap told of and that were not yet reached. */
export const MAX_TOLD = 4
/** Peers that can be dialled. */
export const MAX_PEERS = 16
/** A bootstrap that was not reached for so long counts as one that never was: 30 days (guess). */
const STALE = 30 * 24 * 3_600_000

export interface MemoryInit {
  kept: Memories
  /** Entrances that the options name. */
  given: readonly string[]
  /** Keeps it; what fails is forgotten at the next start and no more. */
  write: (memories: Memories) => Promise<void>
  /** Wall-clock milliseconds, since they outlive the process. */
  now?: () => number
}

export class Memory {
  readonly #init: MemoryInit
  readonly #now: () => number
  #bootstraps: KnownBootstrap[]
  #peers: KnownPeer[]
  #writing: Promise<void> | undefined
  #changed = false

  constructor(init: MemoryInit) {
    this.#init = init
    this.#now = init.now ?? Date.now
    const { given, kept } = init
    this.#bootstraps = kept.bootstraps.filter(({ url }) => !given.includes(url)).slice(0, this.#room)
    this.#peers = kept.peers.slice(0, MAX_PEERS)
  }

  /** Bootstraps beside those given, the one reached last first. */
  get bootstraps(): readonly string[] {
    return this.#bootstraps.toSorted((a, b) => b.at - a.at).map(({ url }) => url)
  }

  /** The addresses of each peer, best first; the peer seen last first. */
  get peers(): readonly (readonly string[])[] {
    return this.#peers.toSorted((a, b) => b.at - a.at).map(({ addresses }) => addresses)
  }

  /** The bootstrap at `by` told of others. */
  heard(urls: readonly string[], by: string): void {
    const known = [...this.#init.given, ...this.#bootstraps.map(({ url }) => url)]
    const told = sensible(urls, by).filter((url) => !known.includes(url))
    for (const url of told.slice(0, MAX_TOLD)) this.#hear({ url, at: 0, by })
    if (told.length > 0) this.#write()
  }

  /** That bootstrap let this peer in. */
  reached(url: string): void {
    const bootstrap = this.#bootstraps.find((each) => each.url === url)
    if (bootstrap === undefined) return
    bootstrap.at = this.#now()
    this.#write()
  }

  /** A peer was met that can be dialled at `addresses`, best first; at none, it is forgotten. */
  met(peer: string, addresses: readonly string[]): void {
    const others = this.#peers.filter((each) => !isOf(peer, each))
    if (addresses.length === 0 && others.length === this.#peers.length) return
    const met = addresses.length === 0 ? [] : [{ addresses: [...addresses], at: this.#now() }]
    this.#peers = [...others, ...met].sort((a, b) => b.at - a.at).slice(0, MAX_PEERS)
    this.#write()
  }

  /** Whether that peer is remembered. */
  knows(peer: string): boolean {
    return this.#peers.some((each) => isOf(peer, each))
  }

  /** At that address another peer answered. */
  forget(address: string): void {
    for (const peer of this.#peers) peer.addresses = peer.addresses.filter((each) => each !== address)
    this.#peers = this.#peers.filter(({ addresses }) => addresses.length > 0)
    this.#write()
  }

  /** Resolves when what was last said is kept. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  get #room(): number {
    return MAX_BOOTSTRAPS - this.#init.given.length
  }

  #hear(heard: KnownBootstrap): void {
    const [never, reached] = [this.#unreached(), this.#bootstraps.length]
    const told = never.filter(({ by }) => by === heard.by)
    // Its own oldest hearsay makes room for its newest, and for others' the oldest of all.
    const out = told.length >= MAX_TOLD ? told[0] : reached >= this.#room ? never[0] : undefined
    if (out !== undefined) this.#bootstraps = this.#bootstraps.filter((each) => each !== out)
    if (this.#bootstraps.length < this.#room) this.#bootstraps.push(heard)
  }

  #unreached(): KnownBootstrap[] {
    return this.#bootstraps.filter(({ at }) => at < this.#now() - STALE)
  }

  /** One write at a time, of what is so when it begins. */
  #write(): void {
    this.#changed = true
    this.#writing ??= this.#keep().finally(() => {
      this.#writing = undefined
    })
  }

  async #keep(): Promise<void> {
    while (this.#changed) {
      this.#changed = false
      await this.#init.write({ bootstraps: this.#bootstraps, peers: this.#peers }).catch(() => undefined)
    }
  }
}

function isOf(peer: string, { addresses }: KnownPeer): boolean {
  return addresses.some((address) => peerIn(address) === peer)
}
