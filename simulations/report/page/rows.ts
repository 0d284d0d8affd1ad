/** The figures of a report as a page shows them: by groups, each with its interval, its seeds and its verdict. */
import { catalogue, type Figure, type FigureName } from '../catalogue.ts'
import { type Interval, interval } from '../interval.ts'
import type { Run } from '../run.ts'
import { verdict } from '../verdict.ts'

export interface Row {
  figure: Figure
  interval: Interval
  /** The figure of each run that has it, in the order of the runs. */
  values: number[]
  verdict: string
}

/** In the order in which they are read. */
const TITLES: Readonly<Record<Figure['group'], string>> = {
  losses: 'States lost',
  takeover: 'Crashes noticed, states taken over',
  'look-ups': 'Peers found',
  traffic: 'Traffic of a node',
  links: 'Links',
  bootstrap: 'Bootstrap',
  calls: 'Calls',
  run: 'The run',
}

export interface Group {
  group: Figure['group']
  title: string
  rows: Row[]
}

/** `undefined` where nothing of the kind happened in any run. */
export function rowOf(runs: readonly Run[], name: FigureName): Row | undefined {
  const figure: Figure = catalogue[name]
  const values = runs.flatMap(({ figures }) => figures[name] ?? [])
  const known = interval(values)
  return known && { figure, interval: known, values, verdict: verdict(figure, known) }
}

/** Groups without any figure are left out. */
export function groupsOf(runs: readonly Run[]): Group[] {
  const rows = (Object.keys(catalogue) as FigureName[]).flatMap((name) => rowOf(runs, name) ?? [])
  return (Object.keys(TITLES) as Figure['group'][])
    .map((group) => ({
      group,
      title: TITLES[group],
      rows: rows.filter(({ figure }) => figure.group === group),
    }))
    .filter(({ rows }) => rows.length > 0)
}

/** How a verdict is coloured: those that judge begin with it. */
export function grade(verdict: string): 'good' | 'bad' | 'none' {
  return verdict.startsWith('good') ? 'good' : verdict.startsWith('bad') ? 'bad' : 'none'
}
