/**
 * What the peer store was last asked or told of a peer, kept as it was read.
 *
 * libp2p writes into it at each new stream that the other side speaks the stream's protocol, and reads for that the
 * whole peer, every address of which it parses: a fifth of what sixty busy peers' processors did (measured). Nothing
 * else writes there than this peer itself, so what it said last is what is there; but what is old is read anew, because
 * addresses and tags expire.
 */
import type { Peer, PeerData, PeerId, PeerStore } from '@libp2p/interface'
import type { Millis } from '#protocols/machine'

/** How long something may be used as it was read, in milliseconds: addresses expire after an hour. */
const FRESH: Millis = 60_000
/** Peers of whom something is kept: more than a peer has connections. */
const MOST = 256

interface Known {
  peer: Peer
  until: Millis
}

/** Has `store` answer from what is kept, for as long as it lives. */
export function keepKnown(store: PeerStore, now: () => Millis = () => performance.now()): void {
  const { get, merge, patch, save } = store
  const drop = store.delete
  const known = new Map<string, Known>()

  const recall = (id: PeerId): Peer | undefined => {
    const found = known.get(id.toString())
    return found === undefined || found.until <= now() ? undefined : found.peer
  }
  const keep = (peer: Peer): Peer => {
    const key = peer.id.toString()
    known.delete(key)
    known.set(key, { peer, until: now() + FRESH })
    if (known.size > MOST) known.delete(known.keys().next().value as string)
    return peer
  }

  store.get = async (id, options) => recall(id) ?? keep(await get.call(store, id, options))
  store.merge = async (id, data, options) => {
    const peer = recall(id)
    return peer !== undefined && addsNothing(data, peer)
      ? peer
      : keep(await merge.call(store, id, data, options))
  }
  store.patch = async (id, data, options) => keep(await patch.call(store, id, data, options))
  store.save = async (id, data, options) => keep(await save.call(store, id, data, options))
  store.delete = async (id, options) => {
    known.delete(id.toString())
    await drop.call(store, id, options)
    // Whatever was read meanwhile.
    known.delete(id.toString())
  }
}

function addsNothing({ protocols = [], ...rest }: PeerData, peer: Peer): boolean {
  return Object.keys(rest).length === 0 && protocols.every((each) => peer.protocols.includes(each))
}
