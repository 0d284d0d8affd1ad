/** What the runs of a report say together of each figure. */
import { catalogue, type FigureName } from './catalogue.ts'
import { type Interval, interval } from './interval.ts'
import type { Run } from './run.ts'

/**
 * Runs in which nothing of the kind happened are left out, as `count` of an interval shows; `undefined` where that is so
 * of all of them.
 */
export function across(runs: readonly Run[]): Record<FigureName, Interval | undefined> {
  const names = Object.keys(catalogue) as FigureName[]
  return Object.fromEntries(
    names.map((name) => [name, interval(runs.flatMap(({ figures }) => figures[name] ?? []))]),
  ) as Record<FigureName, Interval | undefined>
}
