/**
 * Where peers are in the keyspace of Kademlia (Maymounkov, Mazières 2002), as far as links are chosen by it: the
 * first 64 bits of a key tell any two peers apart that will ever meet.
 */

/** The head of a key, an unsigned number of 64 bits. */
export type Key = bigint

export const BITS = 64

/** How many leading bits two keys share: the bucket of one as seen by the other. */
export function bucketOf(a: Key, b: Key): number {
  const distance = a ^ b
  return distance === 0n ? BITS : BITS - distance.toString(2).length
}

/** Those of `peers` that are nearest to `self`, nearest first. */
export function nearest<Peer extends { key: Key }>(self: Key, peers: Iterable<Peer>, count: number): Peer[] {
  return [...peers].sort((a, b) => compare(a.key ^ self, b.key ^ self)).slice(0, count)
}

export function compare(a: Key, b: Key): number {
  return a < b ? -1 : a > b ? 1 : 0
}
