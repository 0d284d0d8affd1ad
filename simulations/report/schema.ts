/** What a report must be before anything is drawn from it or run again: the types of `run.ts`, checked. */
import * as v from 'valibot'
import type { Report } from './run.ts'

export const FORMAT = 'colonia-simulation/1'

/** Runs of one report; more were never asked for at once. */
const MAX_RUNS = 10_000
/** Points of one curve, moments and pictures of one run. */
const MAX_POINTS = 100_000
const MAX_TEXT = 10_000

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT))
const number = v.pipe(v.number(), v.finite())
const amount = v.pipe(number, v.minValue(0))
const whole = v.pipe(number, v.safeInteger(), v.minValue(0))
const seed = v.pipe(whole, v.maxValue(2 ** 32 - 1))
const share = v.pipe(amount, v.maxValue(1))
const positive = v.pipe(number, v.gtValue(0))

const shape = v.variant('kind', [
  v.object({ kind: v.literal('constant'), value: positive }),
  v.object({ kind: v.literal('exponential'), mean: positive }),
  v.object({ kind: v.literal('weibull'), shape: positive, mean: positive }),
  v.object({ kind: v.literal('pareto'), shape: v.pipe(number, v.gtValue(1)), mean: positive }),
  v.object({ kind: v.literal('lognormal'), median: positive, sigma: positive }),
  v.object({ kind: v.literal('empirical'), values: v.pipe(v.array(positive), v.minLength(1)) }),
])

const latency = v.variant('kind', [
  v.object({ kind: v.literal('king') }),
  v.object({ kind: v.literal('constant'), value: amount }),
  v.object({ kind: v.literal('coordinates'), width: amount, height: amount }),
])

const fault = v.variant('type', [
  v.object({ type: v.picklist(['kill', 'region']), share, at: amount }),
  v.object({
    type: v.picklist(['partition', 'freeze', 'exodus', 'day-night']),
    share,
    at: amount,
    span: amount,
  }),
  v.object({ type: v.literal('flash-crowd'), factor: amount, at: amount, span: amount }),
  v.object({ type: v.literal('bootstrap-down'), at: amount, span: amount }),
])

const scenario = v.object({
  name: text,
  title: text,
  source: text,
  nodes: v.pipe(whole, v.minValue(1)),
  hours: positive,
  seed,
  seeds: v.pipe(whole, v.minValue(1)),
  session: shape,
  away: v.exactOptional(shape),
  trace: v.exactOptional(text),
  ungraceful: share,
  contingents: whole,
  choose: v.picklist(['oldest', 'random', 'fresh', 'closest']),
  links: whole,
  stateBytes: amount,
  writes: amount,
  keep: amount,
  bandwidth: positive,
  latency,
  jitter: amount,
  loss: share,
  brokenPairs: share,
  kademlia: v.object({ k: whole, alpha: whole, refresh: amount }),
  lookups: amount,
  calls: amount,
  callSpan: amount,
  sample: amount,
  heartbeats: v.picklist(['sampled', 'carried']),
  faults: v.array(fault),
})

const spread = v.object({
  count: whole,
  mean: number,
  p50: number,
  p95: number,
  max: number,
  cdf: v.pipe(v.array(v.strictTuple([number, share])), v.maxLength(MAX_POINTS)),
})

const moment = v.object({
  at: amount,
  population: amount,
  states: amount,
  underReplicated: amount,
  lost: amount,
  lookups: amount,
  lookupFailures: amount,
  bytesPerNode: amount,
})

const frame = v.object({
  at: amount,
  nodes: v.array(v.object({ id: number, state: v.picklist(['up', 'frozen', 'cut']) })),
  copies: v.array(v.object({ from: number, to: number, owner: number })),
  news: v.array(text),
})

const run = v.object({
  seed,
  hash: v.nullable(v.pipe(v.string(), v.hexadecimal(), v.maxLength(MAX_TEXT))),
  events: whole,
  seconds: amount,
  millis: amount,
  complete: v.boolean(),
  figures: v.record(v.string(), v.nullable(number)),
  spreads: v.record(v.string(), spread),
  moments: v.pipe(v.array(moment), v.maxLength(MAX_POINTS)),
  happenings: v.pipe(v.array(v.object({ at: amount, span: amount, what: text })), v.maxLength(MAX_POINTS)),
  frames: v.pipe(v.array(frame), v.maxLength(MAX_POINTS)),
  messages: v.exactOptional(v.record(v.string(), number)),
})

/** Fields and figures that it does not know are of a later Colonia, and are left out. */
export const reportSchema: v.GenericSchema<unknown, Report> = v.object({
  format: v.literal(FORMAT),
  world: v.picklist(['discrete', 'memory', 'webrtc']),
  command: text,
  versions: v.object({ colonia: text, node: text }),
  scenario,
  runs: v.pipe(v.array(run), v.maxLength(MAX_RUNS)),
})
