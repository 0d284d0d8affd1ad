/**
 * The ether: what peers of one process meet in, in place of WebRTC. Each dials any other by its PeerID; delays, losses and
 * pairs that cannot be linked are those of the scenario. Above it all is as in production: noise, yamux, identify.
 *
 * There are two kinds of connections in it. `/webrtc/p2p/PEER` is a link. `/memory/PEER/p2p/PEER` is a handshake as a
 * bootstrap would carry it: limited, so that it serves only until there is a link. Introductions name it.
 */
import {
  type ComponentLogger,
  type Connection,
  ConnectionFailedError,
  type DialTransportOptions,
  type PeerId,
  type PeerStore,
  type Transport,
  transportSymbol,
  type Upgrader,
} from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Medium } from '#node/surroundings'
import { Cord } from './cord.ts'

/** As circuit relay v2 has it by default, and a bootstrap of Colonia: milliseconds, and bytes both ways. */
const HANDSHAKE = { millis: 120_000, bytes: 262_144 }

/** The end of patience with a handshake that comes in, in milliseconds, as libp2p has it. */
const UPGRADE = 10_000

/** What is between two peers. */
export interface Between {
  /** One way, of the next message, in milliseconds. */
  delay: () => number
  /** Whether the two can be linked directly. */
  linkable: boolean
  /** Whether what is said now comes through; what does not is said again, as on any stream. */
  open: () => boolean
}

interface Components {
  peerId: PeerId
  upgrader: Upgrader
  peerStore: PeerStore
  logger: ComponentLogger
}

/** What is counted of one peer. */
export interface Counts {
  /** Bytes that it sent. */
  bytes: number
  /** Links that were opened, by either side. */
  links: number
}

interface Station {
  components: Components
  cords: Set<Cord>
  counts: Counts
}

export class Ether {
  readonly #between: (a: string, b: string) => Between
  readonly #stations = new Map<string, Station>()
  /** Whether handshakes come about: without a bootstrap there is nobody to carry them. */
  carries = true

  constructor(between: (a: string, b: string) => Between) {
    this.#between = between
  }

  /** The medium for a peer; it is here from the moment in which libp2p makes its transports. */
  readonly medium: Medium = {
    listen: [],
    transports: [(components) => this.#transport(components as unknown as Components)],
  }

  /** What that peer has sent and opened so far. */
  countsOf(peer: string): Counts {
    return { ...(this.#stations.get(peer)?.counts ?? { bytes: 0, links: 0 }) }
  }

  /** Tells `peer` of `others`, as an introduction does: how a handshake reaches each. */
  async introduce(peer: string, others: readonly string[]): Promise<void> {
    const store = this.#stations.get(peer)?.components.peerStore
    for (const other of others) {
      const id = this.#stations.get(other)?.components.peerId
      const address = multiaddr(`/memory/${other}`)
      if (id !== undefined) await store?.merge(id, { multiaddrs: [address] })
    }
  }

  /** That peer is silent from now on, and nobody is told. */
  silence(peer: string): void {
    const station = this.#stations.get(peer)
    this.#stations.delete(peer)
    for (const cord of station?.cords ?? []) {
      cord.cut()
      cord.other?.cut()
    }
  }

  /** That peer has stopped: it cannot be dialled any more. */
  leave(peer: string): void {
    this.#stations.delete(peer)
  }

  #transport(components: Components): Transport {
    const self = components.peerId.toString()
    const station = { components, cords: new Set<Cord>(), counts: { bytes: 0, links: 0 } }
    this.#stations.set(self, station)
    return {
      [transportSymbol]: true,
      [Symbol.toStringTag]: 'colonia-ether',
      listenFilter: () => [],
      dialFilter: (addresses) => addresses.filter((address) => targetOf(address) !== undefined),
      createListener: () => {
        throw new Error('everyone can be dialled in the ether; there is nothing to listen on')
      },
      dial: (address, options) => this.#dial(station, address, options),
    }
  }

  async #dial(
    from: Station,
    address: Multiaddr,
    { signal, upgrader }: DialTransportOptions,
  ): Promise<Connection> {
    signal.throwIfAborted()
    const self = from.components.peerId.toString()
    const peer = targetOf(address) as string
    const isLink = address.toString().startsWith('/webrtc/')
    const { linkable, ...way } = this.#between(self, peer)
    const { delay, open } = way
    // There and back, as a request to connect is.
    await pass(delay() + delay(), signal)
    const to = this.#stations.get(peer)
    if (
      to === undefined ||
      this.#stations.get(self) !== from ||
      !(isLink ? linkable : this.carries) ||
      !open()
    ) {
      // Who is silent does not say so: the dial ends with the patience of who makes it.
      await pass(Number.POSITIVE_INFINITY, signal)
    }
    if (to === undefined) throw new ConnectionFailedError(`${peer} is not here`)
    const near = this.#cord(from, address, 'outbound', way)
    const far = this.#cord(to, multiaddr(`/webrtc/p2p/${self}`), 'inbound', way)
    near.other = far
    far.other = near
    const limits = { bytes: BigInt(HANDSHAKE.bytes), seconds: HANDSHAKE.millis / 1_000 }
    const kind = isLink ? {} : { limits }
    if (isLink) {
      from.counts.links += 1
      to.counts.links += 1
    } else {
      const end = setTimeout(() => near.abort(new Error('the handshake took too long')), HANDSHAKE.millis)
      end.unref()
    }
    // Whoever dials may be done before the other side is, and its patience is no business of theirs.
    to.components.upgrader
      .upgradeInbound(far, { signal: AbortSignal.timeout(UPGRADE), ...kind })
      .catch((error: Error) => far.abort(error))
    try {
      return await upgrader.upgradeOutbound(near, { signal, ...kind })
    } catch (error) {
      near.abort(error as Error)
      throw error
    }
  }

  #cord(
    at: Station,
    remoteAddr: Multiaddr,
    direction: 'inbound' | 'outbound',
    way: Pick<Between, 'delay' | 'open'>,
  ): Cord {
    const log = at.components.logger.forComponent('colonia:ether')
    const onSent = (bytes: number) => {
      at.counts.bytes += bytes
    }
    const cord = new Cord({ remoteAddr, direction, log, ...way, onSent })
    at.cords.add(cord)
    cord.addEventListener('close', () => at.cords.delete(cord), { once: true })
    return cord
  }
}

/** Of an address in the ether: whom it leads to. */
function targetOf(address: Multiaddr): string | undefined {
  return /^\/(?:webrtc|memory\/[^/]+)\/p2p\/([^/]+)$/.exec(address.toString())?.[1]
}

/** @throws the signal's reason */
function pass(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const arrive = () => {
      signal.removeEventListener('abort', abort)
      resolve()
    }
    const timer = Number.isFinite(millis) ? setTimeout(arrive, millis) : undefined
    signal.addEventListener('abort', abort, { once: true })
  })
}
