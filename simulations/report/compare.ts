/** Two reports, figure by figure: what is different, and whether that may be chance. */
import type { Scenario } from '../scenario/scenario.ts'
import { namesOf, valuesOf } from './across.ts'
import { catalogue, type FigureName } from './catalogue.ts'
import { groups } from './groups.ts'
import { difference, interval } from './interval.ts'
import { shown, shownWithin } from './numbers.ts'
import type { Report } from './run.ts'
import { command, fitted, paragraph, plain, WIDTH } from './text.ts'

const LABEL = 34
const NUMBER = 15
const CHANGE = 28
/** A list, as of sessions that were observed, is told apart by its beginning. */
const MAX_DIAL = 60

/** What says what a scenario is called, and not what it is. */
const NAMES: ReadonlySet<string> = new Set(['name', 'title', 'source'])

export function comparisonOf(a: Report, b: Report): string {
  return [
    ...command('A  ', a.command),
    ...command('B  ', b.command),
    '',
    ...differences(a, b).flatMap((text) => paragraph('  ', text)),
    '',
    row('', 'A', 'B', 'B − A'),
    ...Object.entries(groups).flatMap(([group, title]) => {
      const lines = namesOf().flatMap((name) =>
        catalogue[name].group === group ? (line(a, b, name) ?? []) : [],
      )
      return lines.length === 0 ? [] : [title, ...lines, '']
    }),
    ...paragraph('', legend(a, b)),
    '',
  ].join('\n')
}

/** Of B from A, without what they are called: a line for each dial. */
function differences(a: Report, b: Report): string[] {
  const dials = new Set([...Object.keys(a.scenario), ...Object.keys(b.scenario)])
  const found = [...dials]
    .filter((dial) => !NAMES.has(dial))
    .flatMap((dial) => {
      const [from, to] = [a, b].map(({ scenario }) => worded(scenario[dial as keyof Scenario]))
      return from === to ? [] : [`${dial}: ${fitted(from ?? '', MAX_DIAL)} → ${fitted(to ?? '', MAX_DIAL)}`]
    })
  const [from, to] = [a, b].map(({ world, versions }) => `${world}, Colonia ${versions.colonia}`)
  if (from !== to) found.push(`made by: ${from} → ${to}`)
  return found.length === 0 ? ['no dial differs'] : found
}

/** The same text for the same value, in whatever order its fields were written. */
function worded(value: unknown): string {
  if (value === undefined) return 'none'
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  )
}

function line(a: Report, b: Report, name: FigureName): string | undefined {
  const { label, unit } = catalogue[name]
  const [from, to] = [valuesOf(a.runs, name), valuesOf(b.runs, name)]
  if (from.length === 0 && to.length === 0) return undefined
  const [before, after] = [interval(from), interval(to)].map((one) => (one ? shown(one.mean, unit) : '–'))
  const change = difference(from, to)
  if (change === undefined) return row(label, before ?? '', after ?? '', '')
  // One that is 0 in all runs of both is the same for certain.
  const real = Number.isFinite(change.half) && Math.abs(change.mean) > change.half
  return row(label, before ?? '', after ?? '', shownWithin(change, unit), real)
}

function row(label: string, a: string, b: string, change: string, marked = false): string {
  const cells = `${a.padStart(NUMBER)}${b.padStart(NUMBER)}${change.padStart(CHANGE)}`
  return fitted(`${marked ? '*' : ' '} ${fitted(plain(label), LABEL).padEnd(LABEL)}${cells}`.trimEnd(), WIDTH)
}

function legend(a: Report, b: Report): string {
  if (a.runs.length < 2 || b.runs.length < 2) {
    return 'There is no interval with one seed on either side, so nothing is marked: run both with --seeds 5 or more.'
  }
  return (
    '* marks a difference of which the 95 % interval (Welch) does not contain 0. ' +
    'Of twenty figures that do not differ, chance marks one.'
  )
}
