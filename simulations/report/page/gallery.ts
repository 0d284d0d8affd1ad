/** The charts of a report, each with what is seen in it. One for which there is nothing to draw is left out. */
import { detectionBound, meanDelay, windowOf } from '../../churn/theory.ts'
import { type FigureName, spreads } from '../catalogue.ts'
import type { Moment, Report, Run } from '../run.ts'
import { shown } from './amount.ts'
import { type Bound, distribution, dots, overTime } from './charts.ts'
import { curvesOf } from './curve.ts'
import type { Chart } from './drawing.ts'
import { rowOf } from './rows.ts'
import { course, FEW_SEEDS, growth, happeningsOf } from './series.ts'

export interface Picture {
  title: string
  caption: string
  chart: Chart
}

/** Patience of a look-up, as the catalogue says. */
const PATIENCE = 4_000

const AGAINST: readonly FigureName[] = [
  'lossesOverFormula',
  'burstLossOverTheory',
  'detectionOverBound',
  'takeoverOverBound',
  'lookupRoundsOverIdeal',
  'bytesRepairOverOracle',
]
const TRAFFIC: readonly FigureName[] = ['bytesMaintenance', 'bytesRepair', 'bytesUpdate', 'bytesLookup']

interface Time {
  id: string
  title: string
  caption: string
  of: (moment: Moment) => [number, number]
  unit: 'count' | 'share' | 'bytes/s'
  name: string
  most?: number
}

const times = {
  population: {
    id: 'population',
    title: 'Peers alive',
    caption: 'Peers that are there, over time.',
    of: (moment) => [moment.population, 1],
    unit: 'count',
    name: 'peers',
  },
  copies: {
    id: 'copies',
    title: 'States with too few copies',
    caption: 'Share of all states that have fewer copies than they should, over time.',
    of: (moment) => [moment.underReplicated, moment.states],
    unit: 'share',
    name: 'of all states',
  },
  bytes: {
    id: 'bytes',
    title: 'Traffic of a node over time',
    caption:
      'Bytes per second and node, media left out; heartbeats that were sampled, and not said one by one, as well.',
    of: (moment) => [moment.bytesPerNode, 1],
    unit: 'bytes/s',
    name: 'per node',
  },
  lookups: {
    id: 'lookups',
    title: 'Look-ups that succeed',
    caption: 'Share of look-ups that found a peer that was there within four seconds, over time.',
    of: (moment) => [moment.lookups - moment.lookupFailures, moment.lookups],
    unit: 'share',
    name: 'found',
    most: 1,
  },
} as const satisfies Record<string, Time>

export function population(report: Report): Picture[] {
  return timePicture(report, times.population)
}

export function keeping(report: Report): Picture[] {
  return [...timePicture(report, times.copies), ...lostPicture(report), ...against(report)]
}

export function noticing(report: Report): Picture[] {
  const bounds = boundsOf(report)
  return (['detection', 'takeover', 'handoff', 'underReplicated'] as const).flatMap((name) =>
    curvePicture(report, name, bounds[name]),
  )
}

export function traffic(report: Report): Picture[] {
  return [
    ...timePicture(report, times.bytes),
    ...curvePicture(report, 'bytesPerNode', []),
    ...dotsPicture(report, {
      id: 'kinds',
      title: 'Traffic by kind',
      caption: 'Bytes per second and node, by what they are for.',
      names: TRAFFIC,
      name: 'per node',
    }),
  ]
}

export function finding(report: Report): Picture[] {
  return [
    ...timePicture(report, times.lookups),
    ...curvePicture(report, 'lookup', [{ value: PATIENCE, text: 'patience' }]),
  ]
}

function against(report: Report): Picture[] {
  return dotsPicture(report, {
    id: 'against',
    title: 'Against theory',
    caption:
      'Figures over what theory expects of them, so that 1 is as expected. For detection, takeover, rounds and copying 1 is the least or the most that it allows.',
    names: AGAINST,
    name: 'over theory',
    line: { value: 1, text: 'theory' },
    cap: 4,
  })
}

