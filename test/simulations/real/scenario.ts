/** A small scenario for real peers, in which nothing happens but what a test has happen. */
import type { Scenario } from '../../../simulations/scenario/scenario.ts'
import type { Session } from '../../../simulations/scenario/trace.ts'

export const quiet: Scenario = {
  ...{ name: 'quiet', title: 'for tests', source: 'guess' },
  ...{ nodes: 12, hours: 14 / 3_600, seed: 1, seeds: 1 },
  session: { kind: 'exponential', mean: 3_600 },
  ungraceful: 0.5,
  ...{ contingents: 2, choose: 'oldest', links: 8 },
  ...{ stateBytes: 5_000, writes: 0, keep: 30 * 86_400_000, bandwidth: 1_000_000 },
  latency: { kind: 'constant', value: 0.04 },
  ...{ jitter: 0, loss: 0, brokenPairs: 0 },
  kademlia: { k: 8, alpha: 3, refresh: 300_000 },
  ...{ lookups: 600, calls: 0, callSpan: 0, sample: 200, heartbeats: 'carried', faults: [] },
}

/** Beyond every test, in milliseconds. */
const LONG = 3_600_000

/** So many that come one after the other and stay, within `millis`. */
export function staying(count: number, millis: number): Session[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ at: (millis * n) / count, span: LONG, end: 'goodbye' },
  }))
}
