/**
 * The part of a session whose owner writes from another device: it must not fight it, so it says nothing until it
 * is started again. What it wrote is kept where it was, and merges then.
 */
import type { Play } from './duty.ts'

export class Superseded implements Play {
  readonly minds = 0
  take(): void {}
  concerns(): boolean {
    return false
  }
  misses(): boolean {
    return false
  }
  tick(): void {}
  nextDeadline(): undefined {
    return undefined
  }
}
