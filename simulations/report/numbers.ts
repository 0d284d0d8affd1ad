/** Numbers as people read them: three digits, in the unit that keeps them short. */
import type { Unit } from './catalogue.ts'
import type { Interval } from './interval.ts'

interface Scale {
  /** Of the smallest magnitude for which it is used. */
  from: number
  /** What one of it is, in the catalogue's unit. */
  size: number
  name: string
}

const plain = { from: 0, size: 1, name: '' } as const

const SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  count: [plain],
  ratio: [plain],
  rounds: [plain],
  share: [{ from: 0, size: 0.01, name: '%' }],
  ms: [
    { from: 172_800_000, size: 86_400_000, name: 'd' },
    { from: 7_200_000, size: 3_600_000, name: 'h' },
    { from: 120_000, size: 60_000, name: 'min' },
    { from: 1_000, size: 1_000, name: 's' },
    { from: 0, size: 1, name: 'ms' },
  ],
  'bytes/s': [
    { from: 1e9, size: 1e9, name: 'GB/s' },
    { from: 1e6, size: 1e6, name: 'MB/s' },
    { from: 1e3, size: 1e3, name: 'kB/s' },
    { from: 0, size: 1, name: 'B/s' },
  ],
  'per hour': [{ from: 0, size: 1, name: '/h' }],
}

/** Beyond this a number says less with all its digits. */
const MANY = 1e15
/** Digits of a share of one that are shown at most. */
const FINEST = 6

export function shown(value: number, unit: Unit): string {
  const { size, name } = scaleOf(Math.abs(value), unit)
  return joined(digits(value / size, placesOf(value / size)), name)
}

/** `mean ± half`, both to the digit that the half makes sense of; the mean alone if nothing is known of the half. */
export function shownWithin({ mean, half }: Interval, unit: Unit): string {
  if (!Number.isFinite(half)) return shown(mean, unit)
  const { size, name } = scaleOf(Math.max(Math.abs(mean), half), unit)
  const places = half === 0 ? placesOf(mean / size) : Math.max(0, placesOf(half / size) - 1)
  return joined(`${digits(mean / size, places)} ± ${digits(half / size, places)}`, name)
}

/** A span of milliseconds in which nothing is rounded away that was set by hand: `90 s`, `1.5 h`. */
export function span(millis: number): string {
  const scales = SCALES.ms
  const { size, name } = scales.find((scale) => millis >= scale.size) ?? scaleOf(0, 'ms')
  return `${Number((millis / size).toFixed(2))} ${name}`
}

function scaleOf(magnitude: number, unit: Unit): Scale {
  return SCALES[unit].find(({ from }) => magnitude >= from) ?? plain
}

/** Places behind the point that make three digits; none for what is whole. */
function placesOf(value: number): number {
  if (Number.isInteger(value)) return 0
  const magnitude = Math.floor(Math.log10(Math.abs(value)))
  return Math.min(Math.max(2 - magnitude, 0), FINEST)
}

/** With a narrow space between thousands. */
function digits(value: number, places: number): string {
  if (Math.abs(value) >= MANY) return value.toExponential(2)
  const [whole = '', part] = Math.abs(value).toFixed(places).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f')
  const text = part === undefined ? grouped : `${grouped}.${part}`
  return value < 0 && Number(value.toFixed(places)) !== 0 ? `−${text}` : text
}

function joined(number: string, name: string): string {
  return name === '' ? number : `${number} ${name}`
}
