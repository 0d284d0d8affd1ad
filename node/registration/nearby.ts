/**
 * Who is nearest to this peer in the keyspace, as it knows without asking: whom it is linked to, and whom these say that
 * they are linked to.
 *
 * Law: a peer's own registration lies with the nearest to it (`place.ts`). These are linked to each other, wherever they
 * are heard of (`protocols/links`), so that a walk asks twice as many peers as there are to keep it, and hears of nobody
 * new. Where fewer are known than are to keep it, as when this peer has just come, it is `undefined`: then one walks.
 */
import { nearest } from '#protocols/links/index'
import { keyOf } from '../keyspace.ts'
import type { PeerId } from '../peer-id.ts'

/** @param neighbours linked peers, and whom each is linked to, as they say */
export function nearby(
  self: PeerId,
  neighbours: ReadonlyMap<PeerId, ReadonlySet<PeerId>>,
  count: number,
): PeerId[] | undefined {
  const known = new Set(neighbours.keys())
  for (const told of neighbours.values()) for (const peer of told) known.add(peer)
  known.delete(self)
  if (known.size < count) return undefined
  const peers = [...known].map((id) => ({ id, key: keyOf(id) }))
  return nearest(keyOf(self), peers, count).map(({ id }) => id)
}
