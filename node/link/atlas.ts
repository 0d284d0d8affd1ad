/**
 * The atlas: what this peer knows of ways through others. Who is linked to whom, as neighbours say; whom a look-up
 * was told of, and by whom; and which way led to someone last.
 *
 * Law: all of it is hearsay but the last, costs one attempt if it is wrong, and is bounded.
 */
import { MAX_PATH } from '#protocols/relay/index'
import type { PeerId } from '../peer-id.ts'

/** Peers of whom a look-up told, and peers that were reached; those heard of longest ago are forgotten. */
const MAX_HEARD = 512
const MAX_REACHED = 128
/** How long hearsay counts, in milliseconds (guess: half of all pages are open for longer). */
const HEARD_FOR = 300_000
/** How long the way that led to someone last is tried first, in milliseconds: relayed ways end after two minutes. */
const REACHED_FOR = 600_000

export interface AtlasInit {
  /** Whether there is a direct link to that peer, or any connection. */
  isLinked: (peer: PeerId) => boolean
  isConnected: (peer: PeerId) => boolean
  now: () => number
}

export class Atlas {
  readonly #now: () => number
  readonly #isLinked: (peer: PeerId) => boolean
  readonly #isConnected: (peer: PeerId) => boolean
  readonly #neighbours = new Map<PeerId, ReadonlySet<PeerId>>()
  /** A peer, and who told of it. */
  readonly #heard = new Map<PeerId, { by: PeerId; at: number }>()
  readonly #circuits = new Map<PeerId, { way: string; at: number }>()
  readonly #reached = new Map<PeerId, { way: string; at: number }>()

  constructor({ isLinked, isConnected, now }: AtlasInit) {
    this.#isLinked = isLinked
    this.#isConnected = isConnected
    this.#now = now
  }

  /** Linked peers and whom they are linked to, as they say. */
  get neighbours(): ReadonlyMap<PeerId, ReadonlySet<PeerId>> {
    return this.#neighbours
  }

  /** All to whom any of them says that it is linked. */
  get beyond(): ReadonlySet<PeerId> {
    return new Set([...this.#neighbours.values()].flatMap((peers) => [...peers]))
  }

  /** A linked peer says whom it is linked to. */
  told(from: PeerId, peers: readonly PeerId[]): void {
    this.#neighbours.set(from, new Set(peers))
  }

  /** The link to it is gone, and with it what it said. */
  forget(peer: PeerId): void {
    this.#neighbours.delete(peer)
  }

  /** `by` says that it is linked to `peer`. */
  heard(peer: PeerId, by: PeerId): void {
    remember(this.#heard, peer, { by, at: this.#now() }, MAX_HEARD)
  }

  /** A look-up was told of that address of `peer`, through a bootstrap's relay. */
  heardCircuit(peer: PeerId, way: string): void {
    remember(this.#circuits, peer, { way, at: this.#now() }, MAX_HEARD)
  }

  circuit(peer: PeerId): string | undefined {
    const heard = this.#circuits.get(peer)
    return heard !== undefined && this.#now() - heard.at < HEARD_FOR ? heard.way : undefined
  }

  /** That way led to `peer`. */
  reached(peer: PeerId, way: string): void {
    remember(this.#reached, peer, { way, at: this.#now() }, MAX_REACHED)
  }

  /** It does not any more. */
  lost(peer: PeerId): void {
    this.#reached.delete(peer)
  }

  /** The way that led there last. */
  last(peer: PeerId): string | undefined {
    const last = this.#reached.get(peer)
    return last !== undefined && this.#now() - last.at < REACHED_FOR ? last.way : undefined
  }

  /** Neighbours that say that they are linked to `peer`. */
  relaysTo(peer: PeerId): PeerId[] {
    return [...this.#neighbours].flatMap(([neighbour, peers]) => (peers.has(peer) ? neighbour : []))
  }

  /**
   * A path to `peer`: those who carry, nearest first, and `peer` itself last. It begins with a direct link, or where
   * there is none, as for one who has just come, with a connection that others carry.
   */
  path(peer: PeerId): PeerId[] | undefined {
    return this.#path(peer, this.#isLinked) ?? this.#path(peer, this.#isConnected)
  }

  #path(peer: PeerId, isNext: (peer: PeerId) => boolean): PeerId[] | undefined {
    const back: PeerId[] = [peer]
    for (let at = peer; back.length <= MAX_PATH; ) {
      if (isNext(at)) return back.reverse()
      const heard = this.#heard.get(at)
      const by =
        this.relaysTo(at)[0] ??
        (heard !== undefined && this.#now() - heard.at < HEARD_FOR ? heard.by : undefined)
      if (by === undefined || back.includes(by)) return undefined
      back.push(by)
      at = by
    }
    return undefined
  }
}

function remember<Value>(map: Map<PeerId, Value>, peer: PeerId, value: Value, most: number): void {
  map.delete(peer)
  map.set(peer, value)
  if (map.size > most) map.delete(map.keys().next().value as PeerId)
}
