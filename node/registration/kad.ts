/**
 * kad-dht: what of it is used here beyond its public type, where its walks begin, and what it does of its own accord that
 * is spared.
 */
import { type PeerId, peerDiscoverySymbol } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import { nearest } from '#protocols/links/index'
import { keyOf } from '../keyspace.ts'
import { idOf } from '../peer-id.ts'

/** What a walk needs of the routing table. */
interface Table {
  readonly size: number
  readonly kBucketSize: number
  /** @param place in the keyspace, whole */
  closestPeers(place: Uint8Array, options?: { count?: number }): PeerId[]
  queueRoutingTableUpdate(peer: PeerId): void
}

export type Dht = KadDHT & {
  readonly queryManager: { routingTable: Table }
  readonly routingTable: Table &
    EventTarget & {
      readonly closestPeerTagger: { start(): Promise<void> }
      add(peer: PeerId): Promise<void>
      remove(peer: PeerId): Promise<void>
    }
  readonly querySelf: { start(): void }
  readonly routingTableRefresh: { start(): void }
}

/**
 * Has walks begin with the nearest that are known, linked or not: those who told of them would only tell it again, which
 * costs each walk a round. Whoever is linked is asked as well, if need be, because who is not may be out of reach.
 * @param known peers to whom linked ones say that they are linked
 */
export function beginWith({ queryManager, routingTable }: Dht, known: () => Iterable<string>): void {
  queryManager.routingTable = {
    get size() {
      return routingTable.size
    },
    kBucketSize: routingTable.kBucketSize,
    queueRoutingTableUpdate: (peer) => routingTable.queueRoutingTableUpdate(peer),
    closestPeers(place, { count = routingTable.kBucketSize } = {}) {
      const linked = routingTable.closestPeers(place, { count })
      const ids = new Set(linked.map(String))
      const peers = [...known()].map((id) => ({ id, key: keyOf(id) }))
      const key = new DataView(place.buffer, place.byteOffset).getBigUint64(0)
      for (const { id } of nearest(key, peers, count)) ids.add(id)
      return [...ids].flatMap(whole)
    },
  }
}

/** Who is told of may be no PeerID at all. */
function whole(id: string): PeerId[] {
  try {
    return [idOf(id)]
  } catch {
    return []
  }
}

/** To be called before it is handed to libp2p. */
export function spare(dht: Dht, isLinked: (peer: PeerId) => boolean): void {
  // Of whom it was told but who is not linked it would make an entry, ping it, hear that it is not there, and forget it.
  const add = dht.routingTable.add.bind(dht.routingTable)
  dht.routingTable.add = async (peer) => {
    if (isLinked(peer)) await add(peer)
  }
  // libp2p would write every peer of every answer into its peer store, each time with all that is there of it already:
  // a fifth of what a process with eight peers did in a mesh of forty-eight. Who was told of is in `node/link/atlas.ts`.
  Object.defineProperty(dht, peerDiscoverySymbol, { value: undefined })
  // Every five seconds it decodes and encodes forty PeerIDs to find whom to tag, and nobody is (`dht.ts`).
  dht.routingTable.closestPeerTagger.start = async () => {}
  // It looks for itself and in every bucket, for peers to put into the table: links are, and they are made by us.
  dht.querySelf.start = () => {}
  dht.routingTableRefresh.start = () => {}
}
