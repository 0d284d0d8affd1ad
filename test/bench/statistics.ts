/** The numbers that a bench prints: percentiles of what it measured, and the ratio of two medians. */

export interface Summary {
  /** The median, in the unit of the samples; `null` when there are none. */
  p50: number | null
  /** What 95 of 100 samples do not exceed. */
  p95: number | null
  samples: number
}

/**
 * The smallest sample that at least `percent` per cent of all do not exceed (nearest rank: always a value that
 * was measured, never one between two).
 */
export function percentile(samples: readonly number[], percent: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b)
  const rank = Math.ceil((percent / 100) * sorted.length)
  return sorted[Math.max(rank, 1) - 1] ?? null
}

/** Rounded to a tenth: the clocks of browsers are no better. */
export function summarise(samples: readonly number[]): Summary {
  const [p50, p95] = [50, 95].map((percent) => tenth(percentile(samples, percent)))
  return { p50: p50 ?? null, p95: p95 ?? null, samples: samples.length }
}

/** How many times the median of `base` the median of `samples` is, to a hundredth; `null` without samples. */
export function ratio(samples: readonly number[], base: readonly number[]): number | null {
  const [above, below] = [percentile(samples, 50), percentile(base, 50)]
  return above === null || below === null ? null : Math.round((above / below) * 100) / 100
}

function tenth(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10
}
