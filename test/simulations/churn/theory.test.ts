/** Theory against figures that are known, or reckoned by hand. */
import { describe, expect, test } from 'vitest'
import { add } from '../../../simulations/churn/sketch.ts'
import { runOf } from '../../../simulations/churn/summary.ts'
import { type Tally, tally } from '../../../simulations/churn/tally.ts'
import {
  detectionBound,
  idealRounds,
  lossesPerSession,
  medianRoundTrip,
} from '../../../simulations/churn/theory.ts'
import { small } from './small.ts'

const constant = { latency: { kind: 'constant', value: 0.1 }, jitter: 0 } as const

describe('theory', () => {
  test('expects c·f^c·(w/s)^(c−1) losses a session', () => {
    const scenario = small({ contingents: 2, ungraceful: 0.5 })
    expect(lossesPerSession(scenario, 1_000, 100_000)).toBeCloseTo(3 * 0.125 * 0.0001, 12)
    expect(lossesPerSession(small({ contingents: 1, ungraceful: 1 }), 2_000, 100_000)).toBeCloseTo(0.04, 12)
  })

  test('bounds detection by half a beat, the way and the margin', () => {
    expect(detectionBound(small(constant))).toBeCloseTo(500 + 50 + 250, 6)
  })

  test('has the median of the King data set', () => {
    expect(medianRoundTrip(small({ latency: { kind: 'king' } }))).toBeGreaterThan(148)
    expect(medianRoundTrip(small({ latency: { kind: 'king' } }))).toBeLessThan(164)
  })

  // Ideal static Kademlia with k 20, alpha 3, as simulated elsewhere: 0.93 and 1.48 rounds.
  test.each([
    [1_000, 0.93],
    [10_000, 1.48],
  ])('knows the rounds of an ideal Kademlia of %d peers', (nodes, rounds) => {
    const ideal = idealRounds(small({ nodes, kademlia: { k: 20, alpha: 3, refresh: 1 } }))
    expect(Math.abs(ideal - rounds)).toBeLessThan(0.12)
  })
})

describe('figures', () => {
  const scenario = small({
    ...constant,
    contingents: 1,
    ungraceful: 1,
    session: { kind: 'exponential', mean: 100 },
  })
  const counted = (): Tally => {
    const one = tally()
    // A thousand states for a hundred mean sessions each of 100 s: 2 of them lost, after windows of 1 s each.
    Object.assign(one.counts, { stateMillis: 1e9, peerMillis: 1e9, lossesAvoidable: 1, lossesUnavoidable: 1 })
    Object.assign(one.counts, {
      lookups: 10,
      lookupsGood: 9,
      lookupRounds: 18,
      bytesRepair: 5e6,
      linksOpened: 500,
    })
    Object.assign(one.counts, {
      bytesRepairOracle: 4e6,
      callsTried: 4,
      callsSetUp: 3,
      callsEnded: 2,
      callsCut: 1,
    })
    for (const span of [500, 1_500]) add(one.sketches.underReplicated, span)
    return { ...one, millis: 1e6, complete: true }
  }

  test('are what one reckons by hand', () => {
    const { figures } = runOf(scenario, 1, [counted()], 1)
    expect(figures['lossesPerSession']).toBeCloseTo(2 / 10_000, 12)
    // Theory: 2·1²·(1 s / 100 s) = 0.02.
    expect(figures['lossesOverFormula']).toBeCloseTo(0.01, 9)
    expect(figures['lookupSuccess']).toBeCloseTo(0.9, 12)
    expect(figures['lookupRounds']).toBeCloseTo(2, 12)
    expect(figures['bytesRepair']).toBeCloseTo(5, 9)
    expect(figures['bytesRepairOverOracle']).toBeCloseTo(1.25, 12)
    expect(figures['linksPerHour']).toBeCloseTo(1.8, 9)
    expect(figures['callSetup']).toBeCloseTo(0.75, 12)
    expect(figures['callSurvival']).toBeCloseTo(0.5, 12)
    expect(figures['handoffMean']).toBeNull()
  })

  test('of two shards are those of both', () => {
    const { figures, hash } = runOf(scenario, 1, [counted(), { ...counted(), hash: 1 }], 1)
    expect(figures['lossesAvoidable']).toBe(2)
    expect(figures['lossesPerSession']).toBeCloseTo(2 / 10_000, 12)
    expect(hash).toBe('0000000000000001')
  })
})