function timePicture({ runs }: Report, time: Time): Picture[] {
  const { id, title, caption, of, unit, name, most } = time
  const data = course(runs, of)
  if (data.mean.filter(([, y]) => y !== null).length < 2) return []
  const happenings = happeningsOf(runs)
  const said = `${caption} ${seedsSaid(runs)}${faultsSaid(happenings.length)}`
  const values = data.mean.flatMap(([, y]) => y ?? [])
  const range = `${shown(Math.min(...values), unit)} to ${shown(Math.max(...values), unit)}`
  const label = `${title}: line chart over time; from ${range}.`
  const limits = most === undefined ? {} : { most, least: floorOf(data.low) }
  return [
    { title, caption: said, chart: overTime({ id, label, course: data, unit, name, happenings, ...limits }) },
  ]
}

/** A share near 1 is drawn from where it begins, on tens of percent. */
function floorOf(low: readonly [number, number | null][]): number {
  const least = Math.min(1, ...low.map(([, y]) => y ?? 1))
  return Math.max(0, Math.floor(10 * least - 1e-9) / 10)
}

function lostPicture({ runs }: Report): Picture[] {
  const data = growth(runs, ({ lost }) => lost)
  const last = Math.max(0, ...data.high.map(([, y]) => y ?? 0))
  if (last === 0) return []
  const happenings = happeningsOf(runs)
  const title = 'States lost so far'
  const caption = `States lost since the beginning, newborn ones among them. ${seedsSaid(runs)}${faultsSaid(happenings.length)}`
  const label = `${title}: line chart over time; ${shown(last, 'count')} in the end at most.`
  return [
    {
      title,
      caption,
      chart: overTime({ id: 'lost', label, course: data, unit: 'count', name: 'states', happenings }),
    },
  ]
}

function curvePicture({ runs }: Report, name: keyof typeof spreads, bounds: readonly Bound[]): Picture[] {
  const curves = curvesOf(runs, name)
  if (curves === undefined) return []
  const { label: what, unit } = spreads[name]
  const title = `${what.charAt(0).toUpperCase()}${what.slice(1)}`
  const lines = bounds.map(({ value, text }) => ` Dashed: ${text}, ${shown(value, unit)}.`).join('')
  const mean = `The mean is ${shown(curves.mean, unit)}.`
  const caption = `Share of ${shown(curves.count, 'count')} that are not above a value. ${mean}${lines} ${seedsSaid(runs)}`
  const label = `${title}: distribution of ${curves.count}; ${mean}${lines}`
  return [{ title, caption, chart: distribution({ id: name, label, curves, unit, bounds }) }]
}

interface DotsPicture {
  id: string
  title: string
  caption: string
  names: readonly FigureName[]
  name: string
  line?: Bound
  cap?: number
}

function dotsPicture({ runs }: Report, { title, caption, names, ...chart }: DotsPicture): Picture[] {
  const rows = names.flatMap((figure) => rowOf(runs, figure) ?? [])
  const [first] = rows
  if (first === undefined) return []
  const { unit } = first.figure
  const values = rows.map(({ figure, interval }) => `${figure.label} ${shown(interval.mean, unit)}`)
  const interval = runs.length > 1 ? ' Large dots: means; bars: 95 % intervals; small dots: seeds.' : ''
  return [
    {
      title,
      caption: caption + interval,
      chart: dots({ ...chart, label: `${title}: ${values.join('; ')}.`, rows, unit }),
    },
  ]
}

/** What the theory of the discrete world says of the same scenario; real peers have a network of their own. */
function boundsOf({ world, scenario }: Report) {
  if (world !== 'discrete') return { detection: [], takeover: [], handoff: [], underReplicated: [] }
  const [detection, delay] = [detectionBound(scenario), meanDelay(scenario)]
  return {
    detection: [{ value: detection, text: 'bound of the mean' }],
    takeover: [{ value: detection + delay, text: 'bound of the mean' }],
    handoff: [{ value: delay, text: 'one way' }],
    underReplicated: [{ value: windowOf(scenario), text: 'window' }],
  }
}

function seedsSaid(runs: readonly Run[]): string {
  if (runs.length === 1) return 'One seed.'
  const thin = runs.length > FEW_SEEDS ? 'band: from the least to the greatest of' : 'thin:'
  return `Bold: all seeds together; ${thin} ${runs.length} seeds.`
}

function faultsSaid(count: number): string {
  return count === 0 ? '' : ' Numbers: the faults as listed.'
}
