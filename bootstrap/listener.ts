/**
 * The libp2p transport behind the front door: it listens, and never dials.
 *
 * It shares the port and the HTTP server of the page, which the stock listener cannot, and asks the gate before
 * each upgrade. Compression is off: what passes is encrypted, and a compressor costs 300 kB a socket.
 */
import type { IncomingMessage, Server } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type ComponentLogger,
  type CreateListenerOptions,
  type Listener,
  type ListenerEvents,
  type Transport,
  TypedEventEmitter,
  transportSymbol,
  type Upgrader,
} from '@libp2p/interface'
import { getThinWaistAddresses, ipPortToMultiaddr } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Config } from './config.ts'
import type { Gate } from './gate.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { CLOSE, Socket } from './socket.ts'

/** How long a client has to answer a close frame (guess; RFC 6455 leaves it open). */
const CLOSE_MILLIS = 5_000

export interface Entry {
  /** Listens already; closed by the listener. */
  readonly server: Server
  readonly gate: Gate
  readonly config: Config
  readonly metrics: Metrics
  readonly log: Log
  /** The open sockets; the listener adds and removes. At most `maxConnections`. */
  readonly sockets: Set<Socket>
}

/** To be put under `transports`. Takes one listen address, `/ip4|ip6|dns/…/tcp/PORT/ws`. */
export function frontDoorTransport(entry: Entry): (components: { logger: ComponentLogger }) => Transport {
  return ({ logger }) => ({
    [transportSymbol]: true,
    [Symbol.toStringTag]: '@colonia/front-door',
    createListener: ({ upgrader }: CreateListenerOptions) => new FrontDoorListener(entry, upgrader, logger),
    listenFilter: (addresses) => addresses.filter((address) => isOurs(address)),
    dialFilter: () => [],
    dial: () => Promise.reject(new TypeError('the front door does not dial')),
  })
}

function isOurs(address: Multiaddr): boolean {
  return /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+\/ws$/.test(address.toString())
}

class FrontDoorListener extends TypedEventEmitter<ListenerEvents> implements Listener {
  readonly #entry: Entry
  readonly #upgrader: Upgrader
  readonly #logger: ComponentLogger
  readonly #webSockets: WebSocketServer
  #address: Multiaddr | undefined

  constructor(entry: Entry, upgrader: Upgrader, logger: ComponentLogger) {
    super()
    this.#entry = entry
    this.#upgrader = upgrader
    this.#logger = logger
    // A constant, because the published types do not know `closeTimeout` yet.
    const options = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: entry.config.maxMessageBytes,
      closeTimeout: CLOSE_MILLIS,
    }
    this.#webSockets = new WebSocketServer(options)
    entry.server.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head))
  }

  /** The server listens already, so that its errors are the system's own and not wrapped by libp2p. */
  async listen(address: Multiaddr): Promise<void> {
    this.#address = address
    this.safeDispatchEvent('listening')
  }

  /** The addresses of all interfaces when it listens on all. */
  getAddrs(): Multiaddr[] {
    return getThinWaistAddresses(this.#address).map((address) => address.encapsulate('/ws'))
  }

  updateAnnounceAddrs(): void {}

  async close(): Promise<void> {
    const { server, sockets } = this.#entry
    const { promise, resolve } = Promise.withResolvers<void>()
    server.close(() => resolve())
    for (const socket of sockets) socket.cut('draining')
    server.closeAllConnections()
    await promise
    this.safeDispatchEvent('close')
  }

  #onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { gate, metrics, log } = this.#entry
    // A client may vanish while it is being refused.
    const ignore = () => stream.destroy()
    stream.on('error', ignore)
    // Gone already: the system no longer knows whose it was.
    if (request.socket.remoteAddress === undefined) return void stream.destroy()
    const verdict = gate.admit(request)
    metrics.admitted(verdict.type === 'admitted' ? 'accepted' : verdict.admission)
    if (verdict.type === 'refused') {
      log.debug({ address: request.socket.remoteAddress, why: verdict.admission }, 'upgrade refused')
      return refuse(stream, verdict.status, verdict.reason)
    }
    // Closes what `ws` refuses as well: then there is no WebSocket to tell us.
    stream.once('close', verdict.leave)
    this.#webSockets.handleUpgrade(request, stream, head, (websocket) => {
      stream.off('error', ignore)
      this.#welcome(websocket, verdict.address, request.socket.remotePort ?? 0)
    })
  }

  #welcome(websocket: WebSocket, address: string, port: number): void {
    const { sockets, config, metrics, log } = this.#entry
    const socket = new Socket({
      websocket,
      limits: config,
      remoteAddr: ipPortToMultiaddr(address, port).encapsulate('/ws'),
      direction: 'inbound',
      log: this.#logger.forComponent('colonia:front-door'),
    })
    const upgrading = new AbortController()
    const handshake = setTimeout(
      () => socket.end(CLOSE.policy, `handshake not done in ${config.handshakeSeconds} s`, 'handshake'),
      config.handshakeSeconds * 1000,
    )
    sockets.add(socket)
    log.debug({ address }, 'opened')
    this.#upgrader
      .upgradeInbound(socket, { signal: upgrading.signal })
      .catch((error: Error) => socket.abort(error))
      .finally(() => clearTimeout(handshake))
    socket.ended.then((ending) => {
      upgrading.abort()
      sockets.delete(socket)
      metrics.ended(ending)
      log.debug({ address, ending }, 'closed')
    })
  }
}

/** A refusal is plain HTTP, as the client still speaks it. */
function refuse(stream: Duplex, status: number, reason: string): void {
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(reason)}`,
    ...(status === 429 || status === 503 ? ['Retry-After: 10'] : []),
  ]
  // Destroyed once it is sent: a client that does not close its side keeps nothing open here.
  stream.end(`${headers.join('\r\n')}\r\n\r\n${reason}`, () => stream.destroy())
}
