/** Figures as people write them. */
import { expect, it } from 'vitest'
import type { Unit } from '../../../simulations/report/catalogue.ts'
import { alike, scaleOf, span, write } from '../../../simulations/report/scale.ts'

it.each<[Unit, number, string]>([
  ['ms', 0, '0 ms'],
  ['ms', 0.25, '0.250 ms'],
  ['ms', 850, '850 ms'],
  ['ms', 1_000, '1.00 s'],
  ['ms', 30_000, '30.0 s'],
  ['ms', 120_000, '2.00 min'],
  ['ms', 7_200_000, '2.00 h'],
  ['bytes/s', 999, '999 B/s'],
  ['bytes/s', 1_234, '1.23 kB/s'],
  ['bytes/s', 45_600_000, '45.6 MB/s'],
  ['count', 1_234_567, '1,234,567'],
  ['count', 12_345_678, '12.3 million'],
  ['count', 3.4, '3.40'],
  ['ratio', 0.5, '0.500'],
  ['ratio', 107_273_487, '107 ×10⁶'],
  ['ratio', 0.00012, '120 ×10⁻⁶'],
  ['ratio', 3e-12, '3.00 ×10⁻¹²'],
  ['share', 1, '100 %'],
  ['share', 0, '0 %'],
  ['share', 0.5, '50.0 %'],
  ['share', 0.9998, '99.980 %'],
  ['share', 0.00042, '0.042 %'],
  ['per hour', 31.25, '31.3 per hour'],
  ['rounds', 2.345, '2.35 rounds'],
])('writes %s %d as %s', (unit, figure, text) => {
  const scale = scaleOf(unit, [figure])
  expect(`${write(figure, scale)} ${scale.unit}`.trim()).toBe(text)
})

it('writes those that stand side by side in the unit of the greatest', () => {
  const scale = scaleOf('ms', [1_500, 20])
  expect([write(1_500, scale), write(20, scale), write(-1_480, scale), scale.unit]).toEqual([
    ...['1.50', '0.02', '−1.48', 's'],
  ])
  expect(write(-0.001, scale)).toBe('0.00')
})

it('shows of how exact a figure is at least the first digit', () => {
  const scale = scaleOf('ms', [12_345.6], 12)
  expect([write(12_345.6, scale), write(12, scale)]).toEqual(['12.35', '0.01'])
  expect(scaleOf('ms', [12_345.6], Number.POSITIVE_INFINITY).digits).toBe(1)
  expect(scaleOf('count', [3], 4.969).digits).toBe(0)
})

it('takes for one what differs by rounding', () => {
  expect(alike(0.1 + 0.2, 0.3, 0.3)).toBe(true)
  expect(alike(0.3001, 0.3, 0.3)).toBe(false)
  expect(alike(0, 0, 0)).toBe(true)
})

it('writes spans', () => {
  expect([0, 400, 90_000, 5_400_000, 86_400_000].map(span)).toEqual([
    ...['0 ms', '400 ms', '90.0 s', '90.0 min', '24.0 h'],
  ])
})
