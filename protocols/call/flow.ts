/**
 * The flow of a call's media: it is negotiated, it is known to flow or not, and where it does not ICE is
 * restarted. Of whether the call goes on without it, the session decides.
 *
 * Law: what is not there cannot be mended. While the other page is gone, or we have not met it since we came
 * back, nothing is restarted and no report counts.
 */
import type { Millis } from '../machine.ts'
import type { Effect } from './effect.ts'
import type { Candidate, Description } from './messages.ts'
import type { Step } from './negotiation.ts'
import { type Connectivity, timing } from './phase.ts'
import type { Talk } from './talk.ts'

export class Flow {
  /** They said that their page goes. */
  away = false
  readonly #talk: Talk
  readonly #effects: Effect[]
  #restartAt: Millis | undefined
  /** When either side last began one. */
  #begunAt: Millis = Number.NEGATIVE_INFINITY

  /** What is to be done is added to `effects`. */
  constructor(talk: Talk, effects: Effect[]) {
    this.#talk = talk
    this.#effects = effects
  }

  /** Without media of its own (in Node) an engine is connected before the call is accepted. */
  get connected(): boolean {
    return this.#talk.sitting.connectivity === 'connected'
  }

  /** Someone is there to have it with. */
  get mendable(): boolean {
    return !this.away && this.#talk.returning === undefined
  }

  nextDeadline(): Millis | undefined {
    return this.#restartAt
  }

  /** Makes the engine; with `begin`, it is ours to offer. */
  start(begin: boolean): void {
    this.#effects.push({ type: 'media-start', begin })
  }

  stop(): void {
    this.#restartAt = undefined
    this.#effects.push({ type: 'media-stop' })
  }

  /** A page is back, ours or theirs, and knows of no media that was. The impolite side begins, lest offers cross. */
  anew(): void {
    this.away = false
    this.stop()
    this.start(!this.#talk.sitting.polite)
  }

  /** Their page goes. */
  leave(): void {
    this.away = true
    this.#restartAt = undefined
  }

  /** True if this is a fault that no time will heal. Nothing is mended that is not `wanted` yet, or any more. */
  report(state: Connectivity, now: Millis, wanted: boolean): boolean {
    this.#talk.sitting.connectivity = state
    if (state === 'connected') this.#restartAt = undefined
    else if (wanted && this.mendable) this.#restartAt ??= state === 'failed' ? now : now + timing.restart
    return state === 'failed'
  }

  isDue(now: Millis): boolean {
    return this.#restartAt !== undefined && now >= this.#restartAt
  }

  restart(now: Millis): void {
    this.#restartAt = now + timing.restartAgain
    this.renew(now)
  }

  /** Restarts ICE under media that may well go on. */
  renew(now: Millis): void {
    this.#begunAt = now
    this.need(true)
  }

  /** One restart answers all that is told of one change, here and there. */
  isFresh(now: Millis): boolean {
    return now < this.#begunAt + timing.restartSettle
  }

  need(restart: boolean): void {
    this.#perform(this.#talk.sitting.negotiation.need(restart))
  }

  described(made: Description): void {
    const { send, steps } = this.#talk.sitting.negotiation.described(made)
    if (send !== undefined) this.#talk.say({ type: 'description', ...send })
    this.#perform(steps)
  }

  failed(): void {
    this.#perform(this.#talk.sitting.negotiation.failed())
  }

  gathered(candidate: Candidate): void {
    this.#talk.say({ type: 'candidate', ...candidate })
  }

  take(item: Description | Candidate, now: Millis): void {
    if ('sdp' in item && item.kind === 'offer') this.#begunAt = now
    this.#perform(this.#talk.sitting.negotiate(item))
  }

  /** Takes all that came before the call was accepted. */
  release(): void {
    this.#perform(this.#talk.sitting.release())
  }

  #perform(steps: readonly Step[]): void {
    for (const step of steps) this.#effects.push({ type: 'step', step })
  }
}
