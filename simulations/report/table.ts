/** The table of a report, for a terminal: what was run, then each figure with its interval and what it is held against. */
import { across, type Row } from './across.ts'
import { shownWithin, span } from './numbers.ts'
import type { Report, Run } from './run.ts'
import { command, fitted, paragraph, plain, WIDTH } from './text.ts'
import { verdictOf } from './verdict.ts'

const LABEL = 34
const NUMBER = 26
const GAP = '  '
/** Hashes of so many runs are named; those of more are in the file. */
const MAX_HASHES = 12

const MARK = { good: '+', bad: '!', open: ' ', none: ' ' } as const

export function tableOf(report: Report): string {
  const { runs, scenario } = report
  const groups = across(runs).flatMap(({ title, rows }) => ['', title, ...rows.map(line)])
  return [
    ...paragraph('', `${scenario.name}: ${scenario.title}`),
    '',
    ...command('  again   ', report.command),
    ...paragraph('  world   ', worldOf(report)),
    ...paragraph('  seeds   ', seedsOf(runs)),
    ...paragraph('  took    ', effortOf(runs)),
    ...stopped(report).flatMap((text) => paragraph('  stopped ', text)),
    ...paragraph('  ±       ', certaintyOf(runs)),
    ...groups,
    '',
  ].join('\n')
}

export function worldOf({ world, versions: { colonia, node } }: Report): string {
  const what = {
    discrete: 'discrete events',
    memory: 'real peers in one process',
    webrtc: 'real peers in processes of their own, over WebRTC',
  }[world]
  return `${what}; Colonia ${colonia}, Node ${node}`
}

export function seedsOf(runs: readonly Run[]): string {
  if (runs.length === 0) return 'no run has begun'
  const named = runs.slice(0, MAX_HASHES).map(({ seed, hash }) => `${seed} (${hash ?? 'real: no hash'})`)
  const rest = runs.length - named.length
  return named.join(', ') + (rest > 0 ? `, and ${rest} more` : '')
}

/** Wall time, and what was performed in it. */
export function effortOf(runs: readonly Run[]): string {
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  const events = runs.reduce((sum, run) => sum + run.events, 0)
  const millis = runs.reduce((sum, run) => sum + run.millis, 0)
  const performed = events === 0 ? '' : ` and ${events} events`
  return `${span(Math.round(seconds * 1_000))} for ${span(millis)} of virtual time${performed}, all runs together`
}

/** A sentence when the report is of less than was asked for. */
export function stopped({ runs, scenario }: Report): string[] {
  const end = scenario.hours * 3_600_000
  const parts = runs
    .filter(({ complete }) => !complete)
    .map(({ seed, millis }) => `seed ${seed} at ${span(millis)} of ${span(end)}`)
  const absent = scenario.seeds - runs.length
  if (absent > 0) parts.push(`${absent} of ${scenario.seeds} seeds were not begun`)
  return parts.length === 0 ? [] : [parts.join(', ')]
}

export function certaintyOf(runs: readonly Run[]): string {
  if (runs.length < 2) return 'there is no interval: one seed says nothing of chance; try --seeds 5'
  return `95 % interval of the mean of ${runs.length} seeds (Student's t)`
}

function line(row: Row): string {
  const { figure, interval } = row
  const verdict = verdictOf(row)
  const number = shownWithin(interval, figure.unit).padStart(NUMBER)
  const start = `${MARK[verdict.grade]} ${fitted(plain(figure.label), LABEL).padEnd(LABEL)}${number}`
  return fitted(verdict.text === '' ? start : `${start}${GAP}${verdict.text}`, WIDTH)
}
