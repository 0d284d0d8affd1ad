/**
 * What a peer tells of others in the DHT: of those that are linked, that they are reached through it; and of one that is
 * asked for by name also that a linked one is linked to it, which spares who asks a round.
 */
import { type Connection, type Libp2p, NotFoundError, type Peer, type PeerId } from '@libp2p/interface'
import { addressOf } from '../relay/address.ts'

/** Ways through two that are told of one peer. */
const MAX_TOLD = 2

export interface TellingInit {
  peerId: PeerId
  peerStore: Libp2p['peerStore']
  direct: (peer: PeerId) => Connection | undefined
  hearsay?:
    | undefined
    | (() => {
        /** Linked peers that say that they are linked to `peer`. */
        relaysTo(peer: string): readonly string[]
      })
}

/**
 * What kad-dht gets to see of the peer store. Without tags, because they would have libp2p dial again whoever was near in
 * the keyspace and went.
 */
export function asRelay({ peerId, peerStore, direct, hearsay }: TellingInit): Libp2p['peerStore'] {
  const through = (...path: string[]) => addressOf([peerId.toString(), ...path])
  const here = (id: PeerId) => (direct(id) === undefined ? [] : [through(id.toString())])
  const beyond = (id: PeerId) => {
    const by = hearsay?.().relaysTo(id.toString()) ?? []
    return by.slice(0, MAX_TOLD).map((one) => through(one, id.toString()))
  }
  const seen: Pick<Libp2p['peerStore'], 'get' | 'getInfo' | 'all' | 'merge'> = {
    async get(id) {
      const ways = direct(id) === undefined ? beyond(id) : here(id)
      if (ways.length === 0)
        throw new NotFoundError('neither that peer is linked nor one that is linked to it')
      const addresses = ways.map((multiaddr) => ({ multiaddr, isCertified: false }))
      return { id, addresses, protocols: [], metadata: new Map(), tags: new Map() }
    },
    async getInfo(id) {
      return { id, multiaddrs: here(id) }
    },
    all: (query) => peerStore.all(query),
    // It does not look at what is returned, and to read a peer with its addresses for each tag is dear.
    merge: async (id, { tags, multiaddrs, ...data }, options) =>
      tags === undefined ? await peerStore.merge(id, data, options) : ({ id } as Peer),
  }
  return seen as Libp2p['peerStore']
}
