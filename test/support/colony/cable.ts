/**
 * Cables: links over WebSocket on loopback in place of WebRTC, for meshes of more peers than a machine can carry data
 * channels for (each link over WebRTC costs both sides threads, timers and handles even when nothing is said on it).
 *
 * A link comes about as one over WebRTC does: whoever dials asks the other side over a connection that a bootstrap or the
 * mesh carries, and only then connects. Above it all is as in production.
 */
import {
  type Connection,
  ConnectionFailedError,
  type DialTransportOptions,
  type Listener,
  type PeerId,
  type Startable,
  type Stream,
  type Transport,
  transportSymbol,
  type Upgrader,
} from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'
import { lpStream } from '@libp2p/utils'
import { webSockets } from '@libp2p/websockets'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { idOf } from '#node/peer-id'
import type { Medium } from '#node/surroundings'

const PROTOCOL = '/colonia/cable/1.0.0'
const LINK = /^\/webrtc\/p2p\/([^/]+)$/
/** The end of patience with somebody's answer, in milliseconds. */
const ANSWER = 10_000

interface Components {
  peerId: PeerId
  upgrader: Upgrader
  registrar: Registrar
  connectionManager: ConnectionManager
}

/** Links that each peer of this process opened or was opened. */
export const opened = new Map<string, number>()

export const cables: Medium = {
  listen: [],
  transports: [webSockets(), (components) => new Cable(components as unknown as Components)],
}

class Cable implements Transport, Startable {
  readonly [transportSymbol] = true
  readonly [Symbol.toStringTag] = 'colonia-cable'
  readonly #components: Components
  readonly #sockets: Transport
  readonly #listener: Listener

  constructor(components: Components) {
    this.#components = components
    this.#sockets = webSockets()(components as never)
    const { upgrader } = components
    // Not one of libp2p's own listeners: nobody is to know the address but whoever asks.
    this.#listener = this.#sockets.createListener({ upgrader })
  }

  async start(): Promise<void> {
    await this.#listener.listen(multiaddr('/ip4/127.0.0.1/tcp/0/ws'))
    const answer = (stream: Stream) => void this.#answer(stream)
    await this.#components.registrar.handle(PROTOCOL, answer, { runOnLimitedConnection: true })
  }

  async stop(): Promise<void> {
    await this.#listener.close()
  }

  listenFilter(): Multiaddr[] {
    return []
  }

  dialFilter(addresses: Multiaddr[]): Multiaddr[] {
    return addresses.filter((address) => LINK.test(address.toString()))
  }

  createListener(): Listener {
    throw new Error('a cable is asked for; there is nothing to listen on')
  }

  async dial(address: Multiaddr, options: DialTransportOptions): Promise<Connection> {
    const peer = LINK.exec(address.toString())?.[1] ?? ''
    const { connectionManager } = this.#components
    const carried = connectionManager.getConnections(idOf(peer)).find(({ status }) => status === 'open')
    if (carried === undefined) throw new ConnectionFailedError(`nobody carries a question to ${peer}`)
    const { signal } = options
    const stream = await carried.newStream(PROTOCOL, { signal, runOnLimitedConnection: true })
    try {
      const where = new TextDecoder().decode((await lpStream(stream).read({ signal })).subarray())
      const connection = await this.#sockets.dial(multiaddr(`${where}/p2p/${peer}`), options)
      this.#count()
      return connection
    } finally {
      void stream.close().catch((error: Error) => stream.abort(error))
    }
  }

  async #answer(stream: Stream): Promise<void> {
    try {
      const signal = AbortSignal.timeout(ANSWER)
      const where = new TextEncoder().encode(String(this.#listener.getAddrs()[0]))
      await lpStream(stream).write(where, { signal })
      this.#count()
      await stream.close({ signal })
    } catch (error) {
      stream.abort(error as Error)
    }
  }

  #count(): void {
    const self = this.#components.peerId.toString()
    opened.set(self, (opened.get(self) ?? 0) + 1)
  }
}
