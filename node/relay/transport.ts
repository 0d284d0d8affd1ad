/**
 * The mesh relay: a transport of libp2p by which any peer carries the handshake of two others, so that they meet
 * with no server alive.
 *
 * To dial `/p2p/HOP/p2p-circuit/p2p/TARGET` it opens a stream to HOP, to which there is a connection already, and
 * names the path; HOP opens one to the next and joins the two (`carrier.ts`); at the target the stream becomes a
 * connection. It is a limited one: encrypted from end to end by libp2p, good for a handshake, for the questions of a
 * look-up and for ringing. libp2p proves at both ends who is there, so that a hop that leads elsewhere, or says that
 * someone else asks, brings about a failed handshake and nothing more.
 *
 * `circuitRelayServer` of libp2p would serve too, but ends the process in a peer whose addresses are relayed ones.
 */
import {
  type ComponentLogger,
  type Connection,
  type CreateListenerOptions,
  type DialTransportOptions,
  type Listener,
  type PeerId,
  type Startable,
  type Stream,
  serviceCapabilities,
  type Transport,
  transportSymbol,
  type Upgrader,
} from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type Message, type Refusal, wire } from '#protocols/relay/index'
import { type Channel, openChannel } from '../channel.ts'
import { idOf } from '../peer-id.ts'
import { addressOf, pathOf } from './address.ts'
import { Carrier, directTo, limits } from './carrier.ts'
import { StreamConnection } from './stream-connection.ts'

/** The end of patience with one hop and all behind it, in milliseconds (guess: five hops of a slow network). */
const HOP_TIMEOUT = 3_000
/** Requests of one neighbour that are not answered yet: a flood waits in its own queue. */
const MAX_STREAMS = 32
/** Both ends count on these; whoever carries enforces them. */
const LIMITS = { bytes: BigInt(limits.bytes), seconds: limits.millis / 1_000 }

export interface Components {
  peerId: PeerId
  upgrader: Upgrader
  registrar: Registrar
  connectionManager: ConnectionManager
  logger: ComponentLogger
}

/** Why a way through others does not lead to the target. */
export class CarryError extends Error {
  override readonly name = 'CarryError'
  readonly code: Refusal

  constructor(code: Refusal) {
    super(`the peers on the way answered: ${code}`)
    this.code = code
  }
}

export class MeshRelay implements Transport, Startable {
  readonly [transportSymbol] = true
  readonly [Symbol.toStringTag] = 'colonia-mesh-relay'
  readonly [serviceCapabilities] = ['@libp2p/transport']
  readonly carrier = new Carrier()
  readonly #components: Components
  #stopped = new AbortController()

  constructor(components: Components) {
    this.#components = components
  }

  async start(): Promise<void> {
    this.#stopped = new AbortController()
    const serve = (stream: Stream, connection: Connection) => void this.#serve(stream, connection)
    // Someone who came a moment ago has no link yet, only its handshake with us; that is enough to ask.
    const options = { runOnLimitedConnection: true, maxInboundStreams: MAX_STREAMS, maxOutboundStreams: 256 }
    await this.#components.registrar.handle(wire.protocol, serve, options)
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#components.registrar.unhandle(wire.protocol)
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses.filter((address) => pathOf(address) !== undefined)
  }

  /** Whoever has a link can be reached; there is nothing to listen on. */
  listenFilter(): Multiaddr[] {
    return []
  }

  createListener(_: CreateListenerOptions): Listener {
    throw new Error('the mesh relay listens on the links that there are')
  }

  /** @throws CarryError when a hop refuses; any other error means that a hop did not answer, or another than the target did */
  async dial(address: Multiaddr, { signal, upgrader }: DialTransportOptions): Promise<Connection> {
    const [first, ...path] = pathOf(address) ?? []
    if (first === undefined) throw new Error(`${address} is no way through others`)
    const { connectionManager, peerId } = this.#components
    const connections = connectionManager.getConnections(idOf(first))
    const connection = directTo(connections) ?? connections.find(({ status }) => status === 'open')
    if (connection === undefined) throw new CarryError('absent')
    const end = AbortSignal.any([this.#stopped.signal, signal, AbortSignal.timeout(HOP_TIMEOUT)])
    const stream = await this.#ask(connection, { type: 'carry', from: peerId.toString(), path }, end)
    try {
      return await upgrader.upgradeOutbound(new StreamConnection(stream, address, 'outbound'), {
        signal,
        limits: LIMITS,
      })
    } catch (error) {
      stream.abort(error as Error)
      throw error
    }
  }

  /** A stream that is through to the end of the path. */
  async #ask(connection: Connection, carry: Message, signal: AbortSignal): Promise<Stream> {
    const stream = await connection.newStream(wire.protocol, { signal, runOnLimitedConnection: true })
    const channel = openChannel(stream, wire)
    try {
      await channel.send(carry, { signal })
      const reply = await channel.receive({ signal })
      if (reply.type === 'carried') return channel.unwrap()
      throw reply.type === 'refused' ? new CarryError(reply.code) : new Error(`"${reply.type}" is no answer`)
    } catch (error) {
      stream.abort(error as Error)
      throw error
    }
  }

  async #serve(stream: Stream, connection: Connection): Promise<void> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(HOP_TIMEOUT)])
    const channel = openChannel(stream, wire)
    try {
      const message = await channel.receive({ signal })
      if (message.type !== 'carry') throw new Error(`"${message.type}" is no request`)
      const [next, ...rest] = message.path
      if (next === undefined) await this.#arrive(channel, message.from, connection)
      else await this.#carry(channel, connection, next, { ...message, path: rest }, signal)
    } catch (error) {
      stream.abort(error as Error)
    }
  }

  /** The stream is for us: `from` wants to be connected. */
  async #arrive(channel: Channel<Message>, from: string, { remotePeer }: Connection): Promise<void> {
    const address = addressOf([remotePeer.toString(), from])
    await channel.send({ type: 'carried' })
    const connection = new StreamConnection(channel.unwrap(), address, 'inbound')
    const { signal } = this.#stopped
    await this.#components.upgrader.upgradeInbound(connection, { signal, limits: LIMITS })
  }

  async #carry(
    channel: Channel<Message>,
    { remotePeer }: Connection,
    next: string,
    onward: Message,
    signal: AbortSignal,
  ): Promise<void> {
    const asker = remotePeer.toString()
    if (!this.carrier.take(asker)) return await refuse(channel, this.carrier.refuse('busy'))
    try {
      const onto = this.#next(next, asker)
      if (typeof onto === 'string') return await refuse(channel, this.carrier.refuse(onto))
      const there = await this.#ask(onto, onward, signal).catch((error: unknown) => {
        // A hop that does not answer is as good as none.
        return error instanceof CarryError ? error.code : 'absent'
      })
      if (typeof there === 'string') return await refuse(channel, this.carrier.refuse(there))
      await channel.send({ type: 'carried' })
      await this.carrier.join(channel.unwrap(), there, this.#stopped.signal)
    } finally {
      this.carrier.giveBack(asker)
    }
  }

  #next(next: string, asker: string): Connection | Refusal {
    const { connectionManager, peerId } = this.#components
    if (next === asker || peerId.toString() === next) return 'bad-path'
    try {
      return directTo(connectionManager.getConnections(idOf(next))) ?? 'absent'
    } catch {
      return 'bad-path'
    }
  }
}

async function refuse(channel: Channel<Message>, code: Refusal): Promise<void> {
  await channel.send({ type: 'refused', code })
  await channel.stream.close()
}
