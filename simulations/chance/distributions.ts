/**
 * How long a session lasts, how long a message takes: distributions that a simulation draws from, by name and
 * parameters. Durations are in seconds here, as in the literature; the simulator runs on milliseconds.
 *
 * Each also knows how to draw what a running system shows: of sessions that are under way at a given moment long ones
 * are more than their share, and each has been cut at a random point (the inspection paradox; Cox, "Renewal Theory",
 * 1962, chapter 5). A simulation that began with fresh sessions would show a wave of leavers first.
 */
import type { Random } from '../random.ts'
import { exp, gamma, ln, power } from './arithmetic.ts'

export interface Distribution {
  /** Of all that are drawn; seconds. */
  readonly mean: number
  draw(random: Random): number
  /** One that is under way at a random moment: longer ones are, more often. */
  drawUnderWay(random: Random): UnderWay
}

/** What has passed of it, and what is left; seconds. */
export interface UnderWay {
  age: number
  rest: number
}

/** All are positive, in seconds where they are durations. */
export type Shape =
  | { kind: 'constant'; value: number }
  | { kind: 'exponential'; mean: number }
  | { kind: 'weibull'; shape: number; mean: number }
  /** Of the first kind: nothing is below its least value. `shape` is above 1, or there is no mean. */
  | { kind: 'pareto'; shape: number; mean: number }
  /** `sigma` is the deviation of the logarithm. */
  | { kind: 'lognormal'; median: number; sigma: number }
  /** Those that were observed, each as likely. */
  | { kind: 'empirical'; values: readonly number[] }

export function distribution(shape: Shape): Distribution {
  switch (shape.kind) {
    case 'constant': {
      const { value } = shape
      return { mean: value, draw: () => value, drawUnderWay: (random) => cut(value, random) }
    }
    case 'exponential':
      return weibull(1, shape.mean)
    case 'weibull':
      return weibull(shape.shape, shape.mean)
    case 'pareto':
      return pareto(shape.shape, shape.mean)
    case 'lognormal':
      return lognormal(shape.median, shape.sigma)
    case 'empirical':
      return empirical(shape.values)
  }
}

function weibull(shape: number, mean: number): Distribution {
  const inverse = 1 / shape
  const scale = mean / gamma(1 + inverse)
  const of = (unit: number) => scale * (shape === 1 ? unit : power(unit, inverse))
  return {
    mean,
    draw: (random) => of(-ln(open(random))),
    // (x / scale)^shape is exponential; weighted by x it is gamma distributed with 1 + 1/shape.
    drawUnderWay: (random) => cut(of(drawGamma(1 + inverse, random)), random),
  }
}

function pareto(shape: number, mean: number): Distribution {
  const least = (mean * (shape - 1)) / shape
  return {
    mean,
    draw: (random) => least * power(open(random), -1 / shape),
    // Weighted by x it is a Pareto distribution again, with a shape that is less by one.
    drawUnderWay: (random) => cut(least * power(open(random), -1 / (shape - 1)), random),
  }
}

function lognormal(median: number, sigma: number): Distribution {
  return {
    mean: median * exp((sigma * sigma) / 2),
    draw: (random) => median * exp(sigma * drawNormal(random)),
    // Weighted by x its logarithm is further by the variance.
    drawUnderWay: (random) => cut(median * exp(sigma * drawNormal(random) + sigma * sigma), random),
  }
}

function empirical(values: readonly number[]): Distribution {
  const sums = new Float64Array(values.length)
  let sum = 0
  for (const [at, value] of values.entries()) {
    sum += value
    sums[at] = sum
  }
  return {
    mean: sum / values.length,
    draw: (random) => random.pick(values),
    drawUnderWay: (random) => cut(values[firstAbove(sums, random.unit() * sum)] as number, random),
  }
}

/** Seen at a moment that is as likely as any other of it. */
function cut(whole: number, random: Random): UnderWay {
  const age = whole * open(random)
  return { age, rest: whole - age }
}

/** The first place whose value is above `bound`, in what ascends. */
function firstAbove(ascending: Float64Array, bound: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) > bound) high = middle
    else low = middle + 1
  }
  return low
}

/** Uniform in (0, 1): `Random.unit` may be 0, whose logarithm is none. */
function open(random: Random): number {
  return (random.bits() + 0.5) / 2 ** 32
}

/** Standard normal: the polar method (Marsaglia and Bray 1964), which needs no sine. */
export function drawNormal(random: Random): number {
  for (;;) {
    const [x, y] = [2 * open(random) - 1, 2 * open(random) - 1]
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * ln(square)) / square)
  }
}

/** Gamma distributed with a shape of at least 1 and scale 1 (Marsaglia and Tsang 2000). */
export function drawGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = drawNormal(random)
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    if (ln(open(random)) < 0.5 * x * x + d - d * v + d * ln(v)) return d * v
  }
}
