/**
 * How a value of a scenario is written on the command line, and read again: numbers, shares, spans, words. What a codec
 * writes it reads as the same value, to the last bit, and there is no shorter way to write it.
 */

export interface Codec<T> {
  /** In place of the value in a help text: `SPAN`. */
  readonly takes: string
  /** What is allowed, to end a sentence that begins with "must be". */
  readonly allowed: string
  /** `undefined` for what is not allowed. */
  read(text: string): T | undefined
  write(value: T): string
}

export interface Range {
  /** The least and the greatest that are allowed. */
  from: number
  to: number
  /** Whether `from` itself is not. */
  above?: boolean
  whole?: boolean
}

/** Digits as people and `String` write them: no sign, no hexadecimal, no empty text, which `Number` all take. */
const NUMBER = /^\d+(\.\d+)?(e[+-]?\d+)?$/

export function readNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined
}

export function number(range: Range): Codec<number> {
  const { from, to, whole = false, above = false } = range
  const kind = whole ? 'a whole number' : 'a number'
  const least = above ? `above ${plain(from)} up to` : `from ${plain(from)} to`
  return {
    takes: 'N',
    allowed: `${kind} ${least} ${plain(to)}`,
    read: (text) => within(readNumber(text), range),
    write: String,
  }
}

export const share: Codec<number> = { ...number({ from: 0, to: 1 }), takes: 'SHARE' }

/** Milliseconds of each unit, in the order in which one of two equally short ways to write a span is taken. */
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

type Unit = keyof typeof UNITS

const SPAN = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)(ms|s|m|h|d)$/

/**
 * A span with its unit, such as `90s`.
 * @param base what the value counts in: milliseconds, or seconds
 */
export function span(range: Range, base: 'ms' | 's' = 'ms'): Codec<number> {
  const { from, to, above = false } = range
  const write = (value: number) => writeSpan(value, base)
  return {
    takes: 'SPAN',
    allowed: `a span ${above ? `above ${write(from)} up to` : `from ${write(from)} to`} ${write(to)}, such as 500ms, 30s, 10m, 2h or 1d`,
    read: (text) => within(readSpan(text, base), range),
    write,
  }
}

export function words<const Word extends string>(...allowed: readonly Word[]): Codec<Word> {
  return {
    takes: allowed.join('|'),
    allowed: `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`,
    read: (text) => allowed.find((word) => word === text),
    write: (word) => word,
  }
}

function readSpan(text: string, base: Unit): number | undefined {
  const [, digits, unit] = SPAN.exec(text) ?? []
  if (digits === undefined) return undefined
  const [factor, divisor] = [UNITS[unit as Unit], UNITS[base]]
  // One exact operation, or a span would not come back as it was written.
  return factor >= divisor ? Number(digits) * (factor / divisor) : Number(digits) / (divisor / factor)
}

function writeSpan(value: number, base: Unit): string {
  const ways = Object.entries(UNITS)
    .map(([unit, factor]) => `${value / (factor / UNITS[base])}${unit}`)
    .filter((text) => readSpan(text, base) === value)
  return ways.reduce((best, text) => (text.length < best.length ? text : best))
}

function within(value: number | undefined, { from, to, above, whole }: Range): number | undefined {
  if (value === undefined || !(value >= from && value <= to)) return undefined
  if ((above && value === from) || (whole && !Number.isSafeInteger(value))) return undefined
  return value
}

/** Digits in groups, so that a limit can be read. */
function plain(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 6 })
}
