/** Distributions: the curve of each seed, and of all their samples as one. */
import type { Run, Spread } from '../run.ts'
import type { Point } from './series.ts'

/** Points of the curve of all. */
const POINTS = 160

export interface Curves {
  each: Point[][]
  all: Point[]
  mean: number
  count: number
}

/** `undefined` when no run has a sample. */
export function curvesOf(runs: readonly Run[], name: string): Curves | undefined {
  const spreads = runs.flatMap(({ spreads }) => spreads[name] ?? []).filter(({ cdf }) => cdf.length > 0)
  const count = spreads.reduce((sum, spread) => sum + spread.count, 0)
  if (count === 0) return undefined
  const values = spreads.flatMap(({ cdf }) => cdf.map(([value]) => value)).sort((a, b) => a - b)
  const step = Math.max(1, Math.ceil(values.length / POINTS))
  const chosen = values.filter((_, at) => at % step === 0 || at === values.length - 1)
  const all = [...new Set(chosen)].map((value): Point => {
    const below = spreads.reduce((sum, spread) => sum + spread.count * shareBelow(spread, value), 0)
    return [value, below / count]
  })
  const mean = spreads.reduce((sum, spread) => sum + spread.count * spread.mean, 0) / count
  return { each: spreads.map(({ cdf }) => [...cdf]), all, mean, count }
}

/** Share of a sample that is not above `value`. */
function shareBelow({ cdf }: Spread, value: number): number {
  let [low, high] = [0, cdf.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cdf[middle]?.[0] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  return cdf[low - 1]?.[1] ?? 0
}
