/** A report as a table for a terminal: what was run, then each figure that there is, with what it is held against. */
import { across } from './across.ts'
import { catalogue, type Figure, type FigureName } from './catalogue.ts'
import { coloniesIn, shortened } from './hash.ts'
import type { Interval } from './interval.ts'
import { wrapped, wrappedCommand } from './lines.ts'
import type { Report, Run, Worldly } from './run.ts'
import { alike, type Scale, scaleOf, span, write } from './scale.ts'

const COLUMNS = { label: 34, mean: 11, half: 12, unit: 9 } as const
const INDENT = '            '
/** Hashes that are shown. */
const HASHES = 5

export const WORLDS: Record<Worldly, string> = {
  discrete: 'the discrete world',
  memory: 'real peers in memory',
  webrtc: 'real peers over WebRTC',
}

/** At most 100 columns wide, but for a word that is longer. Ends with a line break. */
export function tableOf(report: Report): string {
  const { runs } = report
  const intervals = across(runs)
  const names = (Object.keys(catalogue) as FigureName[]).filter((name) => intervals[name] !== undefined)
  const groups = [...new Set(names.map((name) => catalogue[name].group))].map((group) => {
    const rows = names
      .filter((name) => catalogue[name].group === group)
      .map((name) => row(catalogue[name], intervals[name] as Interval))
    return [group, ...rows].join('\n')
  })
  const parts = [heading(report), certainty(runs.length), ...groups, absences(intervals, runs.length)]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function heading({ scenario, command, world, versions, runs }: Report): string {
  const hours = scenario.hours * 3_600_000
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  const events = runs.reduce((sum, run) => sum + run.events, 0)
  const did = world === 'discrete' ? `, ${events.toLocaleString('en')} events` : ''
  const took = `${counted(runs.length)} of ${span(hours)}${did}; ${span(seconds * 1_000)} of wall time${runs.length > 1 ? ', all runs together' : ''}`
  return [
    wrapped(`${scenario.title} (${scenario.name})`, '  '),
    wrappedCommand(`  command   ${command}`, INDENT),
    wrapped(
      `  world     ${WORLDS[world]}${coloniesOf(runs)}; Colonia ${versions.colonia}, Node ${versions.node}`,
      INDENT,
    ),
    wrapped(`  runs      ${took}`, INDENT),
    wrapped(`  seeds     ${seedsOf(runs)}`, INDENT),
    wrapped(`  hashes    ${hashesOf(runs)}`, INDENT),
    ...stops(runs, hours, scenario.seeds).map((stop) => wrapped(`  ${stop}`, INDENT)),
  ].join('\n')
}

/** Neighbours in a row as from and to. */
function seedsOf(runs: readonly Run[]): string {
  const spans: [from: number, to: number][] = []
  for (const seed of runs.map((run) => run.seed).sort((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last !== undefined && seed === last[1] + 1) last[1] = seed
    else spans.push([seed, seed])
  }
  return spans.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ') || 'none'
}

/** A run of very many peers is several colonies, each of which has its part of the hash. */
function coloniesOf(runs: readonly Run[]): string {
  const colonies = Math.max(1, ...runs.map(({ hash }) => coloniesIn(hash ?? '')))
  return colonies > 1 ? `, in ${colonies} colonies that know nothing of each other` : ''
}

function hashesOf(runs: readonly Run[]): string {
  const hashes = runs.flatMap(({ hash }) => hash ?? [])
  if (hashes.length === 0) return 'none: only the discrete world can be had again to the last bit'
  const shown = hashes.slice(0, HASHES).map(shortened)
  const more = hashes.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function stops(runs: readonly Run[], whole: number, seeds: number): string[] {
  const stopped = runs.filter(({ complete }) => !complete)
  const at = Math.min(...stopped.map(({ millis }) => millis))
  const where = runs.length > 1 ? `, in ${stopped.length} of ${counted(runs.length)}` : ''
  const early = `stopped at ${span(at)} of ${span(whole)}${where}: counts are of what had passed`
  return [
    ...(stopped.length > 0 ? [early] : []),
    ...(runs.length < seeds ? [`stopped after ${runs.length} of ${counted(seeds)}`] : []),
  ]
}

function certainty(runs: number): string {
  if (runs === 0) return 'There is no run, and so there are no figures.'
  if (runs === 1) return 'There is no interval: one run does not say how much another seed would change.'
  return 'Mean of all runs ± half of its 95 % interval (Student’s t).'
}

function row(figure: Figure, interval: Interval): string {
  const { mean, half } = interval
  const scale = scaleOf(figure.unit, [mean], half)
  const cells = [
    `  ${figure.label}`.padEnd(COLUMNS.label),
    write(mean, scale).padStart(COLUMNS.mean),
    ` ${exactness(interval, scale)}`.padEnd(COLUMNS.half),
    ` ${scale.unit}`.padEnd(COLUMNS.unit),
    ` ${verdict(figure, interval)}`,
  ]
  return cells.join('').trimEnd()
}

function exactness({ mean, half }: Interval, scale: Scale): string {
  if (!Number.isFinite(half)) return ''
  // Five runs without a loss do not say that there can be none: "± 0" would.
  return alike(half, 0, mean) ? 'in each run' : `± ${write(half, scale)}`
}

/** What a figure is held against, and whether it stands that. Without an interval only what is so of this very run. */
function verdict({ better, against }: Figure, { mean, half }: Interval): string {
  const known = Number.isFinite(half)
  const [low, high] = known ? [mean - half, mean + half] : [mean, mean]
  if (against === 'ideal') return '1 is ideal'
  if (against === 'bound') {
    if (high <= 1) return 'good: within its bound'
    return low > 1 ? 'bad: beyond its bound' : 'about its bound'
  }
  if (better === 'zero') return mean === 0 ? 'good: should be 0' : 'bad: should be 0'
  if (better !== 'one') return better === undefined ? '' : `${better} is better`
  // Of rare events often nothing is known but that there were none.
  if (!known || alike(half, 0, mean)) return 'theory says 1'
  if (low > 1 || high < 1) return `${low > 1 ? 'above' : 'below'} theory, which says 1`
  return half > 1 ? 'too few to judge: theory says 1' : 'good: theory says 1'
}

/** Of which figures there is something in some runs only. */
function absences(intervals: Readonly<Record<FigureName, Interval | undefined>>, runs: number): string {
  const few = (Object.keys(catalogue) as FigureName[]).flatMap((name) => {
    const count = intervals[name]?.count ?? runs
    return count < runs ? [`${catalogue[name].label} (${count} of ${runs})`] : []
  })
  return few.length === 0
    ? ''
    : wrapped(`Nothing of the kind happened in some runs, which are left out: ${few.join('; ')}.`)
}

function counted(runs: number): string {
  return `${runs} ${runs === 1 ? 'run' : 'runs'}`
}
