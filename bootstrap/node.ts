/**
 * The libp2p node behind the front door: a relay sized for handshakes, a place in the DHT of registrations, and
 * identify, by which the bootstrap learns the signed records that it hands on.
 *
 * It never dials. Limits on connections are the gate's; libp2p's own are set beyond them, because they count
 * per host and would take everyone behind one proxy for one.
 */
import { circuitRelayServer, type RelayReservation } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import type { Libp2p, PeerId, PrivateKey, Transport } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { createLibp2p } from 'libp2p'
import { calmYamux } from '#node/link/muxer'
import { type RegistrationDht, registrationDht } from '#node/registration/dht'
import type { Reason } from '#node/registration/envelope'
import { hostPart, urlToMultiaddr } from './address.ts'
import type { Config } from './config.ts'

/** Streams that one peer may open: 32 relayed handshakes and 32 DHT requests, and as many again (guess). */
const MAX_STREAMS = 128
/** The least that yamux allows. What passes here is small, and unread bytes are memory: 32 MiB a peer at worst. */
const WINDOW_BYTES = 262_144
/** Peers that left and are remembered for the DHT's answers; about 1 kB each (guess). */
const MAX_REMEMBERED = 4096
/** Registrations that are kept for peers; 1 to 4 kB each. In a small mesh all are kept here, too (guess). */
const MAX_REGISTRATIONS = 4096

export interface BootstrapNode {
  libp2p: Libp2p
  /** Reservations of peers that are connected. */
  reservationCount(): number
  isReserved(peer: PeerId): boolean
  /** Registrations that are kept. */
  registrationCount(): number
}

export async function createBootstrapNode(
  config: Config,
  port: number,
  privateKey: PrivateKey,
  transport: (components: { logger: Libp2p['logger'] }) => Transport,
  onRefused: (reason: Reason) => void,
): Promise<BootstrapNode> {
  let registrations: RegistrationDht | undefined
  const libp2p = await createLibp2p({
    privateKey,
    addresses: {
      listen: [`${hostPart(config.host)}/tcp/${port}/ws`],
      announce: config.announce.map(urlToMultiaddr),
    },
    transports: [transport],
    connectionEncrypters: [noise()],
    streamMuxers: [
      calmYamux({ maxInboundStreams: MAX_STREAMS, streamOptions: { maxStreamWindowSize: WINDOW_BYTES } }),
    ],
    connectionManager: {
      maxConnections: config.maxConnections,
      maxIncomingPendingConnections: config.maxConnections,
      inboundConnectionThreshold: Number.POSITIVE_INFINITY,
      // The listener's own comes first and tells the client why.
      inboundUpgradeTimeout: config.handshakeSeconds * 1000 + 1000,
    },
    // Its pings are answered by the page, which a hidden tab may not run; WebSocket pings do better.
    connectionMonitor: { enabled: false },
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      dht: registrationDht({ keep: MAX_REGISTRATIONS, onRefused }, (made) => {
        registrations = made
      }),
      relay: circuitRelayServer({
        reservations: {
          maxReservations: config.relayReservations,
          defaultDurationLimit: config.relaySeconds * 1000,
          defaultDataLimit: BigInt(config.relayBytes),
        },
      }),
    },
  })
  const { reservations } = libp2p.services.relay
  dropOlderConnections(libp2p)
  releaseReservations(libp2p, reservations)
  forgetOldPeers(libp2p)
  return {
    libp2p,
    reservationCount: () => reservations.size,
    isReserved: (peer) => reservations.get(peer) !== undefined,
    registrationCount: () => registrations?.shelf.size ?? 0,
  }
}

/** Who comes again has lost the old connection, even if we have not heard yet; the relay would still try it. */
function dropOlderConnections(libp2p: Libp2p): void {
  libp2p.addEventListener('connection:open', ({ detail: { id, remotePeer } }) => {
    for (const older of libp2p.getConnections(remotePeer)) {
      if (older.id !== id) older.close().catch((error: Error) => older.abort(error))
    }
  })
}

/** The relay itself keeps a reservation for two hours after the peer went, and the store would fill with ghosts. */
function releaseReservations(
  libp2p: Libp2p,
  reservations: { get(id: PeerId): RelayReservation | undefined; delete(id: PeerId): unknown },
): void {
  libp2p.addEventListener('peer:disconnect', ({ detail: peer }) => {
    // Its timer would otherwise end a reservation that the same peer makes later.
    reservations.get(peer)?.signal.clear()
    reservations.delete(peer)
  })
}

/** The peer store does not shrink by itself; what is dropped is who left longest ago. */
function forgetOldPeers(libp2p: Libp2p): void {
  const gone = new Map<string, PeerId>()
  libp2p.addEventListener('peer:connect', ({ detail: peer }) => gone.delete(peer.toString()))
  libp2p.addEventListener('peer:disconnect', ({ detail: peer }) => {
    gone.set(peer.toString(), peer)
    const [oldest] = gone.values()
    if (gone.size <= MAX_REMEMBERED || oldest === undefined) return
    gone.delete(oldest.toString())
    libp2p.peerStore
      .delete(oldest)
      .catch((error: Error) => libp2p.logger.forComponent('colonia').error(error))
  })
}
