/** A comparison of runs of both worlds, as a table for people. */
import { catalogue, type FigureName, spreads } from '../report/catalogue.ts'
import type { Run } from '../report/run.ts'

const WIDTH = { name: 36, number: 12 } as const

const medians = ['detection', 'takeover', 'handoff', 'underReplicated'] as const

/** Columns: the real world, and for each of the others its figure and that over the real one. */
export function comparison(
  real: Run,
  others: Readonly<Record<string, Run>>,
  figures: readonly FigureName[],
): string {
  const runs = Object.values(others)
  const heading = ['', 'real', ...Object.keys(others).flatMap((name) => [name, 'over real'])]
  const row = (name: string, of: (run: Run) => number | null) => {
    const truth = of(real)
    const cells = runs.flatMap((run) => [shown(of(run)), ratio(of(run), truth)])
    return line([name, shown(truth), ...cells])
  }
  const types = new Set([real, ...runs].flatMap(({ messages = {} }) => Object.keys(messages)))
  return [
    line(heading),
    ...figures.map((figure) => {
      const { label, unit } = catalogue[figure]
      return row(unit === 'count' ? label : `${label} (${unit})`, (run) => run.figures[figure] ?? null)
    }),
    // One that waited for long moves a mean of a dozen.
    ...medians.map((name) => {
      const { label, unit } = spreads[name]
      return row(`${label}, median (${unit})`, (run) => run.spreads[name]?.p50 ?? null)
    }),
    '',
    line(['messages of a peer in a second', ...heading.slice(1)]),
    ...[...types].sort().map((type) => row(type, ({ messages = {} }) => messages[type] ?? 0)),
    '',
  ].join('\n')
}

function line([name = '', ...cells]: readonly string[]): string {
  return `${name.padEnd(WIDTH.name)}${cells.map((cell) => cell.padStart(WIDTH.number)).join('')}`
}

/** Three digits; a dash where nothing of the kind happened. */
function shown(value: number | null): string {
  if (value === null) return '–'
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

function ratio(value: number | null, truth: number | null): string {
  return value === null || truth === null || truth === 0 ? '' : (value / truth).toFixed(2)
}
