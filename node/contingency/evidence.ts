/**
 * Evidence: what speaks for and against the peers that could be appointed.
 *
 * How long a peer is linked, and its round trip, are seen; how long it has been up, whom it holds and what room it
 * has, it says itself (`status`). Claims are claims: a liar gains to be appointed, and no more than a peer that has
 * been up for a day would; who says that it is full comes last.
 *
 * `place` stays unknown. On which host or network a peer is would show in the addresses that ICE chose, which
 * libp2p keeps to itself (a remote address is `/webrtc/p2p/ID`); and to have peers say it would tell addresses to
 * those who have no business with them.
 */
import type { Candidate, Of } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { PeerId } from '../peer-id.ts'

export type Status = Of<'status'>

/** As much as a claim to have been up counts, beyond what was seen (guess: a day tells servers from tabs). */
const MAX_CLAIM: Millis = 24 * 3_600_000
/** Behind everyone who has room. */
const FULL = { up: 0, load: Number.MAX_SAFE_INTEGER }

export class Evidence {
  /** Peers that are linked; what limits links limits these. */
  readonly #known = new Map<PeerId, { since: Millis; status: Status | undefined }>()

  get peers(): Iterable<PeerId> {
    return this.#known.keys()
  }

  /** @returns whether that is news */
  met(peer: PeerId, now: Millis): boolean {
    if (this.#known.has(peer)) return false
    this.#known.set(peer, { since: now, status: undefined })
    return true
  }

  /** Of a peer that is not linked nothing is kept. */
  hear(peer: PeerId, status: Status): void {
    const known = this.#known.get(peer)
    if (known !== undefined) known.status = status
  }

  gone(peer: PeerId): void {
    this.#known.delete(peer)
  }

  /** How `id` is to be ranked by an owner whose state takes so many bytes. */
  of(id: PeerId, rtt: Millis, bytes: number, now: Millis): Candidate {
    const { since, status } = this.#known.get(id) ?? { since: now, status: undefined }
    const seen = now - since
    if (status === undefined) return { id, rtt, up: seen, load: 0 }
    if (status.room < bytes) return { id, rtt, ...FULL }
    return { id, rtt, up: Math.max(seen, Math.min(status.up, seen + MAX_CLAIM)), load: status.owners }
  }
}

/** Whether a status differs from the one that was said last by so much that others should know: by half, or twice. */
export function isNews(status: Status, said: Status): boolean {
  const far = (a: number, b: number) => Math.abs(Math.log2((a + 1) / (b + 1))) >= 1
  return far(status.owners, said.owners) || far(status.room, said.room)
}
