/** A holder as its writer sees it: how far its copy is, and whether it is still there. */
import type { Millis } from '../machine.ts'
import type { Config } from './config.ts'
import { Watch } from './watch.ts'

/** A holder whose copy is still another after so many attempts is broken, or lies. */
const MAX_HEALS = 5
/** Of more than that on the way at once, the earlier count as backed up with the later. */
export const MAX_WHOLES = 64
/** Most have all that was sent, and there are very many. */
const NONE: readonly number[] = []

export interface Holder {
  readonly id: string
  state: 'asked' | 'warm'
  /** The last change of the roster that it accepted. */
  turn: number
  /** Everything up to this counter is there, as it says itself. */
  have: number
  /** Everything up to this counter was sent. */
  sent: number
  /**
   * Counters at which what was sent was whole. In between, a record that was written again is there neither in its
   * old version nor in its new one.
   */
  wholes: readonly number[]
  /** The last of them that it has: what was written up to there is backed up. */
  safe: number
  /** Its copy was last seen to be just ours. */
  same: boolean
  watch: Watch
  /** Asked: patience ends. Warm: what was sent is sent again. */
  until: Millis | undefined
  /** Not before then is drift looked into again. */
  healAt: Millis
  heals: number
}

/** From here on it is sent again, and as it is now. */
export function rewind(holder: Holder, to: number): void {
  if (to < holder.sent) holder.wholes = holder.wholes.filter((at) => at <= to)
  holder.sent = to
}

/** It has not been heard for too long, or is beyond help. */
export function isLost({ state, watch, until, heals }: Holder, now: Millis): boolean {
  if (state === 'warm') return now >= watch.suspectAt || heals > MAX_HEALS
  return until !== undefined && now >= until
}

/** The counter up to which what it has is whole. */
export function wholeUpTo({ wholes, have }: Holder): number {
  let whole = 0
  for (const at of wholes) if (at <= have) whole = Math.max(whole, at)
  return whole
}

/** Where it is whole beyond that. */
export function after({ wholes }: Holder, safe: number): readonly number[] {
  return wholes.every((at) => at <= safe) ? NONE : wholes.filter((at) => at > safe)
}

/** One that was just asked, and has nothing. */
export function asked(id: string, config: Config, now: Millis): Holder {
  return {
    id,
    state: 'asked',
    turn: 0,
    have: 0,
    sent: 0,
    wholes: NONE,
    safe: 0,
    same: false,
    watch: new Watch(config, now),
    until: now + config.answer,
    healAt: now,
    heals: 0,
  }
}
