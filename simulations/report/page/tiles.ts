/** The figures that tell most, large. */
import type { FigureName } from '../catalogue.ts'
import type { Run } from '../run.ts'
import { shown, shownHalf } from './amount.ts'
import { html, type Markup } from './html.ts'
import { grade, type Row, rowOf } from './rows.ts'

const TILES = 6

/** In the order of what they tell: the first that there are. */
const TELLING: readonly FigureName[] = [
  'lossesAvoidable',
  'burstLossOverTheory',
  'lossesOverFormula',
  'takeoverMean',
  'lookupSuccess',
  'bytesAll',
  'callSurvival',
  'detectionMean',
  'underReplicatedShare',
  'overruledAcknowledged',
]

export function tiles(runs: readonly Run[]): Markup {
  const rows = TELLING.flatMap((name) => rowOf(runs, name) ?? []).filter(
    // A number that tells nothing is in the table below.
    ({ figure, interval }) => figure.better !== 'one' || interval.half <= 1,
  )
  return html`<dl class="tiles">${rows.slice(0, TILES).map(tile)}</dl>`
}

function tile(row: Row): Markup {
  const { figure, interval, verdict } = row
  const half = Number.isFinite(interval.half) ? shownHalf(interval, figure.unit) : 'one seed, no interval'
  const judged = verdict === '' ? undefined : html`<small class="${grade(verdict)}">${verdict}</small>`
  return html`<div class="tile"><dt>${figure.label}</dt><dd><strong>${shown(interval.mean, figure.unit)}</strong><small>${half}</small>${judged}</dd></div>`
}
