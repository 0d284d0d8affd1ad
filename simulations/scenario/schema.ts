/** What a scenario in a file must be: its fields by type, and then what flags could make of it. */
import * as v from 'valibot'
import type { Shape } from '../chance/distributions.ts'
import { contradiction } from './contradictions.ts'
import { dials } from './dials.ts'
import type { Fault, Latency, Scenario } from './scenario.ts'

/** What is printed: without what would steer a terminal. */
export const line = v.pipe(
  v.string(),
  v.maxLength(65_536),
  v.regex(/^\P{Cc}*$/u, 'must be text without control characters'),
)
/** JSON has no infinity, but what is too great for a double is read as one. */
export const number = v.pipe(v.number(), v.finite('must be a finite number'))
export const amount = v.pipe(number, v.minValue(0))
export const whole = v.pipe(amount, v.safeInteger('must be a whole number'))
const share = v.pipe(amount, v.maxValue(1))

const shape = v.variant('kind', [
  v.object({ kind: v.literal('constant'), value: amount }),
  v.object({ kind: v.literal('exponential'), mean: amount }),
  v.object({ kind: v.literal('weibull'), shape: amount, mean: amount }),
  v.object({ kind: v.literal('pareto'), shape: amount, mean: amount }),
  v.object({ kind: v.literal('lognormal'), median: amount, sigma: amount }),
  v.object({ kind: v.literal('empirical'), values: v.pipe(v.array(amount), v.minLength(1)) }),
]) satisfies v.GenericSchema<unknown, Shape>

const latency = v.variant('kind', [
  v.object({ kind: v.literal('king') }),
  v.object({ kind: v.literal('constant'), value: amount }),
  v.object({ kind: v.literal('coordinates'), width: amount, height: amount }),
]) satisfies v.GenericSchema<unknown, Latency>

const fault = v.variant('type', [
  v.object({ type: v.picklist(['kill', 'region']), share, at: amount }),
  v.object({
    type: v.picklist(['partition', 'freeze', 'exodus', 'day-night']),
    ...{ share, at: amount, span: amount },
  }),
  v.object({ type: v.literal('flash-crowd'), factor: amount, at: amount, span: amount }),
  v.object({ type: v.literal('bootstrap-down'), at: amount, span: amount }),
]) satisfies v.GenericSchema<unknown, Fault>

export const scenarioSchema = v.pipe(
  v.object({
    ...{ name: line, title: line, source: line },
    ...{ nodes: whole, hours: amount, seed: whole, seeds: whole },
    ...{ session: shape, away: v.exactOptional(shape), trace: v.exactOptional(line) },
    ...{ ungraceful: share, contingents: whole, links: whole },
    choose: v.picklist(['oldest', 'random', 'fresh', 'closest']),
    ...{ stateBytes: amount, writes: amount, keep: amount, bandwidth: amount },
    ...{ latency, jitter: amount, loss: share, brokenPairs: share },
    kademlia: v.object({ k: whole, alpha: whole, refresh: amount }),
    ...{ lookups: amount, calls: amount, callSpan: amount, sample: whole },
    colony: v.exactOptional(whole),
    heartbeats: v.picklist(['sampled', 'carried']),
    faults: v.array(fault),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    const message = refusal(dataset.value)
    if (message !== undefined) addIssue({ message })
  }),
) satisfies v.GenericSchema<unknown, Scenario>

/** The limits of a scenario are those of its flags. `undefined` if it keeps them. */
function refusal(scenario: Scenario): string | undefined {
  for (const { flag, get, set, allowed } of dials) {
    const texts = get(scenario)
    if (texts.length > 0 && !set({ ...scenario }, texts))
      return `--${flag} must be ${allowed}, not ${texts.join(', ')}`
  }
  return contradiction(scenario)
}
