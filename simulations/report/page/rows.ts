/** Charts of figures, a row each: the mean with its interval, and each run. */
import { catalogue, type FigureName } from '../catalogue.ts'
import { interval } from '../interval.ts'
import type { Run } from '../run.ts'
import type { Chart, Drawing, Line } from './drawing.ts'
import type { Point } from './lines.ts'
import { measured } from './text.ts'

/** Runs that are drawn one by one; the mean is of all. */
export const MAX_LINES = 12
/** Of a ratio: on a logarithmic axis there is no 0. */
const LEAST = 0.01

/** Every figure that is over what theory says, with the line at 1. */
export function againstTheory(runs: readonly Run[]): Chart | undefined {
  const names: FigureName[] = [
    ...(['lossesOverFormula', 'burstLossOverTheory', 'detectionOverBound'] as const),
    ...(['takeoverOverBound', 'lookupRoundsOverIdeal', 'bytesRepairOverOracle'] as const),
  ]
  const rows = rowsOf(runs, names, 1, LEAST)
  if (rows === undefined) return undefined
  const says = 'Each over what theory or an oracle says: 1 is as predicted, below 1 is better than that.'
  return {
    id: 'theory',
    title: 'Against theory',
    caption: `${says} Large: the mean, with the interval that holds it in 95 of 100 cases; small: each run. At 0.01: that or less.`,
    drawing: { ...rows, label: `Against theory. ${says} ${rows.label}`, bounds: [{ at: 1, label: '' }] },
  }
}

export function calls(runs: readonly Run[]): Chart | undefined {
  const rows = rowsOf(runs, ['callSetup', 'callSurvival'], 100, 0)
  if (rows === undefined) return undefined
  const says = 'Calls set up, of those to a peer that was there; and calls kept, of those that were set up.'
  const x = { name: '%', max: 100 }
  return {
    id: 'calls',
    title: 'Calls',
    caption: says,
    drawing: { ...rows, x, label: `${says} ${rows.label}` },
  }
}

/** A row for each figure that some run has: its mean with the interval, and each run. @param least what lies below is drawn there */
function rowsOf(
  runs: readonly Run[],
  names: readonly FigureName[],
  factor: number,
  least: number,
): Drawing | undefined {
  const figures = names.flatMap((name) => {
    const values = runs.flatMap(({ figures }) => figures[name] ?? []).map((value) => factor * value)
    const all = interval(values)
    return all === undefined ? [] : { name, values, all }
  })
  if (figures.length === 0) return undefined
  return {
    label: figures.map(({ name, all }) => `${catalogue[name].label}: ${measured(all, 'ratio')}`).join('; '),
    x: { name: 'times', log: true },
    y: { name: '', rows: figures.map(({ name }) => shortened(catalogue[name].label)) },
    lines: figures.flatMap(({ all }, row): Line[] =>
      Number.isFinite(all.half)
        ? [
            {
              points: [
                [Math.max(least, all.mean - all.half), row],
                [all.mean + all.half, row],
              ],
              ink: 'mean',
            },
          ]
        : [],
    ),
    dots: figures.flatMap(({ values, all }, row) => [
      ...values.slice(0, MAX_LINES).map((value) => ({
        point: [Math.max(least, value), row] as Point,
        ink: 'run' as const,
        small: true,
      })),
      { point: [Math.max(least, all.mean), row] as Point, ink: 'mean' as const },
    ]),
    height: 90 + 28 * figures.length,
  }
}

/** Formulas are explained in the table; beside a chart there is no room. */
function shortened(label: string): string {
  return label.replace(/ over c·f.*$/, ' over formula').replace(/^latency /, '')
}
