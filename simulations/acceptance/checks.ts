/**
 * What Colonia promises to bear, and how it is seen: for each promise the scenarios that are run, and what their figures
 * must be. Where a check asks for a figure of theory, it is run where the theory's assumptions hold: independent crashes,
 * exponential sessions.
 */
import type { FigureName } from '../report/catalogue.ts'
import { interval } from '../report/interval.ts'
import type { Run } from '../report/run.ts'
import { scenarioNamed } from '../scenario/command-line.ts'
import type { Scenario } from '../scenario/scenario.ts'

export interface Verdict {
  holds: boolean
  /** What was seen, in words. */
  seen: string
}

export interface Check {
  promise: string
  /** What the figure must be, in words. */
  wanted: string
  scenarios: readonly Scenario[]
  /** @param runs those of each scenario */
  judge(runs: readonly (readonly Run[])[]): Verdict
}

const MINUTE = 60_000
/** Fewer losses say nothing about their rate. */
const ENOUGH = 100

export const checks: readonly Check[] = [
  {
    promise: 'Losses are those of theory: c·f^c·(w/s)^(c−1) with c = 2',
    wanted: '0.8 to 1.2, of at least 100 losses',
    scenarios: [
      variant('bamboo', {
        ...{ hours: 1, seeds: 4, contingents: 1, ungraceful: 1, choose: 'random', keep: MINUTE / 2 },
        ...{ lookups: 0, calls: 0, writes: 0 },
      }),
    ],
    judge([runs = []]) {
      const losses = total(runs, 'lossesAvoidable', 'lossesUnavoidable')
      const ratio = mean(runs, 'lossesOverFormula')
      const holds = losses >= ENOUGH && within(ratio, 0.8, 1.2)
      return { holds, seen: `${said(runs, 'lossesOverFormula')} of ${losses} losses` }
    },
  },
  {
    promise: 'When half of all crash at one moment, states are lost as chance has it: p^c with c = 3',
    wanted: '0.95 to 1.05',
    scenarios: [
      variant('kad', {
        ...{ nodes: 20_000, hours: 0.05, seeds: 4, lookups: 0, calls: 0, writes: 0 },
        faults: [{ type: 'kill', share: 0.5, at: MINUTE }],
      }),
    ],
    judge([runs = []]) {
      const holds = within(mean(runs, 'burstLossOverTheory'), 0.95, 1.05)
      return { holds, seen: said(runs, 'burstLossOverTheory') }
    },
  },
  {
    promise:
      'Contingents chosen by age lose fewer states than those that came last, one contingent each, all crash',
    wanted: 'at least 20 times fewer',
    scenarios: (['fresh', 'oldest'] as const).map((choose) =>
      variant('kad', {
        ...{ choose, nodes: 20_000, hours: 6, seeds: 2, contingents: 1, ungraceful: 1 },
        ...{ lookups: 0, calls: 0, writes: 0 },
      }),
    ),
    judge([fresh = [], oldest = []]) {
      const [many, few] = [fresh, oldest].map((runs) => total(runs, 'lossesAvoidable', 'lossesUnavoidable'))
      // With none at all the figure is at least what one would make of it.
      const times = (many ?? 0) / Math.max(1, few ?? 0)
      return { holds: times >= 20, seen: `${many} lost against ${few}: ${times.toFixed(0)} times fewer` }
    },
  },
  {
    promise: 'Copying costs little more than one who knows all would copy',
    wanted: 'at most 1.3',
    scenarios: [variant('tabs', { seeds: 2, lookups: 0, calls: 0 })],
    judge([runs = []]) {
      return {
        holds: within(mean(runs, 'bytesRepairOverOracle'), 0, 1.3),
        seen: said(runs, 'bytesRepairOverOracle'),
      }
    },
  },
  {
    promise: "Bamboo's record: a thousand peers that stay two minutes find each other, by the DHT alone",
    wanted: 'found within 4 s at least 99.9 %, at most 900 bytes a second and node',
    scenarios: [
      variant('bamboo', {
        ...{ hours: 0.5, seeds: 4, contingents: 0, calls: 0, writes: 0, lookups: 12 },
        kademlia: { k: 8, alpha: 6, refresh: 60 * MINUTE },
      }),
    ],
    judge([runs = []]) {
      const holds = within(mean(runs, 'lookupSuccess'), 0.999, 1) && within(mean(runs, 'bytesAll'), 0, 900)
      return { holds, seen: `${said(runs, 'lookupSuccess', 5)}, ${said(runs, 'bytesAll', 0)} bytes a second` }
    },
  },
  {
    promise: 'Under the churn of KAD a hundred thousand peers find each other',
    wanted: 'found within 4 s at least 99.99 %',
    scenarios: [
      variant('kad', {
        ...{ nodes: 100_000, hours: 0.25, seeds: 2, contingents: 0, calls: 0, writes: 0 },
        ...{ lookups: 12, sample: 20_000 },
      }),
    ],
    judge([runs = []]) {
      return { holds: within(mean(runs, 'lookupSuccess'), 0.9999, 1), seen: said(runs, 'lookupSuccess', 6) }
    },
  },
]

function variant(name: string, change: Partial<Scenario>): Scenario {
  return { ...scenarioNamed(name), ...change }
}

function figures(runs: readonly Run[], name: FigureName): number[] {
  return runs.flatMap((run) => run.figures[name] ?? [])
}

function total(runs: readonly Run[], ...names: readonly FigureName[]): number {
  return names.flatMap((name) => figures(runs, name)).reduce((sum, each) => sum + each, 0)
}

function mean(runs: readonly Run[], name: FigureName): number {
  return interval(figures(runs, name))?.mean ?? Number.NaN
}

/** Mean and half of its 95 % interval. */
function said(runs: readonly Run[], name: FigureName, digits = 2): string {
  const seen = interval(figures(runs, name))
  if (seen === undefined) return 'nothing'
  const half = Number.isFinite(seen.half) ? ` ± ${seen.half.toFixed(digits)}` : ''
  return `${seen.mean.toFixed(digits)}${half}`
}

function within(value: number, low: number, high: number): boolean {
  return value >= low && value <= high
}
