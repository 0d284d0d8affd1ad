/**
 * Faults as text: `0.3@1h+5m` is a share of 0.3, at one hour, for five minutes. Which fault it is says the flag. A
 * scenario's faults stand in the order in which they happen, those of one moment in the order of this table.
 */
import { type Codec, number, share, span } from './codec.ts'
import type { Fault } from './scenario.ts'

type Field = 'share' | 'factor' | 'at' | 'span'

interface Kind {
  fields: readonly Field[]
  says: string
}

/** What each fault is; in a help text, and in this order where two happen at one moment. */
export const faults: Readonly<Record<Fault['type'], Kind>> = {
  kill: { fields: ['share', 'at'], says: 'a share of all crashes at one moment' },
  region: {
    fields: ['share', 'at'],
    says: 'the peers of a region, with such a share of all in it, crash at one moment',
  },
  partition: {
    fields: ['share', 'at', 'span'],
    says: 'a share of all cannot be reached by the rest, nor reach it, for a span',
  },
  freeze: {
    fields: ['share', 'at', 'span'],
    says: 'a share of all stands still for a span, as hidden tabs do',
  },
  'flash-crowd': {
    fields: ['factor', 'at', 'span'],
    says: 'so many times as many peers as there were come within a span',
  },
  exodus: {
    fields: ['share', 'at', 'span'],
    says: 'a share of all leaves within a span, gracefully or not by --ungraceful',
  },
  'bootstrap-down': { fields: ['at', 'span'], says: 'the bootstrap is dead for a span' },
  'day-night': {
    fields: ['share', 'at', 'span'],
    says: 'arrivals rise and fall by a share of their mean, the span is one period',
  },
}

/** Faults of a scenario; more are no scenario that a person could read. */
export const MAX_FAULTS = 64

/** A year, as the longest run. */
const MOMENT = span({ from: 0, to: 366 * 86_400_000 })

const FIELDS: Readonly<Record<Field, Codec<number>>> = {
  share,
  factor: { ...number({ from: 0, to: 10_000, above: true }), takes: 'FACTOR' },
  at: { ...MOMENT, takes: 'AT' },
  span: span({ from: 0, to: 366 * 86_400_000, above: true }),
}

/** What stands before a field, when another does. */
const MARKS: Readonly<Record<Field, string>> = { share: '', factor: '', at: '@', span: '+' }

/** One fault of a kind. */
export function faultCodec(type: Fault['type']): Codec<Fault> {
  const { fields } = faults[type]
  const takes = join(fields, (field) => FIELDS[field].takes)
  const pattern = new RegExp(
    `^${join(
      fields,
      () => '(.+?)',
      (mark) => `[${mark}]`,
    )}$`,
  )
  return {
    takes,
    allowed: `${takes} (${fields.map((field) => `${FIELDS[field].takes}: ${FIELDS[field].allowed}`).join('; ')})`,
    read(text) {
      const parts = pattern.exec(text)?.slice(1) ?? []
      const values = fields.map((field, at) => [field, FIELDS[field].read(parts[at] ?? '')] as const)
      if (values.some(([, value]) => value === undefined)) return undefined
      return { type, ...Object.fromEntries(values) } as unknown as Fault
    },
    write: (fault) =>
      join(fields, (field) => FIELDS[field].write((fault as unknown as Record<Field, number>)[field])),
  }
}

export function inOrder(unordered: readonly Fault[]): Fault[] {
  const rank = Object.keys(faults)
  return unordered.toSorted((a, b) => a.at - b.at || rank.indexOf(a.type) - rank.indexOf(b.type))
}

function join(
  fields: readonly Field[],
  write: (field: Field) => string,
  mark: (mark: string) => string = (plain) => plain,
): string {
  return fields.map((field, at) => (at === 0 ? '' : mark(MARKS[field])) + write(field)).join('')
}
