/** That a run of very many peers may be many colonies: whom one deals with is a few dozen others, however many there are. */
import { describe, expect, test } from 'vitest'
import { runOf } from '../../../simulations/churn/summary.ts'
import type { FigureName } from '../../../simulations/report/catalogue.ts'
import { interval } from '../../../simulations/report/interval.ts'
import { run, small, tallyOf } from './small.ts'

const SEEDS = [1, 2, 3, 4, 5, 6]
const MANY = 4
const scenario = {
  nodes: 400,
  hours: 0.3,
  session: { kind: 'exponential', mean: 900 },
  keep: 120_000,
} as const
const whole = small({ ...scenario, nodes: MANY * scenario.nodes, colony: MANY * scenario.nodes })
const FIGURES: readonly FigureName[] = [
  'detectionMean',
  'takeoverMean',
  'handoffMean',
  'underReplicatedMean',
  'underReplicatedShare',
  'bytesMaintenance',
  'bytesMaintenanceP95',
  'linksPerHour',
]

describe('several colonies that know nothing of each other', () => {
  const one = SEEDS.map((seed) => run(whole, seed).figures)
  const several = SEEDS.map((seed) => {
    const tallies = Array.from({ length: MANY }, (_, shard) => tallyOf(scenario, seed * 1_000 + shard))
    return runOf(whole, seed, tallies, 0).figures
  })

  test.each(FIGURES)('have the same %s as a colony of as many peers', (name) => {
    const [a, b] = [one, several].map((runs) => interval(runs.map((figures) => figures[name] ?? Number.NaN)))
    const apart = Math.abs((a?.mean ?? 0) - (b?.mean ?? 0))
    expect(a?.mean).toBeGreaterThan(0)
    expect(apart).toBeLessThanOrEqual(Math.hypot(a?.half ?? 0, b?.half ?? 0))
  })
})
