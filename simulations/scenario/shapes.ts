/**
 * Distributions and latencies as text: `weibull:shape=0.5,mean=10000s`, `constant:150ms`, `king`. A kind has the fields
 * that its type has, each once and all of them; a kind with a single value has it without a name.
 */
import type { Shape } from '../chance/distributions.ts'
import { type Codec, number, span } from './codec.ts'
import type { Latency } from './scenario.ts'

/** What has a kind, and fields that are numbers. */
type Form = { [Kind in string]: Readonly<Record<string, Codec<number>>> }

/** Sessions and absences: a second to ten years. Shorter ones would be nothing but arrivals. */
const DURATION = span({ from: 1, to: 315_360_000 }, 's')
/** Outside of this a mean is made of sessions that never come up in a run. */
const FACTOR = number({ from: 0.1, to: 10 })

/** `empirical` is not among them: what was observed comes from a trace. */
const SHAPES = {
  constant: { value: DURATION },
  exponential: { mean: DURATION },
  weibull: { shape: FACTOR, mean: DURATION },
  // Without its mean, which it has only above 1, no arrival rate could keep a population.
  pareto: { shape: number({ from: 1, to: 10, above: true }), mean: DURATION },
  lognormal: { median: DURATION, sigma: number({ from: 0, to: 5, above: true }) },
} as const satisfies Form

/** Round trips; beyond ten seconds peers take each other for dead, and nothing else would be seen. */
const TRIP = span({ from: 0, to: 10 }, 's')

const LATENCIES = {
  king: {},
  constant: { value: TRIP },
  coordinates: { width: TRIP, height: TRIP },
} as const satisfies Form

/** A session's length, or an absence's. */
export const shape: Codec<Exclude<Shape, { kind: 'empirical' }>> = form('SHAPE', SHAPES)

export const latency: Codec<Latency> = form(
  'king|constant:SPAN|coordinates:width=SPAN,height=SPAN',
  LATENCIES,
)

/** A codec for a union of kinds. The caller's type says the same as `kinds`, which the compiler cannot see. */
function form<T extends { kind: string }>(takes: string, kinds: Form): Codec<T> {
  const examples = Object.entries(kinds).map(([kind, fields]) => {
    const named = Object.entries(fields).map(([name, codec]) =>
      name === 'value' ? codec.takes : `${name}=${codec.takes}`,
    )
    return named.length === 0 ? kind : `${kind}:${named.join(',')}`
  })
  return {
    takes,
    allowed: `one of ${examples.join(', ')} (${limits(kinds)})`,
    read(text) {
      const colon = text.indexOf(':')
      const kind = colon < 0 ? text : text.slice(0, colon)
      const fields = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
      if (fields === undefined) return undefined
      const values = readFields(fields, colon < 0 ? [] : text.slice(colon + 1).split(','))
      return values && ({ kind, ...values } as unknown as T)
    },
    write(value) {
      const fields = Object.entries(kinds[value.kind] ?? {}).map(([name, codec]) => {
        const text = codec.write((value as unknown as Record<string, number>)[name] as number)
        return name === 'value' ? text : `${name}=${text}`
      })
      return fields.length === 0 ? value.kind : `${value.kind}:${fields.join(',')}`
    },
  }
}

function readFields(
  fields: Readonly<Record<string, Codec<number>>>,
  parts: readonly string[],
): Record<string, number> | undefined {
  const read: Record<string, number> = {}
  for (const part of parts) {
    const equals = part.indexOf('=')
    const name = equals < 0 ? 'value' : part.slice(0, equals)
    const value = Object.hasOwn(fields, name) ? fields[name]?.read(part.slice(equals + 1)) : undefined
    if (value === undefined || name in read) return undefined
    read[name] = value
  }
  if (Object.keys(read).length !== Object.keys(fields).length) return undefined
  // In the order of the table, so that two ways to write a scenario make one scenario.
  return Object.fromEntries(Object.keys(fields).map((name) => [name, read[name] as number]))
}

/** What the fields of all kinds may be. */
function limits(kinds: Form): string {
  const said = new Set<string>()
  for (const [kind, fields] of Object.entries(kinds)) {
    for (const [name, { takes, allowed }] of Object.entries(fields)) {
      said.add(takes === 'SPAN' ? `SPAN: ${allowed}` : `${name} of ${kind}: ${allowed}`)
    }
  }
  return [...said].join('; ')
}
