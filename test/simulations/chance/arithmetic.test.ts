/** Against `Math`, which is right to about a unit in the last place, and only not the same everywhere. */
import { expect, it } from 'vitest'
import { exp, gamma, ln, power } from '../../../simulations/chance/arithmetic.ts'
import { Random } from '../../../simulations/random.ts'

const random = new Random(7)
const ULP = 2.3e-16

it('has the logarithm of numbers of every size', () => {
  for (const x of [1, 2, Math.E, Math.SQRT2, 0.5, 1e-300, 1e300, 1 + 2 ** -52, 1 - 2 ** -53])
    expect(far(ln(x), Math.log(x))).toBeLessThan(2 * ULP)
  for (let round = 0; round < 20_000; round++) {
    const x = random.unit() * 10 ** (random.below(600) - 300)
    if (x > 1e-300) expect(far(ln(x), Math.log(x))).toBeLessThan(3 * ULP)
  }
  expect(ln(0)).toBe(Number.NEGATIVE_INFINITY)
})

it('has the exponential, up to where there are no numbers', () => {
  for (let round = 0; round < 20_000; round++) {
    const x = (random.unit() - 0.5) * 1_400
    expect(far(exp(x), Math.exp(x))).toBeLessThan(3 * ULP)
  }
  expect([exp(0), exp(710), exp(-746)]).toEqual([1, Number.POSITIVE_INFINITY, 0])
  expect(exp(-740)).toBeCloseTo(Math.exp(-740), 320)
})

it('has powers and the gamma function', () => {
  expect(far(power(3, 7), 2_187)).toBeLessThan(1e-13)
  expect(far(power(1e-9, 1 / 0.38), 1e-9 ** (1 / 0.38))).toBeLessThan(1e-13)
  expect([power(0, 2), power(0, 0), power(0, -1)]).toEqual([0, 1, Number.POSITIVE_INFINITY])
  const known: [number, number][] = [
    [0.5, Math.sqrt(Math.PI)],
    [1, 1],
    [1.5, Math.sqrt(Math.PI) / 2],
    [5, 24],
    [10, 362_880],
  ]
  for (const [x, value] of known) expect(far(gamma(x), value)).toBeLessThan(1e-12)
})

it('gives these very digits, on every engine', () => {
  let sum = 0
  const chance = new Random(1)
  for (let round = 0; round < 10_000; round++) sum = (sum * 31 + bitsOf(ln(chance.unit() + 2 ** -33))) >>> 0
  for (let round = 0; round < 10_000; round++) sum = (sum * 31 + bitsOf(exp(chance.unit() * 40 - 20))) >>> 0
  expect(sum).toMatchInlineSnapshot(`3292517232`)
})

function far(value: number, right: number): number {
  return Math.abs(value - right) / Math.max(Math.abs(right), Number.MIN_VALUE)
}

/** The low word of a double: where digits differ first. */
function bitsOf(value: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getUint32(4)
}
