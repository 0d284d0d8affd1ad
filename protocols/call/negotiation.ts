/**
 * Perfect negotiation (WebRTC 1.0 §10.7, https://www.w3.org/TR/webrtc/#perfect-negotiation-example) as a
 * pure value: who yields when both offer at once, and what to do with candidates that come early.
 *
 * Law: when two offers cross, the impolite side's stands and the polite side rolls back. One side is polite
 * and the other is not, by PeerID order, so exactly one offer survives. The driver performs the steps one
 * after the other and reports each local description; a report that was overtaken is dropped here.
 */
import type { Candidate, Description } from './messages.ts'

/** What the driver must do with its RTCPeerConnection. */
export type Step =
  /** createOffer and setLocalDescription, then report `described`. */
  | { type: 'offer'; round: number; restart: boolean }
  /** setRemoteDescription (which rolls back an own offer), createAnswer, setLocalDescription, report. */
  | { type: 'answer'; sdp: string; round: number }
  /** setRemoteDescription. */
  | { type: 'settle'; sdp: string }
  | { type: 'add-candidate'; candidate: Candidate }

/** Early candidates kept until there is a description; a browser gathers a dozen or two. */
export const MAX_EARLY = 64

type State = 'stable' | 'offering' | 'offered' | 'answering'

export class Negotiation {
  readonly #polite: boolean
  #state: State = 'stable'
  /** Number of our last offer. */
  #round = 0
  /** Number of the offer we are answering. */
  #theirs = 0
  #wanted: { restart: boolean } | undefined
  #hasRemote = false
  #ignoring = false
  #early: Candidate[] = []

  constructor(polite: boolean) {
    this.#polite = polite
  }

  /** Tracks changed, or (`restart`) new ICE credentials are wanted: offer as soon as that is possible. */
  need(restart: boolean): Step[] {
    this.#wanted = { restart: restart || this.#wanted?.restart === true }
    return this.#next()
  }

  /** The driver set a local description. Returns what to send, if it is still wanted. */
  described(made: Description): { send: Description | undefined; steps: Step[] } {
    if (made.kind === 'offer' && this.#state === 'offering' && made.round === this.#round) {
      this.#state = 'offered'
      return { send: made, steps: [] }
    }
    if (made.kind === 'answer' && this.#state === 'answering' && made.round === this.#theirs) {
      this.#state = 'stable'
      return { send: made, steps: this.#next() }
    }
    return { send: undefined, steps: [] }
  }

  /** A description came from the other side. */
  takeDescription({ kind, sdp, round }: Description): Step[] {
    if (kind === 'answer') {
      if (this.#state !== 'offered' || round !== this.#round) return []
      this.#state = 'stable'
      return [{ type: 'settle', sdp }, ...this.#release(), ...this.#next()]
    }
    const collision = this.#state === 'offering' || this.#state === 'offered'
    this.#ignoring = collision && !this.#polite
    if (this.#ignoring) return []
    // An own offer that is rolled back is not made again from here: the browser fires `negotiationneeded`
    // once it is stable if what that offer wanted is still wanted, and so calls `need`.
    this.#state = 'answering'
    this.#theirs = round
    return [{ type: 'answer', sdp, round }, ...this.#release()]
  }

  /** A candidate came from the other side; it waits here until there is a description to add it to. */
  takeCandidate(candidate: Candidate): Step[] {
    if (this.#hasRemote && !this.#ignoring) return [{ type: 'add-candidate', candidate }]
    if (!this.#ignoring && this.#early.length < MAX_EARLY) this.#early.push(candidate)
    return []
  }

  /** A step failed. Whatever was under way is over and not asked for again; what waited for it goes on. */
  failed(): Step[] {
    this.#state = 'stable'
    return this.#next()
  }

  #release(): Step[] {
    this.#hasRemote = true
    this.#ignoring = false
    return this.#early.splice(0).map((candidate) => ({ type: 'add-candidate', candidate }) as const)
  }

  #next(): Step[] {
    if (this.#wanted === undefined || this.#state !== 'stable') return []
    const { restart } = this.#wanted
    this.#wanted = undefined
    this.#state = 'offering'
    this.#round += 1
    return [{ type: 'offer', round: this.#round, restart }]
  }
}
