/** The difference of two means is as by hand, and its interval is right 95 times of 100. */
import { describe, expect, it } from 'vitest'
import { Random } from '../../../simulations/random.ts'
import { difference } from '../../../simulations/report/interval.ts'

describe('the difference of two means', () => {
  it('is as by hand', () => {
    // Variances 1 of 3 and 20/3 of 4: 1/3 + 5/3 = 2, with 4 / (1/18 + 25/27) = 4.08 degrees of freedom, so 4.
    expect(difference([1, 2, 3], [4, 6, 8, 10])).toEqual({
      mean: 5,
      half: expect.closeTo(2.776 * Math.SQRT2, 6),
      count: 3,
    })
    expect(difference([4, 6, 8, 10], [1, 2, 3])?.mean).toBe(-5)
  })

  it('has the degrees of freedom of both where they are equally far apart', () => {
    // Variances 1 and 1 of 3 each: 2/3, with 4 degrees of freedom exactly.
    expect(difference([1, 2, 3], [1, 2, 3])?.half).toBeCloseTo(2.776 * Math.sqrt(2 / 3), 6)
  })

  it('is certain where nothing varies, and unknown where one is alone', () => {
    expect(difference([3, 3], [5, 5, 5])).toEqual({ mean: 2, half: 0, count: 2 })
    expect(difference([3], [5, 6])).toEqual({ mean: 2.5, half: Number.POSITIVE_INFINITY, count: 1 })
    expect(difference([], [5, 6])).toBeUndefined()
  })

  it('holds the true one in about 95 of 100 cases, of unequal samples', () => {
    const random = new Random(7)
    const normal = () => Array.from({ length: 12 }, random.unit).reduce((sum, unit) => sum + unit, -6)
    const rounds = 5_000
    let held = 0
    for (let round = 0; round < rounds; round++) {
      const from = Array.from({ length: 5 }, normal)
      const to = Array.from({ length: 8 }, () => 2 + 3 * normal())
      const found = difference(from, to)
      if (found !== undefined && Math.abs(found.mean - 2) <= found.half) held += 1
    }
    expect(held / rounds).toBeGreaterThan(0.94)
    expect(held / rounds).toBeLessThan(0.97)
  })
})
