/**
 * The DHT in which registrations lie: kad-dht under a protocol and a namespace of our own, in which every peer,
 * browsers too, keeps some of them and answers.
 *
 * Law: it never opens a link. The routing table is the links that there are: a peer is in it from when libp2p has
 * identified it until it disconnects, and nobody is pinged, tagged or dialled for it. Whoever is told of as nearer is
 * asked through the one who told: a peer says of its links that they are reached through it, and an *errand*, a look-up
 * or a put that somebody wants, may have a few such connections carried.
 */
import type { Connection, Libp2pEvents, PeerId, PeerInfo, Stream } from '@libp2p/interface'
import {
  type KadDHT,
  type KadDHTComponents,
  kadDHT,
  type PeerResponseEvent,
  passthroughMapper,
} from '@libp2p/kad-dht'
import { multiaddr } from '@multiformats/multiaddr'
import { Circuit } from '@multiformats/multiaddr-matcher'
import { type Registration, select } from '#protocols/registration/index'
import { idOf } from '../peer-id.ts'
import { pathOf, withId } from '../relay/address.ts'
import { NAMESPACE, open, ownerOf, peek, type Reason, Refused } from './envelope.ts'
import { beginWith, type Dht, spare } from './kad.ts'
import { besideOwners, type Put } from './place.ts'
import { Shelf } from './shelf.ts'
import { asRelay } from './telling.ts'

/** Addresses of one peer that are read from an answer. */
const MAX_ADDRESSES = 8

export const PROTOCOL = '/colonia/kad/1.0.0'
/**
 * Peers that keep a registration, and that a look-up asks before it is content. Kademlia's 20 is for networks where
 * asking is free; here each may cost a link. With 8, half of them gone between two puts leaves 4 (guess).
 */
export const K = 8
/** Requests of one look-up at a time, as in the paper (Maymounkov, Mazières 2002). */
export const ALPHA = 3
/**
 * Connections that one look-up or put may have carried: the eight peers that keep a registration, and as many on the
 * way to them.
 */
export const CARRIES = 16
/** Of a put: the eight that keep it. On the way to them mostly those are asked who are linked. */
export const PUT_CARRIES = 8
/** Of a look for one's own neighbourhood, which is often told of by whoever is linked, and made again. */
export const NEAREST_CARRIES = 4
/**
 * The end of patience with one request, in milliseconds, between which it follows what they take in the mean. Short,
 * because somebody looks just when a peer has died whose links are not closed yet. A handshake that takes longer goes
 * on, and is of use to the next.
 */
const REQUEST = { minTimeout: 1_000, maxTimeout: 4_000, failureMultiplier: 1 }
/** What is done for its own sake has so many times the patience of what somebody waits for. */
export const UNHURRIED = 3

/** What a look-up or put carries down to where its requests open their streams: kad-dht hands its options on. */
export interface Errand extends Put {
  signal: AbortSignal
  /** Connections that it may still have carried, shared by all its requests. */
  allowance: { carries: number }
  /** Patience with each request, in multiples of what they take in the mean. */
  timeoutFactor?: number
}

/** What is learned of ways to peers. */
export interface Hearsay {
  heard(peer: string, by: string): void
  heardCircuit(peer: string, way: string): void
  path(peer: string): readonly string[] | undefined
  /** Linked peers that say that they are linked to `peer`. */
  relaysTo(peer: string): readonly string[]
  /** To whom linked peers say that they are linked, this peer among them. */
  readonly beyond: ReadonlySet<string>
}

export interface DhtInit {
  /** A connection to a peer that is not linked, for an errand. A bootstrap makes none. */
  carried?: (peer: PeerId, errand: Errand) => Promise<Connection>
  hearsay?: () => Hearsay
  onRefused?: (reason: Reason) => void
  /** Registrations to keep, by default 1024. */
  keep?: number
}

export interface RegistrationDht {
  readonly dht: Dht
  readonly shelf: Shelf
  /** Registrations that were refused, by reason. */
  readonly refused: ReadonlyMap<Reason, number>
  /** Keeps the ways to a writer that it signed itself, so that it can be linked to. */
  remember(registration: Registration): Promise<void>
  /** Walks to where `peer` is in the keyspace, and tells of each on the way that is linked to it. */
  walk(peer: string, errand: Errand): AsyncGenerator<{ by: string; rounds: number }>
  /** Peers near to this one in the keyspace, and others that it was told of on the way there. */
  nearest(errand: Errand): Promise<string[]>
}

