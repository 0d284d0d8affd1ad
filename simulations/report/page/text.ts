/** Numbers and spans as a page says them. */
import type { Unit } from '../catalogue.ts'
import type { Interval } from '../interval.ts'

/** Three digits, with a thin space between thousands. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size >= 100) return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u2009')
  return size < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3)))
}

export function amount(value: number, unit: Unit): string {
  if (unit === 'ms') return value < 1_000 ? `${number(value)} ms` : span(value)
  if (unit === 'share') return `${number(100 * value)} %`
  if (unit === 'bytes/s') return value < 1_000 ? `${number(value)} B/s` : `${number(value / 1_000)} kB/s`
  if (unit === 'per hour') return `${number(value)} / h`
  return number(value)
}

/** The mean, and how far the true one may be from it if more than one run says so. */
export function measured({ mean, half }: Interval, unit: Unit): string {
  return Number.isFinite(half) ? `${amount(mean, unit)} ± ${amount(half, unit)}` : amount(mean, unit)
}

/** Milliseconds in the unit that suits them. */
export function span(millis: number): string {
  if (millis < 60_000) return `${number(millis / 1_000)} s`
  if (millis < 7_200_000) return `${number(millis / 60_000)} min`
  return `${number(millis / 3_600_000)} h`
}

/** Milliseconds from the beginning, as H:MM:SS. */
export function clock(millis: number): string {
  const seconds = Math.round(millis / 1_000)
  const two = (part: number) => String(part % 60).padStart(2, '0')
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60))}:${two(seconds)}`
}
