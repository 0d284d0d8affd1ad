/**
 * Which peers a newcomer meets: a pure choice among those that are here.
 *
 * They should spread over the keyspace, so that the newcomer's links shorten the DHT's paths whatever it looks
 * for, and be likely to stay: who has been up long tends to stay long (Saroiu, Gummadi, Gribble 2002; the
 * reason why Kademlia keeps old contacts). Among peers of like age, who was introduced least goes first, or the
 * oldest few would carry every arrival. Before all goes who was asked to stay: the others are about to hang up.
 */

export interface Candidate {
  /** PeerID in text form. */
  readonly id: string
  /** Where it is on the ring of keys: the first 32 bits of the hash that the DHT uses. */
  readonly key: number
  /** When it came, on the caller's clock, in milliseconds. */
  readonly since: number
  /** How often it has been introduced. */
  readonly introduced: number
  /** It was asked to stay connected. */
  readonly anchor?: boolean
}

const RING = 2 ** 32

/**
 * At most `want` of the candidates, never `asker`. The ring is cut into `want` equal arcs, beginning at the
 * asker's key; each arc sends its best; the places of empty arcs go to the best of the rest.
 */
export function sample<C extends Candidate>(
  candidates: Iterable<C>,
  asker: { id: string; key: number },
  want: number,
  now: number,
): C[] {
  const ranked = [...candidates].filter(({ id }) => id !== asker.id).sort(by(now))
  const bests = new Map<number, C>()
  for (const candidate of ranked) {
    const arc = Math.floor((((candidate.key - asker.key + RING) % RING) / RING) * want)
    if (!bests.has(arc)) bests.set(arc, candidate)
  }
  // A Set keeps the first place of each: arcs first, then rank.
  return [...new Set([...bests.values(), ...ranked])].slice(0, want)
}

/** Anchors, then longest up by powers of two of minutes, then least introduced, then by id. */
function by(now: number): (a: Candidate, b: Candidate) => number {
  const age = ({ since }: Candidate) => Math.floor(Math.log2(1 + Math.max(0, now - since) / 60_000))
  return (a, b) =>
    Number(b.anchor ?? false) - Number(a.anchor ?? false) ||
    age(b) - age(a) ||
    a.introduced - b.introduced ||
    (a.id < b.id ? -1 : 1)
}
