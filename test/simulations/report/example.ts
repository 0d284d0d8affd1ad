/** A small real report: three runs of forty peers for half an hour, in which much goes wrong. */
import { Simulation } from '../../../simulations/churn/simulation.ts'
import { runOf } from '../../../simulations/churn/summary.ts'
import type { Report } from '../../../simulations/report/run.ts'
import type { Scenario } from '../../../simulations/scenario/scenario.ts'

const minutes = (count: number) => count * 60_000

const scenario: Scenario = {
  name: 'small <b>town</b>',
  title: 'forty peers & what goes wrong',
  source: 'made up for a test',
  nodes: 40,
  hours: 0.5,
  seed: 1,
  seeds: 3,
  session: { kind: 'exponential', mean: 600 },
  ungraceful: 0.5,
  contingents: 2,
  choose: 'oldest',
  links: 12,
  stateBytes: 20_000,
  writes: 30,
  keep: minutes(60),
  bandwidth: 1_000_000,
  latency: { kind: 'king' },
  jitter: 20,
  loss: 0.005,
  brokenPairs: 0.05,
  kademlia: { k: 20, alpha: 3, refresh: minutes(10) },
  lookups: 60,
  calls: 6,
  callSpan: minutes(5),
  sample: 40,
  heartbeats: 'sampled',
  faults: [
    { type: 'kill', share: 0.3, at: minutes(5) },
    { type: 'freeze', share: 0.2, at: minutes(10), span: minutes(3) },
    { type: 'partition', share: 0.3, at: minutes(18), span: minutes(4) },
  ],
}

export function exampleReport(): Report {
  const runs = [1, 2, 3].map((seed) => {
    const simulation = new Simulation(scenario, seed, 0)
    while (!simulation.advance(100_000)) {}
    return runOf(scenario, seed, [simulation.tally()], 0.5)
  })
  return {
    format: 'colonia-simulation/1',
    world: 'discrete',
    command: 'npx colonia simulate small-town --seed 1 --seeds 3 --html "report.html"',
    versions: { colonia: '0.1.0', node: '24.0.0' },
    scenario,
    runs,
  }
}
