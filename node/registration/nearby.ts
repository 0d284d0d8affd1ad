/**
 * Who keeps what a peer registers of itself, as it knows without asking: of those nearest to it in the keyspace, those to
 * whom it is linked.
 *
 * Law: a registration lies with the nearest to its owner (`place.ts`), and the nearest are linked to each other, wherever
 * they are heard of (`protocols/links`); so a walk asks twice as many peers as are to keep it, and hears of nobody new.
 * Those of them that are not linked are left out: a handshake that others carry costs more than all the rest of a put, and
 * an owner that is there is found by whoever is linked to it as well. What must outlive it is put by who stands in for it,
 * who walks to its place and gives it to all of the nearest.
 *
 * Where too little is known, as when this peer has just come, it is `undefined`: then one walks.
 */
import { defaultConfig, nearest } from '#protocols/links/index'
import { keyOf } from '../keyspace.ts'
import type { PeerId } from '../peer-id.ts'

/** So many keep it at least. The nearest that are linked in any case are as many. */
const LEAST = defaultConfig.near

/**
 * @param neighbours linked peers, and whom each is linked to, as they say
 * @param count the nearest, of whom those are meant that are linked
 */
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
  const linked = nearest(keyOf(self), peers, count).flatMap(({ id }) => (neighbours.has(id) ? id : []))
  return linked.length < LEAST ? undefined : linked
}
