/**
 * Who is here and can be introduced: connected peers with a signed record that names a way through a relay.
 *
 * The roster follows libp2p's events, so that an introduction costs no walk through the peer store. It holds
 * connected peers only, so it is bounded by the connections that the gate allows.
 */
import { createHash } from 'node:crypto'
import type { Libp2p, Peer, PeerId } from '@libp2p/interface'
import { MAX_RECORD_BYTES } from '#protocols/introduction/index'
import { type Candidate, sample } from './sample.ts'

interface Entry extends Candidate {
  introduced: number
  record: Uint8Array<ArrayBuffer>
}

export interface Roster {
  /** Signed records of at most `want` peers for `asker`. */
  pick(asker: PeerId, want: number): Uint8Array<ArrayBuffer>[]
  readonly size: number
}

export function createRoster(node: Libp2p): Roster {
  const entries = new Map<string, Entry>()

  node.addEventListener('peer:update', ({ detail: { peer } }) => {
    const id = peer.id.toString()
    const record = introducible(peer)
    // An update may come after the peer went.
    if (record === undefined || node.getConnections(peer.id).length === 0) entries.delete(id)
    else {
      const { since = performance.now(), introduced = 0 } = entries.get(id) ?? {}
      entries.set(id, { id, key: keyOf(peer.id), since, introduced, record })
    }
  })
  node.addEventListener('peer:disconnect', ({ detail }) => entries.delete(detail.toString()))

  return {
    pick(asker, want) {
      const self = { id: asker.toString(), key: keyOf(asker) }
      const picked = sample(entries.values(), self, want, performance.now())
      for (const entry of picked) entry.introduced++
      return picked.map(({ record }) => record)
    },
    get size() {
      return entries.size
    },
  }
}

/** The record, if the addresses signed in it lead to the peer through a relay. */
function introducible({ peerRecordEnvelope, addresses }: Peer): Uint8Array<ArrayBuffer> | undefined {
  const reachable = addresses.some(
    ({ isCertified, multiaddr }) => isCertified && multiaddr.toString().includes('/p2p-circuit'),
  )
  if (!reachable || peerRecordEnvelope === undefined) return undefined
  return peerRecordEnvelope.byteLength <= MAX_RECORD_BYTES ? new Uint8Array(peerRecordEnvelope) : undefined
}

/** The head of the peer's Kademlia key, SHA-256 of its multihash. */
function keyOf(peer: PeerId): number {
  return createHash('sha256').update(peer.toMultihash().bytes).digest().readUInt32BE()
}
