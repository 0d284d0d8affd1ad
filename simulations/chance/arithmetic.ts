/**
 * Logarithm, exponential and what is made of them, the same to the last bit on every engine.
 *
 * ECMAScript leaves the digits of `Math.log`, `Math.exp` and `Math.pow` to the implementation (ECMA-262, 21.3.2); a
 * trace that hangs on them would be another one in the next version of V8. Addition, multiplication, division and
 * square root are exact (IEEE 754), so these are made of them alone, after FreeBSD's msun (`e_log.c`, `e_exp.c`: Sun
 * Microsystems, 1993), whose error is below one unit in the last place.
 */

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const INVERSE_LN2 = Math.LOG2E
const SQRT2 = Math.SQRT2
/** Minimax coefficients of `e_log.c`, Lg1 to Lg7. */
const LOG = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
] as const
/** The same of `e_exp.c`, P1 to P5. */
const EXP = [
  0.16666666666666602, -0.0027777777777015593, 0.00006613756321437934, -0.0000016533902205465252,
  4.1381367970572385e-8,
] as const
/** Lanczos's approximation with g = 7 and nine terms (P. Godfrey's coefficients); its error is below 1e-13. */
const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
] as const
const LANCZOS_G = 7

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
/** Where the word with the exponent is: on a big-endian machine it would be the first. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

/** The natural logarithm of a positive, normal, finite number. `-Infinity` for 0. */
export function ln(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY
  double[0] = x
  let exponent = ((words[HIGH] as number) >>> 20) - 1_023
  words[HIGH] = ((words[HIGH] as number) & 0x000fffff) | (1_023 << 20)
  let mantissa = double[0] as number
  if (mantissa > SQRT2) {
    mantissa /= 2
    exponent += 1
  }
  const f = mantissa - 1
  const s = f / (2 + f)
  const z = s * s
  let r = 0
  for (let at = LOG.length - 1; at >= 0; at--) r = z * ((LOG[at] as number) + r)
  const half = 0.5 * f * f
  return exponent * LN2_HIGH - (half - (s * (half + r) + exponent * LN2_LOW) - f)
}

/** e to the power of `x`. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY
  if (x < -745.1332191019411) return 0
  const k = Math.round(x * INVERSE_LN2)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  let c = 0
  for (let at = EXP.length - 1; at >= 0; at--) c = t * ((EXP[at] as number) + c)
  c = r - c
  const y = 1 - (low - (r * c) / (2 - c) - high)
  // In two steps, because 2 to the power of k may be no number where the product is one.
  const first = k >> 1
  return y * powerOfTwo(first) * powerOfTwo(k - first)
}

/** `base` to the power of `exponent`; `base` not negative. Its relative error grows to some 1e-13. */
export function power(base: number, exponent: number): number {
  if (base === 0) return exponent === 0 ? 1 : exponent > 0 ? 0 : Number.POSITIVE_INFINITY
  return exp(exponent * ln(base))
}

/** The gamma function of a number from 0.5 on: (n - 1)! for whole ones. */
export function gamma(x: number): number {
  let sum: number = LANCZOS[0]
  for (let at = 1; at < LANCZOS.length; at++) sum += (LANCZOS[at] as number) / (x - 1 + at)
  const t = x - 1 + LANCZOS_G + 0.5
  return Math.sqrt(2 * Math.PI) * power(t, x - 0.5) * exp(-t) * sum
}

function powerOfTwo(k: number): number {
  words[1 - HIGH] = 0
  words[HIGH] = (k + 1_023) << 20
  return double[0] as number
}
