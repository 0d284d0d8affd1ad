/** Which charts a report has, what each shows, and how it is to be read. */
import { detectionBound, meanDelay, windowOf } from '../../churn/theory.ts'
import type { Moment, Report, Run } from '../run.ts'
import { span } from '../scale.ts'
import type { Chart, Drawing, Line } from './drawing.ts'
import { meanOf, type Point } from './lines.ts'
import { againstTheory, calls, MAX_LINES } from './rows.ts'

/** Spans that look-ups are counted in: in fewer than a moment's many would be none. */
const BINS = 24
/** A curve with a tail so many times its median is drawn with a logarithmic axis. */
const LONG_TAIL = 8

export function chartsOf(report: Report): Chart[] {
  const { scenario, runs } = report
  const delay = meanDelay(scenario)
  const detection = detectionBound(scenario)
  const curve = (name: string, title: string, says: string, bound?: { at: number; label: string }) =>
    curveOf(runs, name, title, says, bound)
  return [
    overTime(report, 'population', 'Population', 'peers', 'Peers alive.', ({ population }) => population),
    againstTheory(runs),
    overTime(
      report,
      'copies',
      'States with too few copies',
      '% of states',
      'The share of states with fewer copies than there should be.',
      ({ states, underReplicated }) => (states === 0 ? 0 : (100 * underReplicated) / states),
    ),
    overTime(
      report,
      'lost',
      'States lost',
      'states',
      'Losses since the beginning, newborn ones among them.',
      total(({ lost }) => lost),
    ),
    curve('detection', 'Crash detection', 'From a crash until a partner notices.', {
      at: detection / 1_000,
      label: `mean by theory ${span(detection)}`,
    }),
    curve('takeover', 'Takeover', 'From the crash of who writes until another writes.', {
      at: (detection + delay) / 1_000,
      label: `mean by theory ${span(detection + delay)}`,
    }),
    curve('handoff', 'Handoff', 'From the goodbye of who writes until another writes.', {
      at: delay / 1_000,
      label: `one delay ${span(delay)}`,
    }),
    curve(
      'underReplicated',
      'Time under-replicated',
      'From the loss of a copy until there are enough again.',
      {
        at: windowOf(scenario) / 1_000,
        label: `window ${span(windowOf(scenario))}`,
      },
    ),
    overTime(
      report,
      'bytes',
      'Traffic of a node',
      'bytes/s',
      'Per node, media left out.',
      ({ bytesPerNode }) => bytesPerNode,
    ),
    curve('bytesPerNode', 'Traffic of nodes', 'Of nodes that were there for a minute or longer.'),
    lookups(report),
    curve('lookup', 'Look-up latency', 'Of look-ups that succeeded.'),
    links(report),
    overTime(
      report,
      'connections',
      'Connections of the bootstrap',
      'WebSockets',
      'Held at each moment: newcomers for a minute, and the anchors.',
      ({ connections = Number.NaN }) => connections,
    ),
    calls(runs),
  ].filter((chart) => chart !== undefined)
}

function overTime(
  report: Report,
  id: string,
  title: string,
  unit: string,
  says: string,
  of: (moment: Moment, at: number, all: readonly Moment[]) => number,
): Chart | undefined {
  const { millis } = timeUnit(report)
  const lines = report.runs.map(({ moments }) =>
    moments
      .map((moment, at): Point => [moment.at / millis, of(moment, at, moments)])
      // Older reports, and other worlds, know less.
      .filter(([, value]) => Number.isFinite(value)),
  )
  return timeChart(report, id, title, unit, says, lines)
}

function timeChart(
  report: Report,
  id: string,
  title: string,
  unit: string,
  says: string,
  lines: Point[][],
  max?: number,
): Chart | undefined {
  if (lines.every((line) => line.length === 0)) return undefined
  const happenings = report.runs[0]?.happenings ?? []
  const { name, millis } = timeUnit(report)
  const faults = happenings.length === 0 ? '' : ' Shaded or dashed: when something goes wrong.'
  const drawing: Drawing = {
    label: `${title} over time, ${unit}. ${says}`,
    x: { name, max: Math.max(...lines.flat().map(([x]) => x)) },
    y: { name: unit, ...(max === undefined ? {} : { max }) },
    lines: withMean(lines, meanOf(lines)),
    bounds: happenings.filter((one) => one.span === 0).map(({ at }) => ({ at: at / millis, label: '' })),
    spans: happenings
      .filter((one) => one.span > 0)
      .map(({ at, span }) => ({ from: at / millis, to: (at + span) / millis })),
  }
  return { id, title, caption: `${says}${keyOf(lines.length)}${faults}`, drawing }
}

