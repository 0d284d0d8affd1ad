/** Parts of scenarios, so that each kind of session, latency and fault is among them. */
import type { Scenario } from '../../../simulations/scenario/scenario.ts'

export const scenarios: Partial<Scenario>[] = [
  { session: { kind: 'constant', value: 60 }, away: { kind: 'exponential', mean: 60 } },
  { session: { kind: 'pareto', shape: 1.5, mean: 600 } },
  { session: { kind: 'lognormal', median: 300, sigma: 1 } },
  { session: { kind: 'empirical', values: [1, 2, 3.5] }, trace: 'sessions.csv' },
  { latency: { kind: 'constant', value: 0.15 } },
  { latency: { kind: 'coordinates', width: 0.2, height: 0.03 } },
  {
    faults: [
      { type: 'kill', share: 0.3, at: 1 },
      { type: 'region', share: 0.2, at: 2 },
      { type: 'partition', share: 0.3, at: 3, span: 4 },
      { type: 'freeze', share: 0.5, at: 4, span: 5 },
      { type: 'flash-crowd', factor: 100, at: 5, span: 6 },
      { type: 'exodus', share: 1, at: 6, span: 7 },
      { type: 'bootstrap-down', at: 7, span: 8 },
      { type: 'day-night', share: 0.8, at: 0, span: 9 },
    ],
  },
]
