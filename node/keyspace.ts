/** Where a peer is in the keyspace of the DHT: the head of SHA-256 of its multihash, as kad-dht has it. */
import { sha256 } from '@noble/hashes/sha2.js'
import { idOf, MOST_REMEMBERED, type PeerId } from './peer-id.ts'
import { remembered } from './remembered.ts'

/** Nothing is read but its bytes: what is no PeerID is somewhere, too, and cannot be dialled. */
export const keyOf = remembered((peer: PeerId): bigint => {
  const hash = sha256(bytesOf(peer))
  return new DataView(hash.buffer, hash.byteOffset).getBigUint64(0)
}, MOST_REMEMBERED)

function bytesOf(peer: PeerId): Uint8Array {
  try {
    return idOf(peer).toMultihash().bytes
  } catch {
    return new TextEncoder().encode(peer)
  }
}
