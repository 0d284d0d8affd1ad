/** What the runs of a report say together: each figure's mean over the seeds, and how far it may be off. */
import { catalogue, type Figure, type FigureName } from './catalogue.ts'
import { groups } from './groups.ts'
import { type Interval, interval } from './interval.ts'
import type { Run } from './run.ts'

export interface Row {
  name: FigureName
  figure: Figure
  interval: Interval
  /** The figure of each run that has it, in the order of the runs. */
  values: number[]
}

export interface Group {
  title: string
  rows: Row[]
}

/** Of the runs that have this figure. */
export function valuesOf(runs: readonly Run[], name: FigureName): number[] {
  return runs.flatMap(({ figures }) => figures[name] ?? [])
}

/** `undefined` where nothing of the kind happened in any run. */
export function rowOf(runs: readonly Run[], name: FigureName): Row | undefined {
  const values = valuesOf(runs, name)
  const known = interval(values)
  return known && { name, figure: catalogue[name], interval: known, values }
}

/** The figures that at least one run has, in the order of the catalogue; groups without any are left out. */
export function across(runs: readonly Run[]): Group[] {
  const rows = namesOf().flatMap((name) => rowOf(runs, name) ?? [])
  return Object.entries(groups)
    .map(([group, title]) => ({ title, rows: rows.filter(({ figure }) => figure.group === group) }))
    .filter(({ rows }) => rows.length > 0)
}

export function namesOf(): FigureName[] {
  return Object.keys(catalogue) as FigureName[]
}
