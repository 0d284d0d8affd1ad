/**
 * Whom to appoint: candidates ranked by evidence.
 *
 * How long a peer has been up is the best evidence that it will stay: session times are heavy-tailed (Weibull,
 * shape 0.4–0.6 in KAD, BitTorrent and IPFS), so who has stayed long stays longer. Under such churn the oldest
 * of eight loses far fewer states than a random or a fresh peer. Distance in the key space says nothing.
 */

export interface Candidate {
  id: string
  /** Milliseconds since it was first seen up. */
  up: number
  /** States it holds already, as it last said; 0 if unknown. */
  load: number
  /** Round trip in milliseconds. */
  rtt: number
  /** Opaque name of the host or network it is on, if known: a copy in the same house burns with it. */
  place?: string | undefined
}

/**
 * Ages are compared by powers of two, because a minute more means much to a minute and nothing to a day. By counting
 * bits, which is the same on every engine, as a logarithm need not be (ECMA-262, 21.3.2).
 */
function ageClass(up: number): number {
  return 31 - Math.clz32(Math.min(1 + Math.max(0, up) / 15_000, 2 ** 32 - 1))
}

/**
 * Best first. `taken` are the places of the owner and of holders already chosen. Ties go to the smaller id, so
 * that the order is the same wherever it is computed.
 */
export function rankCandidates(candidates: readonly Candidate[], taken: readonly string[]): Candidate[] {
  return [...candidates].sort((a, b) => compareCandidates(a, b, taken))
}

/** Negative when `a` is the better one. */
export function compareCandidates(a: Candidate, b: Candidate, taken: readonly string[]): number {
  return (
    Number(isTaken(a, taken)) - Number(isTaken(b, taken)) ||
    ageClass(b.up) - ageClass(a.up) ||
    a.load - b.load ||
    // Fifty milliseconds more or less are no evidence of anything.
    Math.floor(a.rtt / 50) - Math.floor(b.rtt / 50) ||
    (a.id < b.id ? -1 : 1)
  )
}

function isTaken({ place }: Candidate, taken: readonly string[]): boolean {
  return place !== undefined && taken.includes(place)
}
