/**
 * Links: this peer's connections to others, made, shared, counted and retired.
 *
 * Law: whoever wants a peer gets the connection that is there, or joins the search that is under way; there is
 * never more than one search for a peer, and that one is hedged. A relayed connection is a handshake and not a
 * home: once a direct link is there and the last stream on the relayed one has closed, it is closed, and one that
 * others carry also when nothing was said on it for a while.
 */
import type { AbortOptions, Connection, Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { multiaddr } from '@multiformats/multiaddr'
import { raceSignal } from 'race-signal'
import { Dead, defaultConfig as waysConfig } from '#protocols/ways/index'
import { type Clock, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import { idOf, type PeerId } from '../peer-id.ts'
import { addressOf, pathOf } from '../relay/address.ts'
import { Atlas } from './atlas.ts'
import { hedge } from './hedge.ts'
import type { Leads } from './leads.ts'
import { Pace } from './pace.ts'
import { type Found, search } from './search.ts'

export const defaultTiming = {
  /** Silence after which a WebRTC dial is doubled, in milliseconds: four times the usual 300 on a near path. */
  stall: 1_200,
  /** Silence of a handshake that is always too much, however slow they were lately, in milliseconds (guess). */
  silence: 2_000,
  /** Attempts in all. */
  attempts: 3,
  /** The end of patience with a whole dial, in milliseconds. */
  dial: 16_000,
  /** The end of patience with a search, in milliseconds: a look-up and the handshake after it. */
  search: 10_000,
  /** How long a connection that others carry is kept when nothing is said on it, in milliseconds (guess). */
  linger: 5_000,
} as const

export interface LinksInit {
  libp2p: Libp2p
  transports: TransportManager
  /** Asked for when they are needed: they know of the links that there are. */
  leads: () => Pick<Leads, 'to' | 'near'>
  clock?: Clock
}

export class Links {
  /** Who is linked to whom, and which ways led where. */
  readonly atlas: Atlas
  readonly #libp2p: Libp2p
  readonly #transports: TransportManager
  readonly #leads: LinksInit['leads']
  readonly #clock: Clock
  readonly #dead = new Dead()
  readonly #pace = new Pace(waysConfig.stall, defaultTiming.silence)
  readonly #dials = new Map<string, Promise<unknown>>()
  readonly #stopped = new AbortController()
  readonly #retire = (event: CustomEvent<Connection>) => this.#opened(event.detail)

  constructor({ libp2p, transports, leads, clock = systemClock }: LinksInit) {
    this.#libp2p = libp2p
    this.#transports = transports
    this.#leads = leads
    this.#clock = clock
    const isLinked = (peer: PeerId) => {
      const best = this.get(peer)
      return best !== undefined && isDirect(best)
    }
    const isConnected = (peer: PeerId) => this.get(peer) !== undefined
    this.atlas = new Atlas({ isLinked, isConnected, now: () => clock.now() })
    libp2p.addEventListener('connection:open', this.#retire)
  }

  /**
   * The best open connection to `peer`: a direct one if there is one, the newest of these, because an older one
   * may lead to a page that was reloaded since.
   */
  get(peer: PeerId): Connection | undefined {
    const open = this.#libp2p.getConnections(idOf(peer)).filter(({ status }) => status === 'open')
    const newestFirst = open.sort((a, b) => b.timeline.open - a.timeline.open)
    return newestFirst.find(isDirect) ?? newestFirst[0]
  }

  /** Any connection to `peer`, made through others if there is none. @throws ColoniaError `unreachable`, `no-entrance` */
  async reach(peer: PeerId, options: AbortOptions = {}): Promise<Connection> {
    return this.get(peer) ?? (await this.find(peer, options)).connection
  }

  /** The same when there is none, with how it was found. @throws ColoniaError `unreachable`, `no-entrance` */
  find(peer: PeerId, options: AbortOptions = {}): Promise<Found> {
    return this.#once(`find ${peer}`, () => this.#search(peer, 'asking'), options)
  }

  /** A connection to `peer` by what is known of it without asking anyone: for those who ask on a look-up's behalf. */
  async carried(peer: PeerId, { signal }: { signal: AbortSignal }): Promise<Connection> {
    const open = this.get(peer)
    if (open !== undefined) return open
    const path = this.atlas.path(peer)
    const way = path === undefined ? this.atlas.circuit(peer) : addressOf(path).toString()
    if (way === undefined) throw new Error('no way is known')
    const dial = () => this.#transports.dial(multiaddr(way), { signal: this.#patient(defaultTiming.search) })
    return await this.#once(`carried ${peer}`, dial, { signal })
  }

  /** A direct connection to `peer`. @throws ColoniaError `unreachable`, `no-entrance` */
  async link(peer: PeerId, options: AbortOptions = {}): Promise<Connection> {
    const open = this.get(peer)
    if (open !== undefined && isDirect(open)) return open
    return await this.#once(`link ${peer}`, () => this.#dialDirect(peer, 'asking'), options)
  }

  /**
   * The same by ways that are known: for peers that nobody waits for, such as those of an introduction, who may be dead
   * to the last, so that none of them is worth a look-up. @throws ColoniaError `unreachable`, `no-entrance`
   */
  async linkNear(peer: PeerId, options: AbortOptions = {}): Promise<Connection> {
    const open = this.get(peer)
    if (open !== undefined && isDirect(open)) return open
    return await this.#once(`near ${peer}`, () => this.#dialDirect(peer, 'known'), options)
  }

  /** Closes the links to a peer that can be done without. */
  close(peer: PeerId): void {
    for (const connection of this.#libp2p.getConnections(idOf(peer))) {
      void connection.close().catch((error: Error) => connection.abort(error))
    }
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

  /** Joins what is under way. One caller's impatience does not end it for the others. */
  #once<Result>(key: string, dial: () => Promise<Result>, { signal }: AbortOptions): Promise<Result> {
    let pending = this.#dials.get(key) as Promise<Result> | undefined
    if (pending === undefined) {
      pending = dial().finally(() => this.#dials.delete(key))
      this.#dials.set(key, pending)
    }
    return raceSignal(pending, signal, { translateError: () => signal?.reason })
  }

  async #search(peer: PeerId, by: 'asking' | 'known'): Promise<Found> {
    let heard = false
    const from = this.#leads()
    const leads = async function* (signal: AbortSignal, spent: () => Promise<void>) {
      for await (const lead of by === 'asking' ? from.to(peer, signal, spent) : from.near(peer)) {
        heard = true
        yield lead
      }
    }
    try {
      const found = await search({
        leads,
        dial: (address, signal) => this.#transports.dial(address, { signal }),
        dead: this.#dead,
        pace: this.#pace,
        clock: this.#clock,
        signal: this.#patient(defaultTiming.search),
      })
      this.atlas.reached(peer, found.lead.way)
      return found
    } catch (cause) {
      // Another question, to which nobody was joined, may have had one carried meanwhile, and then no way is left to try.
      const open = this.get(peer)
      if (open !== undefined) {
        return {
          connection: open,
          lead: { way: open.remoteAddr.toString(), rank: 0, how: 'cache', rounds: 0 },
        }
      }
      this.atlas.lost(peer)
      this.#stopped.signal.throwIfAborted()
      const alone = !heard && !this.#libp2p.getConnections().some(({ status }) => status === 'open')
      if (alone) {
        throw new ColoniaError('no-entrance', 'no bootstrap is connected and no other way is known', {
          cause,
        })
      }
      throw unreachable(peer, cause)
    }
  }

  async #dialDirect(peer: PeerId, by: 'asking' | 'known'): Promise<Connection> {
    const signal = this.#patient(defaultTiming.dial)
    for (let left: number = defaultTiming.attempts; ; left--) {
      // The handshake comes first and once, so that every attempt signals over it and none makes its own.
      const search = () => (by === 'asking' ? this.find(peer, { signal }) : this.#search(peer, by))
      const relayed = this.get(peer) ?? (await search()).connection
      if (isDirect(relayed)) return relayed
      try {
        return await this.#dialOver(peer, signal)
      } catch (cause) {
        if (left === 1 || signal.aborted || !hasEnded(relayed, cause)) throw unreachable(peer, cause)
        // The other side may have let go of it just then, when it had lain idle; from its goodbye to its end it looks open.
        relayed.abort(new Error('the other side has closed it'))
      }
    }
  }

  /** A direct connection by a dial that signals over the connection that there is, or the one that comes meanwhile. */
  async #dialOver(peer: PeerId, signal: AbortSignal): Promise<Connection> {
    const target = multiaddr(`/webrtc/p2p/${peer}`)
    const attempt = (end: AbortSignal) => this.#transports.dial(target, { signal: end })
    const { attempts, stall } = defaultTiming
    // The other side may be faster, and one link is enough. Only one of two may think so, or neither link would stay.
    const theirs = this.#direct(peer, signal)
    const all = AbortSignal.any([signal, theirs.came])
    const dialing = hedge(attempt, abandon, { attempts, stall, clock: this.#clock, signal: all })
    try {
      return await Promise.any([dialing.finally(theirs.stop), theirs.connection])
    } catch (cause) {
      throw (cause as AggregateError).errors[0]
    } finally {
      theirs.stop()
    }
  }

  /** The next direct connection that `peer` makes to us. */
  #direct(peer: PeerId, signal: AbortSignal) {
    const came = new AbortController()
    const yields = this.#libp2p.peerId.toString() > peer
    const { promise: connection, resolve, reject } = Promise.withResolvers<Connection>()
    const opened = ({ detail }: CustomEvent<Connection>) => {
      const { direction, remotePeer } = detail
      if (!isDirect(detail) || direction !== 'inbound' || remotePeer.toString() !== peer || !yields) return
      resolve(detail)
      came.abort(new DOMException('the other side was faster', 'AbortError'))
    }
    const stop = () => {
      this.#libp2p.removeEventListener('connection:open', opened)
      reject(new Error('nobody linked to us'))
    }
    connection.catch(() => {})
    signal.addEventListener('abort', stop, { once: true })
    this.#libp2p.addEventListener('connection:open', opened)
    return { connection, came: came.signal, stop }
  }

  #patient(millis: number): AbortSignal {
    return AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(millis)])
  }

  #opened(opened: Connection): void {
    const { direction, remoteAddr, remotePeer } = opened
    if (isDirect(opened)) {
      for (const connection of this.#libp2p.getConnections(remotePeer)) {
        if (!isDirect(connection)) void this.#closeWhenIdle(connection, 0)
      }
    } else if (direction === 'outbound' && pathOf(remoteAddr) !== undefined) {
      void this.#closeWhenIdle(opened, defaultTiming.linger)
    }
  }

  /** Closes a connection when there was no stream on it for so long, in milliseconds. */
  async #closeWhenIdle(connection: Connection, linger: number): Promise<void> {
    const busy = () => connection.streams.find(({ status }) => status === 'open')
    while (connection.status === 'open') {
      const stream = busy()
      if (stream !== undefined) {
        await new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }))
        continue
      }
      if (linger > 0) await new Promise<void>((resolve) => void this.#clock.after(linger, resolve))
      if (busy() === undefined)
        return await connection.close().catch((error: Error) => connection.abort(error))
    }
  }
}

/** WebRTC, or anything else that no relay limits. */
export function isDirect(connection: Connection): boolean {
  return connection.limits === undefined
}

/** Whether a dial failed because what it signalled over is there no more. */
function hasEnded(relayed: Connection, cause: unknown): boolean {
  return relayed.status !== 'open' || (cause instanceof Error && cause.name === 'ConnectionClosedError')
}

/** What a dial that lost its race nevertheless brought. */
function abandon(late: Connection): void {
  late.abort(new Error('another dial to this peer won'))
}

function unreachable(peer: PeerId, cause: unknown): ColoniaError {
  if (cause instanceof ColoniaError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ColoniaError('unreachable', `no way leads to ${peer}: ${why}`, { cause })
}
