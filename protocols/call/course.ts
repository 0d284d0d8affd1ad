/**
 * The course of a call: the phase it is in, how long there is patience with it, and how it ended. The phases are
 * those of `node/api.ts`.
 *
 * Law: a phase without living media has an end of patience, so that every state has a way out; an end is final.
 */
import { earliest, type Millis } from '../machine.ts'
import type { Effect } from './effect.ts'
import { type End, type Phase, timing } from './phase.ts'

export interface Patience {
  until: Millis
  /** How the call ends if nothing comes before. */
  end: End
}

export class Course {
  phase: Phase
  end: End | undefined
  patience: Patience | undefined
  readonly #effects: Effect[]
  #forgetAt: Millis | undefined

  /** Changes are added to `effects`. */
  constructor(phase: Phase, effects: Effect[]) {
    this.phase = phase
    this.#effects = effects
  }

  get ended(): boolean {
    return this.phase === 'ended'
  }

  get unanswered(): boolean {
    return this.phase === 'calling' || this.phase === 'ringing'
  }

  /** Media has flowed. */
  get talked(): boolean {
    return this.phase === 'active' || this.phase === 'reconnecting'
  }

  nextDeadline(): Millis | undefined {
    return earliest([this.patience?.until, this.#forgetAt])
  }

  enter(phase: Phase, patience?: Patience): true {
    this.phase = phase
    this.patience = patience
    return this.changed()
  }

  /** There is so much patience with the present phase. */
  wait(until: Millis, end: End): void {
    this.patience = { until, end }
  }

  connecting(now: Millis): true {
    return this.enter('connecting', { until: now + timing.connect, end: 'lost' })
  }

  reconnecting(now: Millis, until = now + timing.lost): true {
    return this.enter('reconnecting', { until, end: 'lost' })
  }

  /** Media may be gone, as ICE says and often takes back; if it stands `still`, people see as much. */
  interrupted(still: boolean, now: Millis): void {
    if (still) this.reconnecting(now)
    else this.wait(now + timing.lost, 'lost')
  }

  /** How it must end now, because patience has. */
  isOut(now: Millis): End | undefined {
    return this.patience !== undefined && now >= this.patience.until ? this.patience.end : undefined
  }

  /** Its last word has `settled`, or waited long enough for it. */
  isForgettable(now: Millis, settled: boolean): boolean {
    return this.#forgetAt !== undefined && (now >= this.#forgetAt || settled)
  }

  finish(end: End, now: Millis): true {
    this.end = end
    this.#forgetAt = now + timing.linger
    return this.enter('ended')
  }

  changed(): true {
    this.#effects.push({ type: 'changed' })
    return true
  }
}
