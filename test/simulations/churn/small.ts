/** Small colonies for tests: a scenario that says what the test is about, and everything else as it is by default. */
import { Simulation } from '../../../simulations/churn/simulation.ts'
import { runOf } from '../../../simulations/churn/summary.ts'
import type { Tally } from '../../../simulations/churn/tally.ts'
import type { Run } from '../../../simulations/report/run.ts'
import { defaults } from '../../../simulations/scenario/defaults.ts'
import type { Scenario } from '../../../simulations/scenario/scenario.ts'

const PIECE = 5_000

export function small(change: Partial<Scenario>): Scenario {
  const words = { name: 'small', title: 'A small colony', source: 'this test' }
  return { ...words, ...defaults, nodes: 60, hours: 0.25, lookups: 0, calls: 0, ...change }
}

export function tallyOf(change: Partial<Scenario>, seed = 1, piece = PIECE): Tally {
  const simulation = new Simulation(small(change), seed, 0)
  while (!simulation.advance(piece)) {}
  return simulation.tally()
}

export function run(change: Partial<Scenario>, seed = 1): Run {
  return runOf(small(change), seed, [tallyOf(change, seed)], 0)
}
