/** What a figure is held against, and how it fares: judged by its interval, so that chance is not blamed. */
import type { Row } from './across.ts'

export interface Verdict {
  /** `good` and `bad` only where the catalogue names a number; what is merely better or worse has no grade. */
  grade: 'good' | 'bad' | 'none'
  text: string
}

export function verdictOf({ figure: { better, bound }, interval: { mean, half }, values }: Row): Verdict {
  // With one run nothing is known of chance, and the number itself is all there is.
  const reach = Number.isFinite(half) ? half : 0
  if (better === 'zero') {
    return values.every((value) => value === 0)
      ? { grade: 'good', text: 'is 0, as it must be' }
      : { grade: 'bad', text: 'must be 0' }
  }
  if (better === 'one') {
    if (!Number.isFinite(half)) return { grade: 'none', text: 'theory says 1' }
    if (Math.abs(mean - 1) <= reach) return { grade: 'good', text: 'theory says 1: within the interval' }
    return { grade: 'bad', text: `theory says 1: ${mean > 1 ? 'above' : 'below'} it` }
  }
  if (bound !== undefined) {
    return mean - reach <= bound
      ? { grade: 'good', text: `at most ${bound}: holds` }
      : { grade: 'bad', text: `at most ${bound}: exceeded` }
  }
  return { grade: 'none', text: better === undefined ? '' : `${better} is better` }
}
