/** What charts have in common: letters, grids and axes whose ticks are round in the unit that is shown. */
import type { Unit } from '../catalogue.ts'
import { colours } from './colours.ts'

export const FONT = 13

export const letters = { color: colours.soft, fontSize: FONT, fontFamily: 'system-ui,sans-serif' } as const

/** A unit to show numbers in: what is drawn is divided by `size`. */
export interface Measure {
  size: number
  name: string
}

const TIMES: readonly Measure[] = [
  { size: 86_400_000, name: 'days' },
  { size: 3_600_000, name: 'hours' },
  { size: 60_000, name: 'minutes' },
  { size: 1_000, name: 'seconds' },
  { size: 1, name: 'milliseconds' },
]
const RATES: readonly Measure[] = [
  { size: 1e6, name: 'MB/s' },
  { size: 1e3, name: 'kB/s' },
  { size: 1, name: 'B/s' },
]
/** So many of a unit are enough to use it. */
const ENOUGH = 3

export function measureOf(most: number, unit: Unit): Measure {
  const choice = unit === 'ms' ? TIMES : unit === 'bytes/s' ? RATES : []
  const measure = choice.find(({ size }) => most >= ENOUGH * size) ?? choice.at(-1)
  return measure ?? (unit === 'share' ? { size: 0.01, name: '%' } : { size: 1, name: '' })
}

const POWERS: Readonly<Partial<Record<Unit, readonly Measure[]>>> = {
  ms: [
    { size: 1_000, name: 's' },
    { size: 1, name: 'ms' },
  ],
  'bytes/s': RATES,
}

/** A power of ten at a logarithmic axis, with its unit, as these reach from milliseconds to minutes. */
export function tick(value: number, unit: Unit): string {
  const powers = POWERS[unit] ?? []
  const { size, name } = powers.find((power) => value >= power.size) ?? powers.at(-1) ?? { size: 1, name: '' }
  return `${Number((value / size).toPrecision(3)).toLocaleString('en')} ${name}`.trimEnd()
}

export function axis(name: string, more: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: letters,
    axisLabel: { ...letters, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: colours.soft } },
    axisTick: { show: false },
    splitLine: { show: false },
    splitNumber: 4,
    ...more,
  }
}

/** The axis that goes up, with its name above it. */
export function upright(name: string, more: Readonly<Record<string, unknown>> = {}) {
  return axis(name, {
    nameLocation: 'end',
    nameGap: 10,
    nameTextStyle: { ...letters, align: 'left', padding: [0, 0, 0, -44] },
    axisLine: { show: false },
    splitLine: { show: true, lineStyle: { color: colours.grid, width: 1 } },
    ...more,
  })
}

/** Room for ticks at the left and below, and for names and marks above. */
export const grid = { left: 54, right: 16, top: 34, bottom: 46 } as const
