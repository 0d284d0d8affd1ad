/**
 * The libp2p node of a peer: WebSocket to entrances, handshakes that they or other peers carry, WebRTC to everyone;
 * WebSocket and WebRTC-Direct to peers in Node that listen.
 *
 * `circuitRelayServer` is absent on purpose: in a peer whose own addresses are relayed it throws uncaught
 * (`confirmObservedAddr` on an address without an IP, circuit-relay-v2 4.2).
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import type { Libp2p, PrivateKey, Upgrader } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import { announced, type Listening } from './entrance/listening.ts'
import type { ConnectionBudget } from './link/budget.ts'
import type { Links } from './link/links.ts'
import { calmYamux } from './link/muxer.ts'
import { Pulse, type PulseInit } from './link/pulse.ts'
import { isStillborn } from './link/stillborn.ts'
import { MAX_LINKS } from './options.ts'
import { quiet } from './quiet.ts'
import { carriedFor } from './registration/carried.ts'
import { type RegistrationDht, registrationDht } from './registration/dht.ts'
import { type Components, MeshRelay } from './relay/transport.ts'
import type { Medium } from './surroundings.ts'

type Push = ReturnType<typeof identifyPush>

export interface PeerLibp2p {
  libp2p: Libp2p
  /** libp2p's own, to dial an address without joining or being joined by libp2p's dial queue. */
  transports: TransportManager
  /** Makes a link of a raw connection. */
  upgrader: Upgrader
  dht: RegistrationDht
  relay: MeshRelay
  pulse: Pulse
}

export interface Libp2pInit {
  privateKey: PrivateKey
  iceServers: () => readonly RTCIceServer[]
  budget: ConnectionBudget
  /** A ping on a stream that is open; see `link/pulse.ts`. */
  ping: NonNullable<PulseInit['ping']>
  /** Whether that is a bootstrap of this peer. */
  isEntrance: (peer: string) => boolean
  /** The links, which are made around the node. */
  links: () => Links
  listening: Listening
  /** In place of WebSocket and WebRTC. */
  medium?: Medium | undefined
}

/** Made but not started. */
export async function createPeerLibp2p(init: Libp2pInit): Promise<PeerLibp2p> {
  const { privateKey, links, isEntrance, listening, ping: pingOpen } = init
  const medium = init.medium ?? network(init)
  let transports: TransportManager | undefined
  let upgrader: Upgrader | undefined
  let dht: RegistrationDht | undefined
  let relay: MeshRelay | undefined
  let pulse: Pulse | undefined
  const libp2p = await createLibp2p({
    privateKey,
    start: false,
    ...quiet(),
    addresses: {
      listen: [...medium.listen, ...listening.listen],
      appendAnnounce: listening.announce,
      announceFilter: (addresses) => announced(addresses, listening),
    },
    transports: [
      // Before the other, which would take its addresses for its own.
      (components) => {
        relay = new MeshRelay(components as unknown as Components)
        return relay
      },
      circuitRelayTransport(),
      ...medium.transports,
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [calmYamux()],
    connectionGater: {
      // The default gater of browsers refuses private addresses, among them every bootstrap on a LAN.
      denyDialMultiaddr: () => false,
      // A bootstrap is called at the address by which it is known. libp2p would call it at those that it says it listens
      // at as well, where a page is refused for its origin.
      filterMultiaddrForPeer: (peer) => !isEntrance(peer.toString()),
      denyInboundUpgradedConnection: (_peer, medium) => isStillborn(medium),
      denyOutboundUpgradedConnection: (_peer, medium) => isStillborn(medium),
    },
    connectionManager: {
      // Twice the most links: the rest are handshakes, and entrances. Beyond that those without a purpose close.
      maxConnections: 2 * MAX_LINKS,
      // All relayed handshakes come from the bootstrap's one address, where the default is 5 a second.
      inboundConnectionThreshold: 50,
    },
    // `pulse` does better.
    connectionMonitor: { enabled: false },
    services: {
      // Not on a handshake: it is over before they had anything to add, and would wait behind them.
      identify: identify({ runOnLimitedConnection: false }),
      identifyPush: toEntrances(identifyPush({ runOnLimitedConnection: false }), isEntrance),
      ping: ping(),
      pulse: ({ connectionManager }: Pick<PulseInit, 'connectionManager'>) => {
        pulse = new Pulse({ connectionManager, ping: pingOpen })
        return pulse
      },
      dht: registrationDht(
        { carried: (peer, errand) => carriedFor(links())(peer, errand), hearsay: () => links().atlas },
        (made) => {
          dht = made
        },
      ),
      inside: (components: { transportManager: TransportManager; upgrader: Upgrader }) => {
        ;({ transportManager: transports, upgrader } = components)
        return {}
      },
    },
  })
  if (!transports || !upgrader || !dht || !relay || !pulse) throw new Error('libp2p made none of its parts')
  return { libp2p, transports, upgrader, dht, relay, pulse }
}

/**
 * Has only entrances told that this peer's addresses have changed: they tell newcomers of it. By default libp2p tells all
 * links, with each entrance that comes or goes, when all of that entrance's peers would do so in one moment; and whoever
 * is linked needs no address, and looks in the DHT once it is not.
 */
function toEntrances(push: Push, isEntrance: Libp2pInit['isEntrance']): Push {
  return (components) => {
    const getConnections = () =>
      components.connectionManager
        .getConnections()
        .filter(({ remotePeer }) => isEntrance(remotePeer.toString()))
    return push(Object.create(components, { connectionManager: { value: { getConnections } } }))
  }
}

function network({ iceServers, budget, listening: { certificate } }: Libp2pInit): Medium {
  // Asked once for each connection that they make, on either side.
  const configuration = (servers: readonly RTCIceServer[]) => {
    budget.spend()
    return { iceServers: [...servers] }
  }
  return {
    listen: ['/webrtc'],
    transports: [
      webSockets(),
      webRTC({ rtcConfiguration: () => configuration(iceServers()) }),
      // Whoever is dialled so has a public address: nobody's STUN server is asked.
      webRTCDirect({ rtcConfiguration: () => configuration([]), ...(certificate && { certificate }) }),
    ],
  }
}
