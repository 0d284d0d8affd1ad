/** What a figure is held against, in words: judged by its interval, so that chance is not blamed. */
import type { Figure } from './catalogue.ts'
import type { Interval } from './interval.ts'
import { alike } from './scale.ts'

/** What a figure is held against, and whether it stands that. Without an interval only what is so of this very run. */
export function verdict({ better, against }: Figure, { mean, half }: Interval): string {
  const known = Number.isFinite(half)
  const [low, high] = known ? [mean - half, mean + half] : [mean, mean]
  if (against === 'ideal') return '1 is ideal'
  if (against === 'bound') {
    if (high <= 1) return 'good: within its bound'
    return low > 1 ? 'bad: beyond its bound' : 'about its bound'
  }
  if (better === 'zero') return mean === 0 ? 'good: should be 0' : 'bad: should be 0'
  if (better !== 'one') return better === undefined ? '' : `${better} is better`
  // Of rare events often nothing is known but that there were none.
  if (!known || alike(half, 0, mean)) return 'theory says 1'
  if (low > 1 || high < 1) return `${low > 1 ? 'above' : 'below'} theory, which says 1`
  return half > 1 ? 'too few to judge: theory says 1' : 'good: theory says 1'
}
