/** The bench's arithmetic, against cases worked by hand. */
import { describe, expect, test } from 'vitest'
import { percentile, ratio, summarise } from './statistics.ts'

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)

  test('is a value that was measured: the smallest that so many do not exceed', () => {
    expect(percentile(hundred, 50)).toBe(50)
    expect(percentile(hundred, 95)).toBe(95)
    expect(percentile(hundred, 100)).toBe(100)
    expect(percentile([10, 20, 30, 40, 50], 50)).toBe(30)
    // 95 % of 5 are 4.75, so five.
    expect(percentile([10, 20, 30, 40, 50], 95)).toBe(50)
    // Half of 4 are two.
    expect(percentile([10, 20, 30, 40], 50)).toBe(20)
    expect(percentile([7], 1)).toBe(7)
  })

  test('orders numbers as numbers, and leaves the samples as they were', () => {
    const samples = [100, 9, 20]
    expect(percentile(samples, 50)).toBe(20)
    expect(percentile(samples, 0)).toBe(9)
    expect(samples).toEqual([100, 9, 20])
  })

  test('of nothing is nothing', () => {
    expect(percentile([], 50)).toBeNull()
  })
})

test('a summary has the median, the 95th percentile and the number of samples', () => {
  expect(summarise([300.44, 100.06, 200.25])).toEqual({ p50: 200.3, p95: 300.4, samples: 3 })
  expect(summarise([])).toEqual({ p50: null, p95: null, samples: 0 })
})

test('a ratio is one of medians, so that a single slow round does not decide it', () => {
  expect(ratio([90, 100, 5000], [200, 300, 400])).toBe(0.33)
  expect(ratio([100], [])).toBeNull()
  expect(ratio([], [100])).toBeNull()
})
