/**
 * A sitting: what begins anew when one of the two lost their page and comes back into the call. The order of
 * messages, the negotiation of media and what came early belong to a pair of sittings, one of each side; when
 * one of them is another, all of it is. A TCP connection is told from its former self in the same way, by
 * initial sequence numbers (RFC 9293 §3.4.1); here names serve, because a page that crashed has nothing to count on.
 *
 * Law: of a sitting that is over nothing counts any more, except that a call was hung up.
 */
import { Courier } from './courier.ts'
import type { Candidate, Description, Message } from './messages.ts'
import { MAX_EARLY, Negotiation, type Step } from './negotiation.ts'
import type { Connectivity } from './phase.ts'

/** How often someone may come back into one call. Each time costs a browser one of its RTCPeerConnections (guess). */
export const MAX_RETURNS = 32

export class Sitting {
  readonly courier: Courier
  readonly negotiation: Negotiation
  connectivity: Connectivity | undefined
  readonly #address: { call: string; from: string | undefined; to: string | undefined }
  readonly polite: boolean
  /** Sittings of theirs that are over. */
  readonly #former: ReadonlySet<string | undefined>
  /** Descriptions and candidates that came before the call was accepted. */
  #held: (Description | Candidate)[] = []

  constructor(
    address: { call: string; from?: string | undefined; to?: string | undefined },
    polite: boolean,
    former: ReadonlySet<string | undefined> = new Set(),
  ) {
    const { call, from, to } = address
    this.#address = { call, from, to }
    this.polite = polite
    this.#former = former
    this.courier = new Courier(this.#address)
    this.negotiation = new Negotiation(polite)
  }

  /** They have come back MAX_RETURNS times. */
  get exhausted(): boolean {
    return this.#former.size >= MAX_RETURNS
  }

  /** Whether it was said in this sitting of theirs, to this one of ours. */
  fits({ from, to }: Message): boolean {
    return from === this.#address.to && to === this.#address.from
  }

  /** Whether it is said to this sitting of ours, whatever theirs is. */
  isTo({ to }: Message): boolean {
    return to === this.#address.from
  }

  /** Whether they speak from a sitting that we have not seen. */
  isNew({ from }: Message): boolean {
    return from !== this.#address.to && !this.#former.has(from)
  }

  /** The one that begins when theirs is called `to`. */
  next(to: string | undefined): Sitting {
    const { call, from, to: over } = this.#address
    return new Sitting({ call, from, to }, this.polite, new Set([...this.#former, over]))
  }

  hold(item: Description | Candidate): void {
    if (this.#held.length <= MAX_EARLY) this.#held.push(item)
  }

  /** What to do about all that was held. */
  release(): Step[] {
    return this.#held.splice(0).flatMap((item) => this.negotiate(item))
  }

  negotiate(item: Description | Candidate): Step[] {
    return 'sdp' in item ? this.negotiation.takeDescription(item) : this.negotiation.takeCandidate(item)
  }
}