/** A service of libp2p. It needs `identify`, by which it learns who else has one. */
export function registrationDht(init: DhtInit, made: (made: RegistrationDht) => void) {
  return (components: KadDHTComponents): KadDHT => {
    const { peerId, peerStore, events, connectionManager } = components
    const self = peerId.toString()
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
      const connection = direct(peer) ?? (await fetch(peer, options))
      return await connection.newStream(protocol, { ...options, runOnLimitedConnection: true })
    }

    async function fetch(peer: PeerId, errand: Partial<Errand>): Promise<Connection> {
      if (init.carried === undefined || !isErrand(errand)) throw new Error('that peer is not linked')
      return await init.carried(peer, errand)
    }

    /** What a peer says of another: that it is linked to it, or that a bootstrap leads there. */
    const learn = (info: PeerInfo): PeerInfo => {
      const hearsay = init.hearsay?.()
      if (hearsay === undefined || info.id.equals(peerId)) return info
      for (const address of info.multiaddrs.slice(0, MAX_ADDRESSES)) {
        const path = pathOf(withId(address, info.id))
        // Told is each step of the way.
        for (const [at, next] of (path ?? []).entries()) {
          const by = path?.[at - 1]
          if (by !== undefined && by !== self && next !== self) hearsay.heard(next, by)
        }
        if (path === undefined && Circuit.matches(address)) {
          hearsay.heardCircuit(info.id.toString(), withId(address, info.id).toString())
        }
      }
      return info
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
      // Peers on one machine or LAN are peers, and those of whom an answer tells are heard of here first.
      peerInfoMapper: (info) => learn(passthroughMapper(info)),
      networkDialTimeout: REQUEST,
      validators: { [NAMESPACE]: (key, value) => validate(key, value, onRefused) },
      selectors: { [NAMESPACE]: (_key, values) => best(values) },
    })({
      peerId,
      events,
      privateKey: components.privateKey,
      registrar: onLimited(components.registrar),
      addressManager: components.addressManager,
      logger: components.logger,
      connectionManager: { openStream, isDialable: async () => true } as never,
      // It would ping, on the one stream for pings that a connection allows. A link that there is has its own watch.
      ping: { ping: async (peer: PeerId) => (direct(peer) === undefined ? absent() : 0) } as never,
      peerStore:
        init.carried === undefined
          ? peerStore
          : asRelay({ peerId, peerStore, direct, hearsay: init.hearsay }),
      datastore: shelf as never,
    }) as Dht
    besideOwners(dht)
    spare(dht, (peer) => direct(peer) !== undefined)
    beginWith(dht, function* () {
      for (const peer of init.hearsay?.().beyond ?? []) if (peer !== self) yield peer
    })
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
      await peerStore.merge(idOf(epoch.writer), { multiaddrs: ways })
    }
    async function* walk(peer: string, errand: Errand): AsyncGenerator<{ by: string; rounds: number }> {
      const rounds = new Rounds()
      for await (const event of dht.findPeer(idOf(peer), { ...errand, useCache: false })) {
        if (event.name !== 'PEER_RESPONSE') continue
        const round = rounds.count(event)
        const told = event.closer.find(({ id }) => id.toString() === peer)
        for (const way of told?.multiaddrs.slice(0, MAX_ADDRESSES) ?? []) {
          const by = pathOf(withId(way, idOf(peer)))?.at(-2)
          yield { by: by ?? event.from.toString(), rounds: round }
        }
      }
    }
    async function nearest(errand: Errand): Promise<string[]> {
      const seen = new Set<string>()
      for await (const event of dht.getClosestPeers(peerId.toMultihash().bytes, errand)) {
        if (event.name === 'PEER_RESPONSE') for (const { id } of event.closer) seen.add(id.toString())
      }
      return [...seen]
    }
    made({ dht, shelf, refused, remember, walk, nearest })
    return dht
  }
}

/** Counts the rounds of one look-up: who is linked is asked in the first, whoever these tell of in the second. */
export class Rounds {
  readonly #rounds = new Map<string, number>()

  /** In which round that answer came. */
  count({ from, closer }: PeerResponseEvent): number {
    const round = this.#rounds.get(from.toString()) ?? 1
    for (const { id } of closer) {
      if (!this.#rounds.has(id.toString())) this.#rounds.set(id.toString(), round + 1)
    }
    return round
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

/** Asked over a connection that others carry, a peer answers as well. */
function onLimited(registrar: KadDHTComponents['registrar']): KadDHTComponents['registrar'] {
  const handle: typeof registrar.handle = (protocol, handler, options) =>
    registrar.handle(protocol, handler, { ...options, runOnLimitedConnection: true })
  return Object.create(registrar, { handle: { value: handle } })
}
