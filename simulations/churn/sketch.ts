/**
 * A sketch: a sample as a histogram whose bins are a 64th of an octave wide, so that any quantile is known to about one
 * per cent (as in DDSketch: Masson et al. 2019). Plain data: it passes between workers, and two can be put together.
 */
import type { Spread } from '../report/run.ts'

export interface Sketch {
  count: number
  sum: number
  max: number
  /** How many fell into each bin, by its number. */
  bins: Record<number, number>
}

/** Of the bits of a number, those that name its bin: exponent and the first six of the mantissa. */
const SHIFT = 14
/** Points of a curve. */
const POINTS = 101

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

export function sketch(): Sketch {
  return { count: 0, sum: 0, max: 0, bins: {} }
}

/** @param value not negative */
export function add(to: Sketch, value: number): void {
  to.count += 1
  to.sum += value
  if (value > to.max) to.max = value
  double[0] = value
  const bin = (words[HIGH] as number) >>> SHIFT
  to.bins[bin] = (to.bins[bin] ?? 0) + 1
}

export function merged(sketches: readonly Sketch[]): Sketch {
  const all = sketch()
  for (const { count, sum, max, bins } of sketches) {
    all.count += count
    all.sum += sum
    all.max = Math.max(all.max, max)
    for (const [bin, number] of Object.entries(bins)) {
      all.bins[Number(bin)] = (all.bins[Number(bin)] ?? 0) + number
    }
  }
  return all
}

/** The value that a share of all is not above. `undefined` for an empty one. */
export function quantile(of: Sketch, share: number): number | undefined {
  let left = share * of.count
  for (const [bin, number] of ascending(of)) {
    left -= number
    if (left <= 1e-9) return Math.min(of.max, middle(bin))
  }
  return of.count === 0 ? undefined : of.max
}

/** `undefined` for an empty one. */
export function spreadOf(of: Sketch): Spread | undefined {
  const { count, sum, max } = of
  if (count === 0) return undefined
  const bins = ascending(of)
  const cdf: [number, number][] = []
  let seen = 0
  let next = 0
  for (const [bin, number] of bins) {
    seen += number
    // Bins are more than points of a curve need.
    if (seen / count < next / (POINTS - 1) && seen < count) continue
    cdf.push([Math.min(max, middle(bin)), seen / count])
    next = Math.floor((seen / count) * (POINTS - 1)) + 1
  }
  return { count, mean: sum / count, p50: quantile(of, 0.5) ?? 0, p95: quantile(of, 0.95) ?? 0, max, cdf }
}

function ascending({ bins }: Sketch): [number, number][] {
  return Object.entries(bins)
    .map(([bin, number]): [number, number] => [Number(bin), number])
    .sort(([a], [b]) => a - b)
}

function middle(bin: number): number {
  words[1 - HIGH] = 0
  words[HIGH] = (bin << SHIFT) | (1 << (SHIFT - 1))
  return bin === 0 ? 0 : (double[0] as number)
}
