/** Day and night: arrivals over their mean, as they rise and fall. A tide of straight lines is the same on every engine. */
import type { Millis } from '#protocols/machine'
import type { Fault } from './scenario.ts'

/** The highest tide there can be: all of the mean comes on top of it. */
export const HIGH = 2

/** From its mean up, down and back, period after period, beginning at `since`. */
export function tide({ share, span }: Tide, since: Millis): (at: Millis) => number {
  return (at) => 1 + share * wave((at - since) / span)
}

/** Of several the one that began last; the mean before any has. @param start the moment from which they are reckoned */
export function tides(faults: readonly Fault[], start: Millis): ((at: Millis) => number) | undefined {
  const all = faults.filter((fault) => fault.type === 'day-night')
  if (all.length === 0) return undefined
  return (at) => {
    const last = all.findLast((fault) => start + fault.at <= at)
    return last === undefined ? 1 : tide(last, start + last.at)(at)
  }
}

type Tide = Extract<Fault, { type: 'day-night' }>

/** From 0 up to 1, down to -1 and back to 0. */
function wave(turns: number): number {
  const phase = turns - Math.floor(turns)
  if (phase < 1 / 4) return 4 * phase
  return phase < 3 / 4 ? 2 - 4 * phase : 4 * phase - 4
}
