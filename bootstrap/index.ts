/**
 * The bootstrap: the entrance to a mesh, on one port. It serves the page, introduces newcomers and carries
 * their first, end-to-end encrypted handshake; it sees no call and holds no state of anyone.
 */
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { loadIdentity } from '#node/identity-file'
import { type Doorplate, VERSION } from '#protocols/introduction/index'
import { proxyList, requestUrl, urlToMultiaddr } from './address.ts'
import { openChurn } from './churn.ts'
import { type Config, defaultConfig, NO_FILE } from './config.ts'
import { createDoor } from './door.ts'
import { createGate } from './gate.ts'
import { startIntroducer } from './introducer.ts'
import { frontDoorTransport } from './listener.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createBootstrapNode } from './node.ts'
import { createRoster, type Roster } from './roster.ts'
import { CLOSE, type Socket } from './socket.ts'
import { mint, readSecret, type Turn } from './turn.ts'

/** Every option, its unit and its default. */
export { type Config, defaultConfig, table as options } from './config.ts'

/** A running bootstrap. */
export interface Bootstrap {
  /** Where to open the page: the first announced URL, or this machine's own. */
  readonly url: string
  /** The port that it listens on. */
  readonly port: number
  readonly peerId: string
  /** Multiaddrs, each ending in `/p2p/PEERID`. */
  readonly addresses: readonly string[]
  readonly metrics: Metrics
  /**
   * What the tables hold now, each bounded by `maxConnections` or `relayReservations`. A place is taken from
   * the upgrade request until the TCP connection is gone.
   */
  counts(): {
    connections: number
    places: number
    addressGroups: number
    peers: number
    anchors: number
    reservations: number
    registrations: number
  }
  /** Tells everyone to go elsewhere, waits up to `drainSeconds` until they left, and stops. Idempotent. */
  drain(): Promise<void>
  /** Cuts all connections and frees the port. Idempotent. */
  stop(): Promise<void>
}

/**
 * Starts a bootstrap; resolves when it takes connections. What is not given is as in `defaultConfig`.
 * @throws ColoniaError `bad-identity`, `bad-options` (the TURN secret, the churn log); or the system's error when it cannot listen.
 */
export async function createBootstrap(
  given: Partial<Config> = {},
  log: Log = createLog('silent'),
): Promise<Bootstrap> {
  const config = { ...defaultConfig, ...given }
  const privateKey = await loadIdentity(config.identity)
  const turn = await turnOf(config)
  const churn = await openChurn(config.churnLog, log)
  const peerId = privateKey.publicKey.toString()
  const proxies = proxyList(config.trustedProxies)
  const sockets = new Set<Socket>()
  const gate = createGate(config)
  let state: 'starting' | 'ready' | 'draining' = 'starting'
  let roster: Roster | undefined
  let warned = false
  let reservationCount = () => 0
  let registrationCount = () => 0

  const counts = () => ({
    connections: sockets.size,
    places: gate.size,
    addressGroups: gate.groups,
    peers: roster?.size ?? 0,
    anchors: roster?.anchors ?? 0,
    reservations: reservationCount(),
    registrations: registrationCount(),
  })
  const metrics = createMetrics({
    connections: () => counts().connections,
    reservations: () => counts().reservations,
    peers: () => counts().peers,
    anchors: () => counts().anchors,
    registrations: () => counts().registrations,
  })
  const page = config.page === defaultConfig.page ? builtInPage() : config.page
  const server = createDoor({ config, gate, metrics, page, isReady: () => state === 'ready', doorplate })
  const entry = { server, gate, config, metrics, log, sockets }
  const giveUp = async (error: unknown): Promise<never> => {
    server.close()
    await churn.close()
    throw error
  }
  const port = await listen(server, config).catch(giveUp)
  const node = await createBootstrapNode(
    config,
    port,
    privateKey,
    frontDoorTransport(entry),
    metrics.refused,
  ).catch(giveUp)
  const { libp2p } = node
  churn.begin(libp2p, sockets)
  reservationCount = node.reservationCount
  registrationCount = node.registrationCount
  roster = createRoster({ node: libp2p, isReserved: node.isReserved, maxAnchors: config.anchors })
  await startIntroducer({
    node: libp2p,
    roster,
    iceServers: () => [...config.iceServers, ...(turn === undefined ? [] : [mint(turn)])],
    limits: { relayMillis: config.relaySeconds * 1000, relayBytes: config.relayBytes },
    entrances: config.bootstraps,
    isDraining: () => state === 'draining',
    onOutcome: (outcome, asker) => {
      metrics.introduced(outcome)
      if (outcome === 'introduced') churn.introduced(asker)
    },
    onLeave: (answer, asker) => {
      metrics.left(answer)
      churn.left(answer, asker)
    },
  })
  state = 'ready'

  /** Announced addresses are sure; without any, the one that led the asker here leads here again. */
  function doorplate(request: IncomingMessage): Doorplate {
    if (!warned && request.headers['x-forwarded-for'] !== undefined && config.trustedProxies.length === 0) {
      warned = true
      log.warn('X-Forwarded-For is ignored: if a proxy of yours sends it, name it in --trusted-proxies')
    }
    const asked = config.announce.length > 0 ? undefined : requestUrl(request, proxies)
    const addresses =
      asked === undefined
        ? libp2p.getMultiaddrs().slice(0, 16).map(String)
        : [`${urlToMultiaddr(asked)}/p2p/${peerId}`]
    return { lowest: VERSION, highest: VERSION, peerId, addresses }
  }

  function sendAway(): void {
    state = 'draining'
    gate.close()
    void churn.close()
    for (const socket of sockets) socket.end(CLOSE.goingAway, 'this server is about to stop', 'draining')
  }

  const stop = onlyOnce(async () => {
    sendAway()
    await Promise.all([libp2p.stop(), churn.close()])
  })

  const drain = onlyOnce(async () => {
    sendAway()
    const patience = delay(config.drainSeconds * 1000, undefined, { ref: false })
    await Promise.race([patience, Promise.all([...sockets].map(({ ended }) => ended))])
    for (const socket of sockets) socket.cut('draining')
    await stop()
  })

  return {
    url: config.announce[0] ?? localUrl(config.host, port),
    port,
    peerId,
    addresses: libp2p.getMultiaddrs().map(String),
    metrics,
    counts,
    drain,
    stop,
  }
}

async function turnOf(config: Config): Promise<Turn | undefined> {
  if (config.turnSecretFile === NO_FILE) return undefined
  const secret = await readSecret(config.turnSecretFile)
  return { urls: config.turnUrls, secret, seconds: config.turnSeconds }
}

/** @returns the port, which is the system's choice if 0 was asked for. */
async function listen(server: Server, { host, port }: Config): Promise<number> {
  server.listen({ host, port })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A clone keeps the page in `dist/page`; in the published package this file is itself in `dist`. */
function builtInPage(): string {
  const folder = import.meta.url.endsWith('.ts') ? '../dist/page' : '../page'
  return fileURLToPath(new URL(folder, import.meta.url))
}

/** `localhost` where it leads here, because it is a secure context, which an address is not. */
function localUrl(host: string, port: number): string {
  const isHere = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'].includes(host)
  return `http://${isHere ? 'localhost' : isIPv6(host) ? `[${host}]` : host}:${port}`
}

function onlyOnce(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= action()
    return done
  }
}
