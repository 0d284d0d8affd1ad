/** The figures that tell most, large. */
import { type Row, rowOf } from '../across.ts'
import type { FigureName } from '../catalogue.ts'
import { shown } from '../numbers.ts'
import type { Run } from '../run.ts'
import { verdictOf } from '../verdict.ts'
import { html, type Markup } from './html.ts'

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
    (row) => verdictOf(row).grade !== 'open',
  )
  return html`<dl class="tiles">${rows.slice(0, TILES).map(tile)}</dl>`
}

function tile(row: Row): Markup {
  const { figure, interval } = row
  const { grade, text } = verdictOf(row)
  const half = Number.isFinite(interval.half)
    ? `± ${shown(interval.half, figure.unit)}`
    : 'one seed, no interval'
  const verdict = text === '' ? '' : html`<small class="${grade}">${text}</small>`
  return html`<div class="tile"><dt>${figure.label}</dt><dd><strong>${shown(interval.mean, figure.unit)}</strong><small>${half}</small>${verdict}</dd></div>`
}
