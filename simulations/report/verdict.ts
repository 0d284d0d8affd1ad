/** What a figure is held against, and how it fares: judged by its interval, so that chance is not blamed. */
import type { Row } from './across.ts'
import type { Interval } from './interval.ts'

export interface Verdict {
  /** Where the catalogue names a number: `open` when the interval does not tell. What is merely better or worse has none. */
  grade: 'good' | 'bad' | 'open' | 'none'
  text: string
}

/** An interval of this half width holds nothing against a ratio of 1: neither double nor half of it is out of the question. */
const TOO_WIDE = 1

export function verdictOf({ figure: { better, bound }, interval, values }: Row): Verdict {
  if (better === 'zero') {
    return values.every((value) => value === 0)
      ? { grade: 'good', text: 'is 0, as it must be' }
      : { grade: 'bad', text: 'must be 0' }
  }
  if (better === 'one') return judged('theory says 1', beside(interval, 1), 'near')
  if (bound !== undefined) return judged(`at most ${bound}`, beside(interval, bound), 'below')
  return { grade: 'none', text: better === undefined ? '' : `${better} is better` }
}

type Side = 'above' | 'below' | 'near' | 'unknown'

/** On which side of `value` the whole interval is. With one run nothing is known of chance, so nothing is judged. */
function beside({ mean, half }: Interval, value: number): Side {
  if (Math.abs(mean - value) > half) return mean > value ? 'above' : 'below'
  return half < TOO_WIDE ? 'near' : 'unknown'
}

const SAID = {
  above: 'above it',
  below: 'below it',
  near: 'within the interval',
  unknown: 'too few to tell',
} as const

function judged(said: string, side: Side, wished: 'near' | 'below'): Verdict {
  const text = `${said}: ${SAID[side]}`
  if (side === wished) return { grade: 'good', text }
  // Of a bound it cannot be said on which side one is; of theory one is off on either.
  const open = side === 'unknown' || (wished === 'below' && side === 'near')
  return { grade: open ? 'open' : 'bad', text }
}
