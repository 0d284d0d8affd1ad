/** Meeting by hand, as a developer holds it: `Hand` makes these. */
import type { AbortOptions } from '@libp2p/interface'
import type { PeerId } from '../peer-id.ts'

export interface InviteOptions extends AbortOptions {
  /** Who is invited; without it, whoever reads the invitation. */
  peer?: PeerId
}

/** What both of an invitation and a reply are: a text to give away, and an end that waits. */
interface Note {
  /**
   * `meet=` and some 450 letters and digits: to be given to the other as it is, behind the `#` of a link to the page,
   * or as a QR code. Good once. Whoever reads it learns this machine's network addresses.
   */
  readonly text: string
  /** Until when it is of use, `Date.now()` milliseconds. */
  readonly expires: number
  /** Withdraws it. Idempotent; no effect once the two are linked. */
  cancel(): void
}

export interface Invitation extends Note {
  /**
   * Takes the reply, a text that may have others around it, and resolves with whom this peer is linked to now. A
   * text that is refused leaves the invitation open.
   * @throws HandError with a `reason`; ColoniaError `unreachable` (no way between the two in 20 s), `stopped`
   */
  accept(reply: string): Promise<PeerId>
}

export interface Reply extends Note {
  /** Who invites, as signed by them. */
  readonly peer: PeerId
  /**
   * Resolves once they have taken the reply and both are linked.
   * Rejects with HandError `other-peer`, `expired` (also: withdrawn), ColoniaError `unreachable` or `stopped`.
   */
  readonly met: Promise<void>
}
