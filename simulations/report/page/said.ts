/** What a page says of how its report was made. */
import type { Report, Run } from '../run.ts'
import { WORLDS } from '../table.ts'
import { shown, span } from './amount.ts'

/** Hashes of so many runs are named; those of more are in the report. */
const MAX_HASHES = 12

export function worldOf({ world, versions: { colonia, node } }: Report): string {
  return `${WORLDS[world]}; Colonia ${colonia}, Node ${node}`
}

export function seedsOf(runs: readonly Run[]): string {
  if (runs.length === 0) return 'no run has begun'
  const named = runs.slice(0, MAX_HASHES).map(({ seed, hash }) => `${seed} (${hash ?? 'real: no hash'})`)
  const rest = runs.length - named.length
  return named.join(', ') + (rest > 0 ? `, and ${rest} more` : '')
}

/** Wall time, and what was performed in it. */
export function effortOf(runs: readonly Run[]): string {
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0)
  const events = sum((run) => run.events)
  const performed = events === 0 ? '' : ` and ${shown(events, 'count')} events`
  const took = span(Math.round(1_000 * sum(({ seconds }) => seconds)))
  return `${took} for ${span(sum(({ millis }) => millis))} of virtual time${performed}, all runs together`
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
  if (runs.length < 2) return 'There is no interval: one seed says nothing of chance; try --seeds 5'
  return `Behind ±: half of the 95 % interval of the mean of ${runs.length} seeds (Student's t)`
}
