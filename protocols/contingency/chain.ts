/**
 * Chains of delegation: by what right somebody else writes an owner's state.
 *
 * The owner signs "if I fail, B may stand in at rank 1"; B, standing in, may sign the same for C. A chain leads
 * from the owner down to whoever shows it. Signatures and expiry are checked at the driver's door; here is
 * what a chain of genuine links proves.
 */
import type { Epoch } from './epoch.ts'
import type { Delegation, Of } from './messages.ts'

/** Whether `chain` leads from `owner` without a gap: each link given by whom the former let stand in, in that epoch. */
export function leadsFrom(owner: string, chain: readonly Delegation[]): boolean {
  if (chain.length === 0) return false
  return chain.every((link, index) => {
    const former = chain[index - 1]
    if (link.owner !== owner) return false
    return former === undefined
      ? link.by === owner
      : link.by === former.to && link.n === former.n + former.rank
  })
}

/** Whether `chain` shows that `epoch` was legitimately begun: by the owner, or by someone whom it let stand in. */
export function proves(owner: string, epoch: Epoch, chain: readonly Delegation[]): boolean {
  if (!leadsFrom(owner, chain)) return false
  if (epoch.writer === owner) {
    return chain.some(({ by, n, session }) => by === owner && n === epoch.n && session === epoch.session)
  }
  return chain.some(
    ({ to, by, n, rank, session }) =>
      // A stand-in's epoch is that of its rank; or it gave a link further down itself, in that epoch.
      (to === epoch.writer && n + rank === epoch.n) ||
      (by === epoch.writer && n === epoch.n && session === epoch.session),
  )
}

/** Whether `chain` shows that `peer` was once appointed: others have no copy of the state that counts. */
export function holdsRightly(owner: string, peer: string, chain: readonly Delegation[]): boolean {
  return leadsFrom(owner, chain) && chain.at(-1)?.to === peer
}

/**
 * The epoch in which a restored copy is held. If its last link is of another, then we followed another writer since,
 * or wrote in a session that is no more: what we can prove is our right.
 */
export function heldIn(epoch: Epoch, chain: readonly Delegation[]): Epoch {
  const link = chain.at(-1)
  const valid = link === undefined || (link.n === epoch.n && link.session === epoch.session)
  return valid ? epoch : { n: link.n, writer: link.by, session: link.session }
}

/** Whether `from` is the writer of its epoch, by right, and gives `to` the right that it shows. */
export function appoints(from: string, to: string, { owner, epoch, chain }: Of<'appoint'>): boolean {
  const link = chain.at(-1)
  const ours = link?.by === from && link.to === to && link.n === epoch.n && link.session === epoch.session
  return from === epoch.writer && ours && leadsFrom(owner, chain)
}
