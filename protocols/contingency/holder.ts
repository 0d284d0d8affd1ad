/** A holder as its writer sees it: how far its copy is, and whether it is still there. */
import type { Millis } from '../machine.ts'
import type { Watch } from './watch.ts'

export interface Holder {
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
  wholes: number[]
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
