/** kad-dht: what of it is used here beyond its public type, and what it does of its own accord that is spared. */
import { type PeerId, peerDiscoverySymbol } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'

export type Dht = KadDHT & {
  readonly routingTable: EventTarget & {
    readonly size: number
    readonly closestPeerTagger: { start(): Promise<void> }
    add(peer: PeerId): Promise<void>
    remove(peer: PeerId): Promise<void>
  }
  readonly querySelf: { start(): void }
  readonly routingTableRefresh: { start(): void }
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
