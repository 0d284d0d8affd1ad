/**
 * Who is here and can be introduced: connected peers with a signed record that names a way through a relay; and
 * who of them is an anchor.
 *
 * The roster follows libp2p's events, so that an introduction costs no walk through the peer store. It holds
 * connected peers only, so it is bounded by the connections that the gate allows.
 */
import { createHash } from 'node:crypto'
import type { Libp2p, Peer, PeerId } from '@libp2p/interface'
import { MAX_RECORD_BYTES } from '#protocols/introduction/index'
import { addressGroup } from './address.ts'
import { Anchors, type Answer, type Member } from './anchors.ts'
import { sample } from './sample.ts'

interface Entry extends Member {
  introduced: number
  record: Uint8Array<ArrayBuffer>
}

export interface Roster {
  /** Signed records of at most `want` peers for `asker`. */
  pick(asker: PeerId, want: number): Uint8Array<ArrayBuffer>[]
  /** Whether `asker` may hang up. */
  leave(asker: PeerId): Answer
  readonly size: number
  /** Those that were asked to stay. */
  readonly anchors: number
}

export interface RosterInit {
  node: Libp2p
  /** Whether the relay leads to that peer. Who hung up and is back for a moment has a record that says so, and no place. */
  isReserved(peer: PeerId): boolean
  /** Peers that are asked to stay at once. */
  maxAnchors: number
}

export function createRoster({ node, isReserved, maxAnchors }: RosterInit): Roster {
  const entries = new Map<string, Entry>()
  const anchors = new Anchors(maxAnchors)
  const remove = (id: string) => {
    entries.delete(id)
    anchors.gone(id)
  }

  node.addEventListener('peer:update', ({ detail: { peer } }) => {
    const id = peer.id.toString()
    const record = isReserved(peer.id) ? introducible(peer) : undefined
    const [connection] = node.getConnections(peer.id)
    // An update may come after the peer went.
    if (record === undefined || connection === undefined) remove(id)
    else {
      const { since = performance.now(), introduced = 0 } = entries.get(id) ?? {}
      const group = addressGroup(connection.remoteAddr.getComponents()[0]?.value ?? '')
      entries.set(id, {
        ...{ id, key: keyOf(peer.id), since, introduced, record, group },
        get anchor() {
          return anchors.has(id)
        },
      })
    }
  })
  node.addEventListener('peer:disconnect', ({ detail }) => remove(detail.toString()))

  return {
    pick(asker, want) {
      const self = { id: asker.toString(), key: keyOf(asker) }
      const picked = sample(entries.values(), self, want, performance.now())
      for (const entry of picked) entry.introduced++
      return picked.map(({ record }) => record)
    },
    leave: (asker) => anchors.ask(asker.toString(), entries, performance.now()),
    get size() {
      return entries.size
    },
    get anchors() {
      return anchors.size
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
