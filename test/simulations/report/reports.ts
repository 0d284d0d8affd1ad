/** Reports for tests: of figures that are given, and of the discrete world as it is. */
import { Simulation, shardsOf } from '../../../simulations/churn/simulation.ts'
import { runOf } from '../../../simulations/churn/summary.ts'
import type { FigureName } from '../../../simulations/report/catalogue.ts'
import type { Report, Run } from '../../../simulations/report/run.ts'
import type { Scenario } from '../../../simulations/scenario/scenario.ts'

export const scenario: Scenario = {
  ...{ name: 'small', title: 'Forty peers that come and go', source: 'guess' },
  ...{ nodes: 40, hours: 0.2, seed: 7, seeds: 3 },
  session: { kind: 'exponential', mean: 300 },
  ungraceful: 0.5,
  ...{ contingents: 2, choose: 'oldest', links: 8 },
  ...{ stateBytes: 5_000, writes: 6, keep: 600_000, bandwidth: 1_000_000 },
  latency: { kind: 'king' },
  ...{ jitter: 20, loss: 0, brokenPairs: 0.05 },
  kademlia: { k: 8, alpha: 3, refresh: 3_600_000 },
  ...{ lookups: 60, calls: 2, callSpan: 60_000, sample: 40, heartbeats: 'sampled' },
  faults: [{ type: 'kill', share: 0.2, at: 300_000 }],
}

/** Runs of `scenario`, to their ends, of which nothing is known but some figures. */
export function reportOf(
  figures: readonly Partial<Record<FigureName, number | null>>[],
  parts: Partial<Report> = {},
): Report {
  const runs = figures.map(
    (known, at): Run => ({
      ...{ seed: 7 + at, hash: `0000000${at}`, events: 1_000, seconds: 2, millis: 720_000 },
      ...{ complete: true, figures: known, spreads: {}, moments: [], happenings: [], frames: [] },
    }),
  )
  return {
    ...{ format: 'colonia-simulation/1', world: 'discrete', command: 'colonia simulate small' },
    ...{ versions: { colonia: '1.0.0', node: '24.0.0' }, scenario, runs },
    ...parts,
  }
}

/** As much of `scenario` as a test has time for. */
export const brief: Scenario = {
  ...scenario,
  hours: 0.08,
  faults: [{ type: 'kill', share: 0.2, at: 120_000 }],
}

/** What comes of it, in a second or two. */
export function played(small = brief): Report {
  const seeds = Array.from({ length: small.seeds }, (_, at) => small.seed + at)
  const runs = seeds.map((seed) => {
    const tallies = Array.from({ length: shardsOf(small) }, (_, shard) => {
      const simulation = new Simulation(small, seed, shard)
      while (!simulation.advance(100_000));
      return simulation.tally()
    })
    return runOf(small, seed, tallies, 1)
  })
  return { ...reportOf([]), scenario: small, runs }
}
