/**
 * Hedged attempts: when one stalls, another begins beside it, and the first to succeed wins. A dial that is
 * going to fail is known by its silence long before it times out, and a second one costs little ("The Tail
 * at Scale", Dean and Barroso, CACM 2013).
 */
import type { Clock } from '../driver.ts'

export interface HedgeOptions {
  /** Attempts in all. */
  attempts: number
  /** Silence after which the next attempt begins, in milliseconds. A failure begins it at once. */
  stall: number
  clock: Clock
  signal: AbortSignal
}

/**
 * A timer that is late by this share of the silence is that of a process that is busy, and then silence says nothing: the
 * answer may be in the queue behind it. It is excused so often, and not for ever, since hidden tabs are always late
 * (both guesses).
 */
const LATE = 0.25
const EXCUSES = 2

/**
 * The result of the first attempt that succeeds; the others' signals fire, and what they nevertheless
 * produce goes to `discard`.
 * @throws the last attempt's error when all have failed; the signal's reason.
 */
export function hedge<T>(
  attempt: (signal: AbortSignal, index: number) => Promise<T>,
  discard: (late: T) => void,
  { attempts, stall, clock, signal }: HedgeOptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const others = new AbortController()
    let begun = 0
    let failed = 0
    let over = false
    let cancel: () => void = () => {}

    const end = (settle: () => void) => {
      over = true
      cancel()
      signal.removeEventListener('abort', aborted)
      settle()
      others.abort(signal.aborted ? signal.reason : new DOMException('another attempt won', 'AbortError'))
    }
    const aborted = () => end(() => reject(signal.reason))

    const begin = () => {
      cancel()
      if (over || begun >= attempts) return
      attempt(others.signal, begun++).then(
        (value) => (over ? discard(value) : end(() => resolve(value))),
        (error: unknown) => {
          failed += 1
          if (over) return
          if (failed === attempts) return end(() => reject(error))
          if (failed === begun) begin()
        },
      )
      wait(EXCUSES)
    }

    const wait = (excuses: number) => {
      const due = clock.now() + stall
      cancel = clock.after(stall, () => {
        if (excuses > 0 && clock.now() - due > stall * LATE) wait(excuses - 1)
        else begin()
      })
    }

    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', aborted)
    begin()
  })
}
