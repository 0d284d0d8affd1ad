/** That heartbeats are drawn and not said one by one changes no figure beyond what seeds do. */
import { describe, expect, test } from 'vitest'
import { interval } from '../../../simulations/report/interval.ts'
import type { Scenario } from '../../../simulations/scenario/scenario.ts'
import { run } from './small.ts'

const SEEDS = [1, 2, 3, 4, 5]
const scenario = {
  nodes: 80,
  hours: 0.5,
  session: { kind: 'exponential', mean: 900 },
  keep: 120_000,
} as const satisfies Partial<Scenario>
const FIGURES = [
  'takeoverMean',
  'handoffMean',
  'underReplicatedMean',
  'underReplicatedShare',
  'bytesMaintenance',
  'bytesUpdate',
  'linksPerHour',
] as const

describe('heartbeats that are drawn', () => {
  const of = (heartbeats: Scenario['heartbeats']) =>
    SEEDS.map((seed) => run({ ...scenario, heartbeats }, seed).figures)
  const [drawn, said] = [of('sampled'), of('carried')]

  test.each(FIGURES)('give the same %s as those that are said', (name) => {
    const [a, b] = [drawn, said].map((runs) => interval(runs.map((figures) => figures[name] ?? Number.NaN)))
    // Welch: of two means the difference lies within what both intervals together allow.
    const apart = Math.abs((a?.mean ?? 0) - (b?.mean ?? 0))
    expect(a?.mean).toBeGreaterThan(0)
    expect(apart).toBeLessThanOrEqual(Math.hypot(a?.half ?? 0, b?.half ?? 0) + 0.03 * (a?.mean ?? 0))
  })

  test('lose no more states, and have nobody taken over who is there', () => {
    for (const figures of [...drawn, ...said]) expect(figures['overruledAcknowledged']).toBe(0)
  })
})
