/** What the tests of the bootstrap share: bootstraps that go away by themselves, plain clients, raw sockets. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type Bootstrap, type Config, createBootstrap } from '../../bootstrap/index.ts'

/** An empty folder, removed after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'colonia-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

/** A bootstrap on a free port, stopped after the test. */
export async function open(config: Partial<Config> = {}): Promise<Bootstrap> {
  const identity = join(await folder(), 'bootstrap.key')
  const bootstrap = await createBootstrap({ port: 0, identity, ...config })
  onTestFinished(() => bootstrap.stop())
  return bootstrap
}

/** A libp2p client as it comes, with nothing of ours. */
export async function client(): Promise<Libp2p> {
  const node = await createLibp2p({
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), identifyPush: identifyPush() },
  })
  onTestFinished(async () => node.stop())
  return node
}

/** Connects `node` and makes a reservation, so that it can be introduced. */
export async function settle(node: Libp2p, bootstrap: Bootstrap): Promise<void> {
  const address = multiaddr(bootstrap.addresses[0])
  const before = bootstrap.counts().peers
  await node.dial(address)
  const { transportManager } = (node as unknown as { components: { transportManager: Transports } })
    .components
  await transportManager.listen([address.encapsulate('/p2p-circuit')])
  await until(() => bootstrap.counts().peers > before)
}

interface Transports {
  listen(addresses: ReturnType<typeof multiaddr>[]): Promise<void>
}

/** Resolves when `holds`; the test's own time limit is the deadline. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

export interface RawSocket {
  readonly websocket: WebSocket
  /** The code that it was closed with; 1006 when no close frame came. */
  readonly closed: Promise<{ code: number; reason: string }>
}

/** A WebSocket that speaks nothing by itself; resolves when it is open. */
export async function knock(
  bootstrap: Bootstrap,
  options: { headers?: Record<string, string>; autoPong?: boolean } = {},
): Promise<RawSocket> {
  const websocket = new WebSocket(bootstrap.url.replace('http', 'ws'), options)
  onTestFinished(() => websocket.terminate())
  const closed = once(websocket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }))
  websocket.on('error', () => undefined)
  await once(websocket, 'open')
  return { websocket, closed }
}

/** The HTTP status of an upgrade that is refused. */
export async function refusal(bootstrap: Bootstrap, headers: Record<string, string> = {}): Promise<number> {
  const websocket = new WebSocket(bootstrap.url.replace('http', 'ws'), { headers })
  onTestFinished(() => websocket.terminate())
  websocket.on('error', () => undefined)
  const [, response] = await once(websocket, 'unexpected-response')
  return response.statusCode
}

/** A TCP connection upgraded to WebSocket by hand, which then neither reads nor answers anything. */
export async function mute(bootstrap: Bootstrap): Promise<Socket> {
  const { port } = bootstrap
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  const key = 'dGhlIHNhbXBsZSBub25jZQ=='
  socket.write(
    `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  await once(socket, 'data')
  socket.pause()
  return socket
}

/** The value of one line of `/metrics`; 0 when it is not there yet. */
export async function metric(bootstrap: Bootstrap, line: string): Promise<number> {
  const text = await bootstrap.metrics.registry.metrics()
  const found = text.split('\n').find((one) => one.startsWith(`${line} `))
  return Number(found?.slice(line.length + 1) ?? 0)
}
