/**
 * Which links to make: a peer's budget of direct connections.
 *
 * Law: links are a budget and not a goal. A tab may open about 500 RTCPeerConnections in its life (measured
 * in Chromium), so the machine stops at `target`, dials few at a time, and leaves a peer that cannot be
 * reached alone for longer each time. Links that others make to us count: they serve as well as ours.
 */
import { type Machine as AnyMachine, type Millis, type Tick, unreachable } from '../machine.ts'

export type Input<Id> =
  /** Peers that an entrance knows to be alive. */
  | { type: 'introduced'; peers: readonly Id[] }
  /** A direct connection is there, whoever made it. */
  | { type: 'linked'; peer: Id }
  | { type: 'unlinked'; peer: Id }
  /** A dial that this machine asked for did not succeed. */
  | { type: 'dial-failed'; peer: Id }
  | Tick

export type Output<Id> = { type: 'dial'; peer: Id }

export interface Config {
  /** Links to aim for, 0 to 48. */
  target: number
  /** Dials under way at once. */
  parallel: number
  /** First wait before a failed peer is tried again, in milliseconds; doubles each time. */
  retry: Millis
  /** Failures after which a peer is forgotten until it is introduced again. */
  attempts: number
}

/** Two dials at once keep a phone's processor free for the call that the person came for. */
export const defaultConfig: Config = { target: 8, parallel: 2, retry: 5_000, attempts: 3 }

/** Candidates remembered. Further ones are dropped: the next introduction brings fresher ones. */
export const MAX_CANDIDATES = 64

interface Candidate {
  failures: number
  notBefore: Millis
}

export class Machine<Id> implements AnyMachine<Input<Id>, Output<Id>> {
  readonly #config: Config
  readonly #linked = new Set<Id>()
  /** Dials under way, and how often each failed before. */
  readonly #dialing = new Map<Id, number>()
  readonly #candidates = new Map<Id, Candidate>()

  constructor(config: Config = defaultConfig) {
    this.#config = config
  }

  /** Whether further introductions would be of use. */
  get wanting(): boolean {
    return this.#linked.size + this.#dialing.size + this.#candidates.size < this.#config.target
  }

  nextDeadline(): Millis | undefined {
    if (!this.#wants()) return undefined
    const waits = [...this.#candidates.values()].map(({ notBefore }) => notBefore)
    return waits.length === 0 ? undefined : Math.min(...waits)
  }

  handle(input: Input<Id>, now: Millis): readonly Output<Id>[] {
    this.#take(input, now)
    return this.#dial(now)
  }

  #take(input: Input<Id>, now: Millis): void {
    switch (input.type) {
      case 'introduced':
        for (const peer of input.peers) {
          if (this.#linked.has(peer) || this.#dialing.has(peer) || this.#candidates.has(peer)) continue
          if (this.#candidates.size < MAX_CANDIDATES)
            this.#candidates.set(peer, { failures: 0, notBefore: now })
        }
        return
      case 'linked':
        this.#dialing.delete(input.peer)
        this.#candidates.delete(input.peer)
        this.#linked.add(input.peer)
        return
      case 'unlinked':
        // It was there a moment ago: worth another try, once its tab may have been reloaded.
        if (this.#linked.delete(input.peer)) this.#later(input.peer, 0, now)
        return
      case 'dial-failed': {
        const failures = this.#dialing.get(input.peer)
        this.#dialing.delete(input.peer)
        if (failures !== undefined) this.#later(input.peer, failures, now)
        return
      }
      case 'tick':
        return
      default:
        return unreachable(input)
    }
  }

  #later(peer: Id, failures: number, now: Millis): void {
    if (failures + 1 >= this.#config.attempts || this.#candidates.size >= MAX_CANDIDATES) return
    const notBefore = now + this.#config.retry * 2 ** failures
    this.#candidates.set(peer, { failures: failures + 1, notBefore })
  }

  #wants(): boolean {
    const { target, parallel } = this.#config
    return this.#dialing.size < parallel && this.#linked.size + this.#dialing.size < target
  }

  #dial(now: Millis): Output<Id>[] {
    const output: Output<Id>[] = []
    for (const [peer, { failures, notBefore }] of this.#candidates) {
      if (!this.#wants()) break
      if (notBefore > now) continue
      this.#candidates.delete(peer)
      this.#dialing.set(peer, failures)
      output.push({ type: 'dial', peer })
    }
    return output
  }
}
