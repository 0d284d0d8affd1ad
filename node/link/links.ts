/**
 * Links: this peer's connections to others, made, shared, counted and retired.
 *
 * Law: whoever wants a peer gets the connection that is there, or joins the dial that is under way; there is
 * never more than one dial to a peer, and that one is hedged. A relayed connection is a handshake and not a
 * home: once a direct link is there and the last stream on the relayed one has closed, it is closed.
 */
import type { AbortOptions, Connection, Libp2p, PeerId } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import { raceSignal } from 'race-signal'
import { type Clock, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import { hedge } from './hedge.ts'
import { waysTo, webrtcOver } from './ways.ts'

export const defaultTiming = {
  /** Silence after which a WebRTC dial is doubled, in milliseconds: four times the usual 300 on a near path. */
  stall: 1_200,
  /** Attempts in all. */
  attempts: 3,
  /** The end of patience with a whole dial, in milliseconds. */
  dial: 12_000,
  /** The end of patience with one relayed handshake, in milliseconds. */
  handshake: 5_000,
} as const

export interface LinksInit {
  libp2p: Libp2p
  transports: TransportManager
  /** Addresses of the entrances that are connected now. */
  entrances: () => readonly Multiaddr[]
  clock?: Clock
}

export class Links {
  readonly #libp2p: Libp2p
  readonly #transports: TransportManager
  readonly #entrances: () => readonly Multiaddr[]
  readonly #clock: Clock
  readonly #dials = new Map<string, Promise<Connection>>()
  readonly #stopped = new AbortController()
  readonly #retire = (event: CustomEvent<Connection>) => this.#retireRelayed(event.detail)

  constructor({ libp2p, transports, entrances, clock = systemClock }: LinksInit) {
    this.#libp2p = libp2p
    this.#transports = transports
    this.#entrances = entrances
    this.#clock = clock
    libp2p.addEventListener('connection:open', this.#retire)
  }

  /**
   * The best open connection to `peer`: a direct one if there is one, the newest of these, because an older one
   * may lead to a page that was reloaded since.
   */
  get(peer: string): Connection | undefined {
    const open = this.#libp2p.getConnections(peerIdFromString(peer)).filter(({ status }) => status === 'open')
    const newestFirst = open.sort((a, b) => b.timeline.open - a.timeline.open)
    return newestFirst.find(isDirect) ?? newestFirst[0]
  }

  /** Any connection to `peer`, made through a relay if there is none. @throws ColoniaError `unreachable`, `no-entrance` */
  async reach(peer: string, options: AbortOptions = {}): Promise<Connection> {
    const open = this.get(peer)
    return (
      open ?? (await this.#once(`reach ${peer}`, () => this.#dialRelayed(peerIdFromString(peer)), options))
    )
  }

  /** A direct connection to `peer`. @throws ColoniaError `unreachable`, `no-entrance` */
  async link(peer: string, options: AbortOptions = {}): Promise<Connection> {
    const open = this.get(peer)
    if (open !== undefined && isDirect(open)) return open
    return await this.#once(`link ${peer}`, () => this.#dialDirect(peer), options)
  }

  /** The peer behind `connection` is there anew: older connections lead to its former self, and nothing ends them. */
  supersede(connection: Connection): void {
    for (const old of this.#libp2p.getConnections(connection.remotePeer)) {
      if (old.timeline.open < connection.timeline.open) old.abort(new Error('the peer has started anew'))
    }
  }

  stop(): void {
    this.#libp2p.removeEventListener('connection:open', this.#retire)
    this.#stopped.abort(new ColoniaError('stopped', 'the node was stopped'))
  }

  /** Joins a dial that is under way. One caller's impatience does not end it for the others. */
  #once(key: string, dial: () => Promise<Connection>, options: AbortOptions): Promise<Connection> {
    let pending = this.#dials.get(key)
    if (pending === undefined) {
      pending = dial().finally(() => this.#dials.delete(key))
      this.#dials.set(key, pending)
    }
    return raceSignal(pending, options.signal, { translateError: () => options.signal?.reason })
  }

  async #dialRelayed(peer: PeerId): Promise<Connection> {
    const ways = await this.#ways(peer)
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(defaultTiming.handshake)])
    const attempt = (end: AbortSignal, index: number) =>
      this.#transports.dial(ways[index] as Multiaddr, { signal: end })
    const { stall } = defaultTiming
    return await hedge(attempt, abandon, { attempts: ways.length, stall, clock: this.#clock, signal }).catch(
      unreachable(peer),
    )
  }

  async #dialDirect(peer: string): Promise<Connection> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(defaultTiming.dial)])
    // The handshake comes first and once, so that every attempt signals over it and none makes its own.
    const relayed = await this.reach(peer, { signal })
    if (isDirect(relayed)) return relayed
    const target = webrtcOver(relayed.remoteAddr)
    const attempt = (end: AbortSignal) => this.#transports.dial(target, { signal: end })
    const { attempts, stall } = defaultTiming
    return await hedge(attempt, abandon, { attempts, stall, clock: this.#clock, signal }).catch(
      unreachable(relayed.remotePeer),
    )
  }

  async #ways(peer: PeerId): Promise<Multiaddr[]> {
    const ways = await waysTo(peer, this.#entrances(), this.#libp2p.peerStore)
    if (ways.length > 0) return ways
    throw new ColoniaError('no-entrance', 'no bootstrap is connected and no other way is known')
  }

  #retireRelayed(opened: Connection): void {
    if (!isDirect(opened)) return
    for (const connection of this.#libp2p.getConnections(opened.remotePeer)) {
      if (!isDirect(connection)) void closeWhenIdle(connection)
    }
  }
}

/** WebRTC, or anything else that no relay limits. */
export function isDirect(connection: Connection): boolean {
  return connection.limits === undefined
}

/** What a dial that lost its race nevertheless brought. */
function abandon(late: Connection): void {
  late.abort(new Error('another dial to this peer won'))
}

function unreachable(peer: PeerId): (cause: unknown) => never {
  return (cause) => {
    if (cause instanceof ColoniaError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ColoniaError('unreachable', `no way leads to ${peer}: ${why}`, { cause })
  }
}

/** Closes a connection when its last stream has closed. */
async function closeWhenIdle(connection: Connection): Promise<void> {
  while (connection.status === 'open') {
    const stream = connection.streams.find(({ status }) => status === 'open')
    if (stream === undefined) return await connection.close().catch((error: Error) => connection.abort(error))
    await new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }))
  }
}
