/** Series over time: of each seed, and of all together. */
import type { Happening, Moment, Run } from '../run.ts'

export type Point = [x: number, y: number | null]

/** Lines of so many seeds can be told apart; those of more are one band from the least to the greatest. */
export const FEW_SEEDS = 8

/** Points of a curve: more are not seen at the size of a chart. */
const POINTS = 120

export interface Course {
  /** Of each seed. */
  each: Point[][]
  /** Of all together, one point for each time that any of them has. */
  mean: Point[]
  low: Point[]
  high: Point[]
}

/**
 * Courses of a share of one sum in another, or of a mean: sums over neighbouring moments, so that rare things do not jump
 * between none and all. `of` says what a moment adds to both; where nothing was added below there is no point.
 */
export function course(runs: readonly Run[], of: (moment: Moment) => [above: number, below: number]): Course {
  const each = runs.map(({ moments }) => {
    const width = Math.ceil(moments.length / POINTS)
    const cells = Array.from({ length: Math.ceil(moments.length / Math.max(width, 1)) }, (_, cell) =>
      moments.slice(cell * width, (cell + 1) * width),
    )
    return cells.map((cell): Point => {
      const [above, below] = cell.map(of).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0])
      const at = cell.reduce((sum, moment) => sum + moment.at, 0) / cell.length
      return [at, below === 0 ? null : above / below]
    })
  })
  return together(each)
}

/** Runs have their moments at the same times, but one that was stopped has fewer. */
function together(each: Point[][]): Course {
  const longest = each.reduce<Point[]>((found, line) => (line.length > found.length ? line : found), [])
  const course: Course = { each, mean: [], low: [], high: [] }
  for (const [at, [x]] of longest.entries()) {
    const values = each.flatMap((line) => line[at]?.[1] ?? [])
    const some = values.length > 0
    course.mean.push([x, some ? values.reduce((sum, value) => sum + value, 0) / values.length : null])
    course.low.push([x, some ? Math.min(...values) : null])
    course.high.push([x, some ? Math.max(...values) : null])
  }
  return course
}

/** What has come together until each moment. */
export function growth(runs: readonly Run[], of: (moment: Moment) => number): Course {
  return together(
    runs.map(({ moments }) => {
      let sum = 0
      return moments.map((moment): Point => {
        sum += of(moment)
        return [moment.at, sum]
      })
    }),
  )
}

/** What went wrong is the same in all runs: it is the scenario's. */
export function happeningsOf(runs: readonly Run[]): Happening[] {
  return [...(runs[0]?.happenings ?? [])].sort((a, b) => a.at - b.at)
}
