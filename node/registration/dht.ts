/**
 * The DHT in which registrations lie: kad-dht under a protocol and a namespace of our own, in which every peer,
 * browsers too, keeps some of them and answers.
 *
 * Law: it never opens a link by itself. Its requests run on the links that there are; only an *errand*, a look-up
 * or a put that somebody wants, may make a few more. So the routing table is the links that there are: a peer is
 * in it from when libp2p has identified it until it disconnects, and nobody is pinged, tagged or dialled for it.
 */
import type { Connection, Libp2p, Libp2pEvents, PeerId, Stream } from '@libp2p/interface'
import { type KadDHT, type KadDHTComponents, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { Circuit } from '@multiformats/multiaddr-matcher'
import { type Registration, select } from '#protocols/registration/index'
import { NAMESPACE, open, ownerOf, peek, type Reason, Refused } from './envelope.ts'
import { Shelf } from './shelf.ts'

export const PROTOCOL = '/colonia/kad/1.0.0'
/**
 * Peers that keep a registration, and that a look-up asks before it is content. Kademlia's 20 is for networks where
 * asking is free; here each may cost a link. With 8, half of them gone between two puts leaves 4 (guess).
 */
export const K = 8
/** Requests of one look-up at a time, as in the paper (Maymounkov, Mazières 2002). */
export const ALPHA = 3
/** Links that one look-up or put may make. As many as peers keep a registration, less those that are linked anyway. */
export const DIALS = 6
/**
 * The end of patience with one request, in milliseconds. Short, because somebody looks just when a peer has died
 * whose links are not closed yet. A dial that takes longer goes on, and is of use to the next.
 */
const REQUEST = { minTimeout: 1_000, maxTimeout: 2_000, failureMultiplier: 1 }

/** What a look-up or put carries down to where its requests open their streams: kad-dht hands its options on. */
export interface Errand {
  signal: AbortSignal
  /** Links that it may still make, shared by all its requests. */
  allowance: { dials: number }
}

export interface DhtInit {
  /** A link to a peer that has none, for an errand. A bootstrap makes none. */
  link?: (peer: PeerId, errand: Errand) => Promise<Connection>
  onRefused?: (reason: Reason) => void
  /** Registrations to keep, by default 1024. */
  keep?: number
}

/** What of kad-dht is used here beyond its public type. */
export type Dht = KadDHT & {
  readonly routingTable: EventTarget & {
    readonly size: number
    add(peer: PeerId): Promise<void>
    remove(peer: PeerId): Promise<void>
  }
}

export interface RegistrationDht {
  readonly dht: Dht
  readonly shelf: Shelf
  /** Registrations that were refused, by reason. */
  readonly refused: ReadonlyMap<Reason, number>
  /** Keeps the ways to a writer that it signed itself, so that it can be linked to. */
  remember(registration: Registration): Promise<void>
}

/** A service of libp2p. It needs `identify`, by which it learns who else has one. */
export function registrationDht(init: DhtInit, made: (made: RegistrationDht) => void) {
  return (components: KadDHTComponents): KadDHT => {
    const { peerId, events, connectionManager } = components
    const shelf = new Shelf(peerId.toMultihash().bytes, init.keep)
    const refused = new Map<Reason, number>()
    const onRefused = (reason: Reason) => {
      refused.set(reason, (refused.get(reason) ?? 0) + 1)
      init.onRefused?.(reason)
    }
    // The newest: an older one may lead to a page or process that is no more.
    const direct = (peer: PeerId) =>
      connectionManager
        .getConnections(peer)
        .filter(({ status, limits }) => status === 'open' && limits === undefined)
        .reduce<Connection | undefined>((a, b) => (a && a.timeline.open > b.timeline.open ? a : b), undefined)

    async function openStream(peer: PeerId, protocol: string, options: Partial<Errand>): Promise<Stream> {
      const connection = direct(peer) ?? (await fetchLink(peer, options))
      return await connection.newStream(protocol, options)
    }

    async function fetchLink(peer: PeerId, errand: Partial<Errand>): Promise<Connection> {
      if (init.link === undefined || !isErrand(errand)) throw new Error('that peer is not linked')
      return await init.link(peer, errand)
    }

    const dht = kadDHT({
      protocol: PROTOCOL,
      clientMode: false,
      kBucketSize: K,
      alpha: ALPHA,
      // Disjoint paths, against liars on one of them, would each ask K peers.
      disjointPaths: 1,
      // With nobody to ask a look-up ends at once, and is made again when there is somebody.
      allowQueryWithZeroPeers: true,
      // Peers on one machine or LAN are peers.
      peerInfoMapper: passthroughMapper,
      networkDialTimeout: REQUEST,
      validators: { [NAMESPACE]: (key, value) => validate(key, value, onRefused) },
      selectors: { [NAMESPACE]: (_key, values) => best(values) },
    })({
      peerId,
      events,
      privateKey: components.privateKey,
      registrar: components.registrar,
      addressManager: components.addressManager,
      logger: components.logger,
      connectionManager: { openStream, isDialable: async () => true } as never,
      // It would ping, on the one stream for pings that a connection allows. A link that there is has its own watch.
      ping: { ping: async (peer: PeerId) => (direct(peer) === undefined ? absent() : 0) } as never,
      peerStore: withoutTags(components.peerStore),
      datastore: shelf as never,
    }) as Dht
    // kad-dht itself takes nobody of whom it has no address, as when a peer's only relay has gone.
    const onConnect = (peer: PeerId) => void dht.routingTable.add(peer).catch(() => {})
    void components.registrar.register(PROTOCOL, { onConnect })
    events.addEventListener('peer:disconnect', ({ detail }: Libp2pEvents['peer:disconnect']) => {
      dht.routingTable.remove(detail).catch(() => {})
    })
    const remember = async ({ epoch, relays }: Registration) => {
      const ways = relays
        .map((relay) => multiaddr(`${relay}/p2p-circuit`))
        .filter((way) => Circuit.exactMatch(way))
      await components.peerStore.merge(peerIdFromString(epoch.writer), { multiaddrs: ways })
    }
    made({ dht, shelf, refused, remember })
    return dht
  }
}

function isErrand(options: Partial<Errand>): options is Errand {
  return options.allowance !== undefined
}

function absent(): never {
  throw new Error('that peer is not linked')
}

async function validate(
  key: Uint8Array,
  value: Uint8Array,
  onRefused: (reason: Reason) => void,
): Promise<void> {
  try {
    await open(ownerOf(key), value, Date.now())
  } catch (error) {
    if (error instanceof Refused) onRefused(error.reason)
    throw error
  }
}

/** Which of several valid values stands. */
function best(values: readonly Uint8Array[]): number {
  const all = values.map((value, index) => ({ ...peek(value), index }))
  return select(all)?.index ?? 0
}

/** Its tags would have libp2p dial again whoever was near in the keyspace and went. */
function withoutTags(peerStore: Libp2p['peerStore']): Libp2p['peerStore'] {
  return {
    get: (id, options) => peerStore.get(id, options),
    getInfo: (id, options) => peerStore.getInfo(id, options),
    all: (query) => peerStore.all(query),
    merge: (id, { tags, ...data }, options) =>
      tags === undefined ? peerStore.merge(id, data, options) : peerStore.get(id, options),
  } as Libp2p['peerStore']
}
