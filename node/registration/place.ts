/**
 * Where registrations lie: beside their owner.
 *
 * kad-dht puts a value where the hash of its key is, among peers that the owner has nothing to do with: a put asked
 * twenty strangers who is near and then gave it to eight others, over handshakes that somebody had to carry. In the place
 * of the owner itself are those to whom it is linked (`protocols/links`), so that most of a put goes over links that
 * there are; and whoever looks for a peer finds in one place who is linked to it and what it has registered.
 *
 * A put that says who is to keep it (`Put`) asks nobody who is near.
 *
 * Who makes up identities until they surround a peer keeps its registrations as well as its links. Neither can be forged.
 */
import type { FinalPeerEvent, KadDHT } from '@libp2p/kad-dht'
import { idOf, type PeerId } from '../peer-id.ts'
import { ownerOf } from './envelope.ts'

/** What of kad-dht looks for the place of a key: its second argument and those after it are handed on. */
type Seeker = (key: Uint8Array, ...rest: unknown[]) => unknown

/** What a put may say among its options. */
export interface Put {
  /** Who is to keep it, so that nobody is asked who is near. */
  keepers?: readonly PeerId[]
}

interface Seekers {
  peerRouting: Record<'getClosestPeers' | 'getClosestPeersOffline', Seeker>
  queryManager: Record<'run', Seeker>
}

/** What kad-dht has to hash to come to where the registration of that key lies: the owner's multihash. */
export function placeOf(key: Uint8Array): Uint8Array {
  try {
    return idOf(ownerOf(key)).toMultihash().bytes
  } catch {
    // The place of a peer, or a key of which no registration can be.
    return key
  }
}

/** Has kad-dht look for registrations there, and answer so to others. */
export function besideOwners(dht: KadDHT): void {
  const { peerRouting, queryManager } = dht as unknown as Seekers
  const walk = toPlace(peerRouting.getClosestPeers.bind(peerRouting))
  peerRouting.getClosestPeers = (key, ...rest) => {
    const [errand] = rest as (Put | undefined)[]
    return errand?.keepers === undefined ? walk(key, ...rest) : known(errand.keepers)
  }
  peerRouting.getClosestPeersOffline = toPlace(peerRouting.getClosestPeersOffline.bind(peerRouting))
  queryManager.run = toPlace(queryManager.run.bind(queryManager))
}

/** What a walk says at its end, of those who are known to be near without one. */
async function* known(
  peers: readonly PeerId[],
): AsyncGenerator<Pick<FinalPeerEvent, 'name' | 'peer' | 'path'>> {
  for (const peer of peers) {
    const path = { index: 0, queued: 0, running: 0, total: 0 }
    yield { name: 'FINAL_PEER', peer: { id: idOf(peer), multiaddrs: [] }, path }
  }
}

function toPlace(seek: Seeker): Seeker {
  return (key, ...rest) => seek(placeOf(key), ...rest)
}
