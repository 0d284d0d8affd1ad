/** Numbers and spans as a page says them. */
import type { Unit } from '../catalogue.ts'
import type { Interval } from '../interval.ts'
import { scaleOf, write } from '../scale.ts'

/** For axes and counts: three digits, with a thin space between thousands. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 100) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u2009')
  return size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
}

/** A figure in one scale with how exact it is, which is `undefined` of a single run. */
export function scaled({ mean, half }: Interval, unit: Unit): { mean: string; half: string | undefined } {
  const scale = scaleOf(unit, [mean], half)
  const written = (figure: number) => `${write(figure, scale)} ${scale.unit}`.trim()
  return { mean: written(mean), half: Number.isFinite(half) ? written(half) : undefined }
}

export function measured(of: Interval, unit: Unit): string {
  const { mean, half } = scaled(of, unit)
  return half === undefined ? mean : `${mean} ± ${half}`
}

/** Milliseconds from the beginning, as H:MM:SS. */
export function clock(millis: number): string {
  const seconds = Math.round(millis / 1_000)
  const two = (part: number) => String(part % 60).padStart(2, '0')
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`
}
