/** A sketch says of a sample what the sample itself would, to a per cent. */
import { describe, expect, test } from 'vitest'
import { add, merged, quantile, sketch, spreadOf } from '../../../simulations/churn/sketch.ts'
import { Random } from '../../../simulations/random.ts'

describe('a sketch', () => {
  const random = new Random(5)
  const values = Array.from({ length: 20_000 }, () => random.unit() ** 3 * 10_000)
  const sorted = [...values].sort((a, b) => a - b)
  const [one, other] = [sketch(), sketch()]
  for (const [at, value] of values.entries()) add(at % 3 === 0 ? one : other, value)
  const both = merged([one, other])

  test('has mean, count and greatest exactly', () => {
    const spread = spreadOf(both)
    expect(spread?.count).toBe(values.length)
    expect(spread?.max).toBe(sorted.at(-1))
    expect(spread?.mean).toBeCloseTo(values.reduce((sum, each) => sum + each, 0) / values.length, 6)
  })

  test.each([0.01, 0.25, 0.5, 0.95, 0.999])('has the quantile at %d to a per cent', (share) => {
    const true_ = sorted[Math.ceil(share * sorted.length) - 1] as number
    expect(Math.abs((quantile(both, share) ?? 0) / true_ - 1)).toBeLessThan(0.012)
  })

  test('has a curve that rises to one, of no more than 101 points', () => {
    const { cdf } = spreadOf(both) ?? { cdf: [] }
    expect(cdf.length).toBeLessThanOrEqual(101)
    expect(cdf.at(-1)?.[1]).toBe(1)
    for (const [at, [value, share]] of cdf.slice(1).entries()) {
      expect(value).toBeGreaterThanOrEqual(cdf[at]?.[0] ?? Number.POSITIVE_INFINITY)
      expect(share).toBeGreaterThan(cdf[at]?.[1] ?? Number.POSITIVE_INFINITY)
    }
  })

  test('of nothing is nothing, and zeros are zeros', () => {
    expect(spreadOf(sketch())).toBeUndefined()
    const zeros = sketch()
    add(zeros, 0)
    expect(quantile(zeros, 0.5)).toBe(0)
  })
})
