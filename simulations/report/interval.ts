/** What several runs say together: the mean of a figure, and how far the true mean may be from it. */

export interface Interval {
  mean: number
  /** The true mean lies between `mean - half` and `mean + half` in 95 of 100 cases; infinite for a single run. */
  half: number
  /** Runs. */
  count: number
}

/** Quantiles of Student's t distribution at 0.975, for 1 to 30 degrees of freedom (Student 1908; NIST 1.3.6.7.2). */
const STUDENT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const
const NORMAL = 1.959964

/**
 * Of figures of runs with different seeds, which are independent; that each is about normally distributed is so for
 * sums and means of many events (central limit theorem). Figures that are not numbers, as of a run in which nothing of
 * the kind happened, are left out. `undefined` if there are none.
 */
export function interval(figures: readonly number[]): Interval | undefined {
  const known = figures.filter((figure) => !Number.isNaN(figure))
  const count = known.length
  if (count === 0) return undefined
  const mean = known.reduce((sum, figure) => sum + figure, 0) / count
  if (count === 1) return { mean, half: Number.POSITIVE_INFINITY, count }
  const variance = known.reduce((sum, figure) => sum + (figure - mean) ** 2, 0) / (count - 1)
  return { mean, half: student(count - 1) * Math.sqrt(variance / count), count }
}

/**
 * Of a share, `hits` of `count` events that are independent: the interval of Wilson (1927), which holds for rare events
 * and for none as well. `undefined` if there were no events.
 */
export function shareInterval(hits: number, count: number): { low: number; high: number } | undefined {
  if (count === 0) return undefined
  const share = hits / count
  const square = NORMAL * NORMAL
  const centre = share + square / (2 * count)
  const spread = NORMAL * Math.sqrt((share * (1 - share) + square / (4 * count)) / count)
  const over = 1 + square / count
  return { low: Math.max(0, (centre - spread) / over), high: Math.min(1, (centre + spread) / over) }
}

/**
 * By how much the true mean of `b` is more than that of `a`: the test of Welch (1947), which does not take the two for
 * equally exact. `half` is infinite if one of them is a single run.
 */
export function difference(a: Interval, b: Interval): { mean: number; half: number } {
  const mean = b.mean - a.mean
  const [first, second] = [squareError(a), squareError(b)]
  const square = first + second
  if (square === 0 || !Number.isFinite(square)) return { mean, half: square }
  // Degrees of freedom by Welch and Satterthwaite.
  const freedom = square ** 2 / (first ** 2 / (a.count - 1) + second ** 2 / (b.count - 1))
  return { mean, half: student(freedom) * Math.sqrt(square) }
}

/** The square of a mean's standard error. */
function squareError({ half, count }: Interval): number {
  return count === 1 ? Number.POSITIVE_INFINITY : (half / student(count - 1)) ** 2
}

/** The quantile at 0.975. Between whole degrees of freedom on the chord in 1/freedom, which errs to the wide side. */
function student(freedom: number): number {
  const below = Math.floor(freedom)
  const share = (below * (below + 1 - freedom)) / freedom
  return share * whole(below) + (1 - share) * whole(below + 1)
}

/** Of a whole number. Beyond the table by the first terms of its expansion in 1/freedom, to three digits. */
function whole(freedom: number): number {
  return STUDENT[freedom - 1] ?? NORMAL + (NORMAL ** 3 + NORMAL) / (4 * freedom)
}
