/**
 * A scale: the unit in which figures that stand side by side are written for people, and how many digits of them say
 * something. Half a minute is 30.0 s and not 30,000 ms.
 */
import type { Unit } from './catalogue.ts'

export interface Scale {
  /** Figures are divided by it. */
  divisor: number
  /** Behind the decimal point. */
  digits: number
  /** `''` if there is none. */
  unit: string
}

/** From the greatest figure on that each is for; the last is for all that are less. */
type Steps = readonly [from: number, divisor: number, unit: string][]

const STEPS: Record<Unit, Steps> = {
  count: [
    [1e7, 1e6, 'million'],
    [0, 1, ''],
  ],
  share: [[0, 0.01, '%']],
  ratio: [
    [1e11, 1e12, '×10¹²'],
    [1e5, 1e6, '×10⁶'],
    [1e-3, 1, ''],
    [1e-9, 1e-6, '×10⁻⁶'],
    [0, 1e-12, '×10⁻¹²'],
  ],
  ms: [
    [7_200_000, 3_600_000, 'h'],
    [120_000, 60_000, 'min'],
    [1_000, 1_000, 's'],
    [0, 1, 'ms'],
  ],
  'bytes/s': [
    [1e6, 1e6, 'MB/s'],
    [1e3, 1e3, 'kB/s'],
    [0, 1, 'B/s'],
  ],
  'per hour': [[0, 1, 'per hour']],
  rounds: [[0, 1, 'rounds']],
}

/** Behind the decimal point at most. */
const MOST_DIGITS = 6
/** Sums in another order differ by less than that, of their size. */
const ROUNDING = 1e-9

/**
 * @param figures the greatest of them has three digits that count; that of a share which is next to 0 or 1 has two that
 *   tell it from these
 * @param half how exact they are, if that is known: its first digit is still shown
 */
export function scaleOf(unit: Unit, figures: readonly number[], half = Number.POSITIVE_INFINITY): Scale {
  const size = Math.max(...figures.map(Math.abs))
  // Nought is nought in any unit: it has that in which 1 is written.
  const [, divisor, written] = STEPS[unit].find(([from]) => (size || 1) >= from) ?? [0, 1, '']
  const exact = Number.isFinite(half) && !alike(half, 0, size) ? digitsOf(half / divisor, 1) : 0
  const telling =
    unit === 'share'
      ? Math.max(...figures.map((figure) => shareDigits(Math.abs(figure / divisor))))
      : digitsOf(size / divisor, 3)
  // Whole numbers are exact as they are.
  const whole = unit === 'count' && divisor === 1 && figures.every(Number.isInteger)
  return { divisor, unit: written, digits: Math.min(MOST_DIGITS, Math.max(exact, whole ? 0 : telling)) }
}

export function write(figure: number, { divisor, digits }: Scale): string {
  const text = Math.abs(figure / divisor).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return figure < 0 && /[1-9]/.test(text) ? `−${text}` : text
}

/** Whether two figures are one but for rounding. @param size of what they were made from */
export function alike(a: number, b: number, size: number): boolean {
  return Math.abs(a - b) <= size * ROUNDING
}

/** A span in milliseconds, by itself. */
export function span(millis: number): string {
  const scale = scaleOf('ms', [millis])
  return `${write(millis, scale)} ${scale.unit}`
}

/** Behind the point, so that so many digits that are not leading noughts are seen. */
function digitsOf(figure: number, significant: number): number {
  return figure === 0 ? 0 : Math.max(0, significant - 1 - Math.floor(Math.log10(figure)))
}

/** 99.98 % and 0.02 % have as many. */
function shareDigits(percent: number): number {
  const nearest = Math.min(percent, Math.abs(100 - percent))
  return nearest === 0 ? 0 : Math.max(1, digitsOf(nearest, 2))
}
