/** Against cases that were reckoned by hand, and against distributions whose mean is known. */
import { describe, expect, it } from 'vitest'
import { drawNormal } from '../../../simulations/chance/distributions.ts'
import { Random } from '../../../simulations/random.ts'
import { difference, type Interval, interval, shareInterval } from '../../../simulations/report/interval.ts'

describe('the interval of a mean', () => {
  it('is as by hand', () => {
    // Deviation √2.5, over √5, times 2.776.
    expect(interval([1, 2, 3, 4, 5])).toEqual({ mean: 3, half: expect.closeTo(1.963, 3), count: 5 })
    expect(interval([4, 4, 4])).toEqual({ mean: 4, half: 0, count: 3 })
    expect(interval([7])).toEqual({ mean: 7, half: Number.POSITIVE_INFINITY, count: 1 })
    expect(interval([])).toBeUndefined()
    expect(interval([Number.NaN, 1, 3])).toMatchObject({ mean: 2, count: 2 })
  })

  it.each([2, 5, 20, 60])('holds the true mean in 95 of 100 cases, of %i runs each', (runs) => {
    const random = new Random(runs)
    const rounds = 20_000
    let held = 0
    for (let round = 0; round < rounds; round++) {
      const { mean, half } = interval(Array.from({ length: runs }, () => 10 + 3 * drawNormal(random))) as {
        mean: number
        half: number
      }
      if (Math.abs(mean - 10) <= half) held += 1
    }
    // Five deviations of such a count.
    expect(Math.abs(held / rounds - 0.95)).toBeLessThan(5 * Math.sqrt((0.95 * 0.05) / rounds))
  })
})

describe('the interval of a difference', () => {
  const of = (...figures: number[]) => interval(figures) as Interval

  it('is as by hand', () => {
    // 11 and 5.5: the root of 4/3 + 50/12; 4.53 degrees of freedom, of which the quantile is 2.653.
    expect(difference(of(10, 12, 14), of(20, 21, 22, 29))).toEqual({
      mean: 11,
      half: expect.closeTo(6.22, 1),
    })
    // The root of 0.5 + 2; 5.88 degrees of freedom, 2.459.
    expect(difference(of(2, 4, 6, 8, 10), of(1, 2, 3, 4, 5))).toEqual({
      mean: -3,
      half: expect.closeTo(3.888, 2),
    })
  })

  it('is nothing where nothing varies, and without an end where one run is all there is', () => {
    expect(difference(of(2, 2), of(5, 5, 5))).toEqual({ mean: 3, half: 0 })
    expect(difference(of(1, 3), of(5))).toEqual({ mean: 3, half: Number.POSITIVE_INFINITY })
    // The degrees of freedom are those of the one that varies.
    expect(difference(of(2, 2), of(1, 2, 3, 4, 5)).half).toBeCloseTo(of(1, 2, 3, 4, 5).half, 9)
  })

  it.each([
    [2, 2],
    [3, 10],
    [5, 5],
    [40, 8],
  ])('holds the true one in about 95 of 100 cases, of %i and %i runs', (few, many) => {
    const random = new Random(few)
    const rounds = 10_000
    const drawn = (count: number, mean: number, deviation: number) =>
      of(...Array.from({ length: count }, () => mean + deviation * drawNormal(random)))
    let held = 0
    for (let round = 0; round < rounds; round++) {
      const { mean, half } = difference(drawn(few, 10, 3), drawn(many, 12, 1))
      if (Math.abs(mean - 2) <= half) held += 1
    }
    // The test's own error: 93 of 100 where few runs vary more than many, 97 where there are two of each.
    expect(held / rounds).toBeGreaterThan(0.925)
    expect(held / rounds).toBeLessThan(0.985)
  })
})

describe('the interval of a share', () => {
  it('is as by hand', () => {
    // 10 of 100: (0.1192 ± 0.0611) / 1.0384.
    expect(shareInterval(10, 100)).toEqual({
      low: expect.closeTo(0.0552, 4),
      high: expect.closeTo(0.1744, 4),
    })
    // Of none in 100 less than 3.7 % can be said.
    expect(shareInterval(0, 100)).toEqual({ low: 0, high: expect.closeTo(0.037, 3) })
    expect(shareInterval(0, 0)).toBeUndefined()
  })

  it.each([
    [0.5, 40],
    [0.02, 400],
  ])('holds a true share of %d in about 95 of 100 cases, of %i events each', (share, events) => {
    const random = new Random(events)
    const rounds = 5_000
    let held = 0
    for (let round = 0; round < rounds; round++) {
      let hits = 0
      for (let event = 0; event < events; event++) if (random.chance(share)) hits += 1
      const { low, high } = shareInterval(hits, events) as { low: number; high: number }
      if (low <= share && share <= high) held += 1
    }
    expect(held / rounds).toBeGreaterThan(0.93)
    expect(held / rounds).toBeLessThan(0.98)
  })
})
