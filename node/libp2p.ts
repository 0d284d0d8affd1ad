/**
 * The libp2p node of a peer: WebSocket to entrances, relayed handshakes, WebRTC to everyone else.
 *
 * `circuitRelayServer` is absent on purpose: in a peer whose own addresses are relayed it throws uncaught
 * (`confirmObservedAddr` on an address without an IP, circuit-relay-v2 4.2).
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { MAX_LINKS } from './options.ts'
import { type DhtInit, type RegistrationDht, registrationDht } from './registration/dht.ts'

export interface PeerLibp2p {
  libp2p: Libp2p
  /** libp2p's own, to dial an address without joining or being joined by libp2p's dial queue. */
  transports: TransportManager
  dht: RegistrationDht
}

export interface Libp2pInit {
  privateKey: PrivateKey
  iceServers: () => readonly RTCIceServer[]
  /** A link for an errand in the DHT. */
  link: NonNullable<DhtInit['link']>
}

/** Made but not started. */
export async function createPeerLibp2p({ privateKey, iceServers, link }: Libp2pInit): Promise<PeerLibp2p> {
  let transports: TransportManager | undefined
  let dht: RegistrationDht | undefined
  const libp2p = await createLibp2p({
    privateKey,
    start: false,
    addresses: { listen: ['/webrtc'] },
    transports: [
      webSockets(),
      circuitRelayTransport(),
      webRTC({ rtcConfiguration: () => ({ iceServers: [...iceServers()] }) }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    // The default gater of browsers refuses private addresses, among them every bootstrap on a LAN.
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: {
      // Twice the most links: the rest are handshakes, and entrances. Beyond that those without a purpose close.
      maxConnections: 2 * MAX_LINKS,
      // All relayed handshakes come from the bootstrap's one address, where the default is 5 a second.
      inboundConnectionThreshold: 50,
    },
    services: {
      // Not on a handshake: it is over before they had anything to add, and would wait behind them.
      identify: identify({ runOnLimitedConnection: false }),
      identifyPush: identifyPush({ runOnLimitedConnection: false }),
      ping: ping(),
      dht: registrationDht({ link }, (made) => {
        dht = made
      }),
      inside: (components: { transportManager: TransportManager }) => {
        transports = components.transportManager
        return {}
      },
    },
  })
  if (transports === undefined || dht === undefined) throw new Error('libp2p made none of its parts')
  return { libp2p, transports, dht }
}
