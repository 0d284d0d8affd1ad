/** Any scenario that flags can make. */
import * as fc from 'fast-check'
import { inOrder } from '../../../simulations/scenario/faults.ts'
import type { Fault, Scenario } from '../../../simulations/scenario/scenario.ts'
import { scenarios } from '../../../simulations/scenario/table.ts'

const HOUR = 3_600_000
const number = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => (value === 0 ? 0 : value))
const whole = (min: number, max: number) => fc.integer({ min, max })
/** Round ones as people write them, and any. */
const seconds = fc.oneof(whole(1, 100_000), number(1, 315_360_000))
const millis = (max: number) =>
  fc.oneof(
    whole(1, max / 1_000).map((s) => s * 1_000),
    number(1_000, max),
  )
const factor = number(0.1, 10)

const shape = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), value: seconds }),
  fc.record({ kind: fc.constant('exponential' as const), mean: seconds }),
  fc.record({ kind: fc.constant('weibull' as const), shape: factor, mean: seconds }),
  fc.record({ kind: fc.constant('pareto' as const), shape: number(1.001, 10), mean: seconds }),
  fc.record({ kind: fc.constant('lognormal' as const), median: seconds, sigma: number(0.001, 5) }),
)

const latency = fc.oneof(
  fc.record({ kind: fc.constant('king' as const) }),
  fc.record({ kind: fc.constant('constant' as const), value: number(0, 10) }),
  fc.record({ kind: fc.constant('coordinates' as const), width: number(0, 10), height: number(0, 10) }),
)

/** Of an hour; the run may be shorter. */
const at = millis(HOUR - 1_000)
const span = millis(HOUR)
const share = number(0, 1)
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ type: fc.constantFrom('kill' as const, 'region' as const), share, at }),
  fc.record({
    type: fc.constantFrom('partition' as const, 'freeze' as const, 'exodus' as const),
    share,
    at,
    span,
  }),
  fc.record({ type: fc.constant('flash-crowd' as const), factor: number(0.1, 100), at, span }),
  fc.record({ type: fc.constant('bootstrap-down' as const), at, span }),
)

const base = fc.constantFrom(...scenarios.values())
const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\0'))

/** Those with a trace say nothing of what the trace says. */
export const scenario: fc.Arbitrary<Scenario> = base.chain((named) =>
  fc
    .record(
      {
        nodes: whole(50, 100_000),
        hours: fc.oneof(whole(49, 8_784), number(48.5, 8_784)),
        seed: whole(0, 2 ** 32 - 1_001),
        seeds: whole(1, 1_000),
        session: shape,
        ungraceful: share,
        contingents: whole(0, 4),
        choose: fc.constantFrom('oldest' as const, 'random' as const, 'fresh' as const, 'closest' as const),
        links: whole(4, 48),
        stateBytes: whole(1, 1_048_576),
        writes: number(0, 3_600),
        keep: millis(24 * HOUR),
        bandwidth: number(1_000, 1e12),
        latency,
        jitter: number(0, 10_000),
        loss: number(0, 0.9),
        brokenPairs: share,
        kademlia: fc.record({ k: whole(1, 64), alpha: whole(1, 16), refresh: millis(24 * HOUR) }),
        lookups: number(0, 3_600),
        calls: number(0, 3_600),
        callSpan: millis(24 * HOUR),
        sample: whole(1, 1_000_000),
        heartbeats: fc.constantFrom('sampled' as const, 'carried' as const),
        faults: fc.array(fault, { maxLength: 6 }).map(inOrder),
      },
      { requiredKeys: [] },
    )
    .chain((changes) =>
      fc.oneof(
        fc.constant({ ...named, ...changes }),
        shape.map((away) => ({ ...named, ...changes, away })),
        name.map((trace) => ({
          ...named,
          ...changes,
          trace,
          session: named.session,
          nodes: named.nodes,
          ungraceful: named.ungraceful,
          faults: [],
        })),
      ),
    )
    // What would happen after the end is refused.
    .map((one) => ({ ...one, faults: one.faults.filter(({ at }) => at < one.hours * HOUR) })),
)
