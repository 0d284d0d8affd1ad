/** A succession: with whom a new writer goes on, and whom it tells. */
import type { Millis } from '../machine.ts'
import type { Duty } from './duty.ts'

export interface Succession {
  /** Hold a copy already, best first. */
  keep: readonly string[]
  /** May hold a copy, or should know, and are told from `at` on. */
  tell: readonly string[]
  at?: Millis
  /** Were silent or have left, so that somebody had to stand in; they may look for all the world like the best to ask. */
  shun?: readonly string[]
}

/** Of a holder that takes the writer's place. @param left that one said goodbye */
export function succeed({ epoch, owner, roster, home }: Duty, left: boolean, now: Millis): Succession {
  const former = epoch.writer
  const keep = roster.filter((id) => id !== home.self && id !== former)
  const shun = [former, owner]
  if (!left) return { keep, tell: shun, shun }
  // Whoever said goodbye asks when it is back; an owner that is away is in no hurry.
  return { keep, tell: shun.filter((id) => id !== former), at: now + home.config.announce, shun }
}
