/**
 * Epochs: who may write a state.
 *
 * Law: one writer an epoch. An epoch is a number and the session that writes in it, so two peers can never be
 * in the same one, and of any two epochs one is the greater. What carries a smaller epoch than one has seen is
 * refused (fencing tokens: Kleppmann, "How to do distributed locking", 2016).
 *
 * The owner leaves a gap after its own number, wide enough for each rank to claim one of its own: rank r claims
 * `n + r`. So a lower rank that has had to wait supersedes a higher one that failed.
 */

export interface Epoch {
  n: number
  /** The peer that writes. */
  writer: string
  /** Random name of that peer's running instance: two devices of one owner are two sessions. */
  session: string
}

/** Ranks there can be; the owner's numbers are further apart than that. */
export const MAX_RANKS = 4

/**
 * Links of the longest chain of rights, so that so many in a row may stand in for an owner who does not come back
 * meanwhile: the last can appoint nobody. Each is 375 bytes and a signature to be checked. With four, states of owners
 * that were away for much longer than a session lasts were lost (seen in simulations).
 */
export const MAX_CHAIN = 16

export function compareEpochs(a: Epoch, b: Epoch): number {
  return a.n - b.n || compareText(a.session, b.session) || compareText(a.writer, b.writer)
}

/** The next number for the owner, beyond everything that any rank may have claimed after `n`. */
export function ownersNext(n: number): number {
  return n + MAX_RANKS + 1
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
