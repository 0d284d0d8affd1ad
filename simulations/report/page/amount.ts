/** Figures with their units, as a page writes them. */
import type { Unit } from '../catalogue.ts'
import type { Interval } from '../interval.ts'
import { scaleOf, write } from '../scale.ts'

export function shown(value: number, unit: Unit): string {
  const scale = scaleOf(unit, [value])
  return joined(write(value, scale), scale.unit)
}

/** `mean ± half`, both in the unit and with the digits of the two; the mean alone if nothing is known of the half. */
export function shownWithin({ mean, half }: Interval, unit: Unit): string {
  const scale = scaleOf(unit, [mean], half)
  const exact = Number.isFinite(half) ? ` ± ${write(half, scale)}` : ''
  return joined(`${write(mean, scale)}${exact}`, scale.unit)
}

/** The half alone, beside a mean that is written by itself. */
export function shownHalf({ mean, half }: Interval, unit: Unit): string {
  const scale = scaleOf(unit, [mean], half)
  return joined(`± ${write(half, scale)}`, scale.unit)
}

/** A time or a span that was set by hand, with nothing rounded away: `90 s` is 1.5 min, an hour is 1 h. */
export function span(millis: number): string {
  const [size, name] = SPANS.find(([from]) => millis >= from) ?? SPANS[SPANS.length - 1] ?? [1, 'ms']
  return `${Number((millis / size).toFixed(2))} ${name}`
}

const SPANS: readonly [size: number, name: string][] = [
  [86_400_000, 'days'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
  [1, 'ms'],
]

function joined(number: string, name: string): string {
  return name === '' ? number : `${number} ${name}`
}
