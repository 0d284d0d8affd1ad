/** Numbers are short, in units that people know, and no more exact than they are. */
import { expect, test } from 'vitest'
import type { Unit } from '../../../simulations/report/catalogue.ts'
import { shown, shownWithin, span } from '../../../simulations/report/numbers.ts'

test.each<[number, Unit, string]>([
  [0, 'count', '0'],
  [12, 'count', '12'],
  [1_234_567, 'count', '1\u202f234\u202f567'],
  [41.23, 'count', '41.2'],
  [1e18, 'count', '1.00e+18'],
  [0.000_412, 'ratio', '0.000412'],
  [-0.000_000_01, 'ratio', '0.000000'],
  [-2.5, 'ratio', '−2.50'],
  [0.9921, 'share', '99.2 %'],
  [84, 'ms', '84 ms'],
  [3_240, 'ms', '3.24 s'],
  [119_000, 'ms', '119 s'],
  [150_000, 'ms', '2.50 min'],
  [7_200_000, 'ms', '2 h'],
  [259_200_000, 'ms', '3 d'],
  [812, 'bytes/s', '812 B/s'],
  [1_500_000, 'bytes/s', '1.50 MB/s'],
  [38, 'per hour', '38 /h'],
])('%d %s is %s', (value, unit, text) => {
  expect(shown(value, unit)).toBe(text)
})

test.each<[number, number, Unit, string]>([
  [1_234, 56, 'ms', '1.234 ± 0.056 s'],
  [0.9921, 0.0123, 'share', '99.2 ± 1.2 %'],
  [3, 0, 'count', '3 ± 0'],
  [0, 250, 'ms', '0 ± 250 ms'],
  [4_518, 37_144, 'ratio', '4\u202f518 ± 37\u202f144'],
  [12.3456, Number.POSITIVE_INFINITY, 'rounds', '12.3'],
])('%d ± %d %s is %s', (mean, half, unit, text) => {
  expect(shownWithin({ mean, half, count: 3 }, unit)).toBe(text)
})

test.each([
  [0, '0 ms'],
  [250, '250 ms'],
  [90_000, '1.5 min'],
  [5_400_000, '1.5 h'],
  [172_800_000, '2 d'],
])('a span of %d ms is %s', (millis, text) => {
  expect(span(millis)).toBe(text)
})