/** That in which a time axis has whole numbers. */
function timeUnit({ scenario: { hours } }: Report): { name: string; millis: number } {
  return hours > 3 ? { name: 'hours', millis: 3_600_000 } : { name: 'minutes', millis: 60_000 }
}

/** The running sum of what a moment counts. */
function total(of: (moment: Moment) => number) {
  const sums = new WeakMap<readonly Moment[], number>()
  return (moment: Moment, at: number, all: readonly Moment[]) => {
    const sum = (at === 0 ? 0 : (sums.get(all) ?? 0)) + of(moment)
    sums.set(all, sum)
    return sum
  }
}

function curveOf(
  runs: readonly Run[],
  name: string,
  title: string,
  says: string,
  bound?: { at: number; label: string },
): Chart | undefined {
  const spreads = runs.flatMap(({ spreads }) => spreads[name] ?? [])
  if (spreads.length === 0) return undefined
  const bytes = name === 'bytesPerNode'
  const log = spreads.some(({ max, p50 }) => max > LONG_TAIL * p50)
  const lines = spreads.map(({ cdf }) =>
    cdf
      .filter(([value]) => !log || value > 0)
      .map(([value, share]): Point => [bytes ? value : value / 1_000, 100 * share]),
  )
  const drawing: Drawing = {
    label: `${title}: share of cases that are not above a value. ${says}`,
    x: { name: bytes ? 'bytes/s' : 'seconds', log },
    y: { name: '% not above', max: 100 },
    lines: withMean(lines, meanOf(lines, 0, 100)),
    ...(bound === undefined ? {} : { bounds: [bound] }),
  }
  const dashed = bound === undefined ? '' : ` Dashed: ${bound.label}.`
  return { id: `cdf-${name}`, title, caption: `${says}${keyOf(lines.length)}${dashed}`, drawing }
}

function lookups(report: Report): Chart | undefined {
  const lines = binned(report, (some) => {
    const asked = some.reduce((sum, moment) => sum + moment.lookups, 0)
    const failed = some.reduce((sum, moment) => sum + moment.lookupFailures, 0)
    return asked === 0 ? undefined : 100 * (1 - failed / asked)
  })
  const says = 'Look-ups answered rightly, of those in a span of time.'
  return timeChart(report, 'lookups', 'Look-ups that succeed', '% found', says, lines, 100)
}

function links(report: Report): Chart | undefined {
  const lines = binned(report, (some, millis) => {
    const opened = some.reduce((sum, { links = Number.NaN }) => sum + links, 0)
    const peers = some.reduce((sum, { population }) => sum + population, 0) / some.length
    const rate = opened / peers / (millis / 3_600_000)
    return Number.isFinite(rate) ? rate : undefined
  })
  const says =
    'RTCPeerConnections of a node, per hour; a tab may open 500 in its life (measured in Chromium).'
  return timeChart(report, 'links', 'Links opened', 'per node and hour', says, lines)
}

/** Of what happens seldom a moment has none: several are one point. @param of moments and how long they took */
function binned(report: Report, of: (some: readonly Moment[], millis: number) => number | undefined) {
  const { millis } = timeUnit(report)
  return report.runs.map(({ moments }) => {
    const size = Math.max(1, Math.ceil(moments.length / BINS))
    return Array.from({ length: Math.ceil(moments.length / size) }, (_, bin): Point[] => {
      const some = moments.slice(bin * size, (bin + 1) * size)
      const at = some.at(-1)?.at ?? 0
      const value = of(some, at - (moments[bin * size - 1]?.at ?? 0))
      return value === undefined ? [] : [[at / millis, value]]
    }).flat()
  })
}

function withMean(lines: readonly Point[][], mean: Point[]): Line[] {
  if (lines.length === 1) return [{ points: mean, ink: 'mean' }]
  const thin = lines.slice(0, MAX_LINES).map((points): Line => ({ points, ink: 'run', thin: true }))
  return [...thin, { points: mean, ink: 'mean' }]
}

function keyOf(runs: number): string {
  if (runs === 1) return ''
  const thin = runs > MAX_LINES ? `${MAX_LINES} of ${runs} runs` : `each of ${runs} runs`
  return ` Thick: the mean; thin: ${thin}.`
}
