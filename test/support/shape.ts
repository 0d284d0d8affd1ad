/**
 * What a schema allows, in a form that can be printed, generated from and checked: the few kinds of value that
 * messages are made of. A schema of any other kind throws, so that nothing goes on the wire unlisted.
 */
import * as fc from 'fast-check'

export type Shape =
  | { kind: 'text'; min: number; max: number; pattern?: RegExp }
  | { kind: 'integer'; min: number; max: number }
  | { kind: 'flag' }
  | { kind: 'bytes'; min: number; max: number }
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'list'; min: number; max: number; of: Shape }
  | { kind: 'fields'; fields: readonly Field[] }

export interface Field {
  name: string
  optional: boolean
  shape: Shape
}

/** The parts of a valibot schema that are read here. */
interface Part {
  type: string
  pipe?: readonly Part[]
  requirement?: unknown
  entries?: Record<string, Part>
  item?: Part
  wrapped?: Part
  options?: readonly string[]
  class?: unknown
}

/** @throws Error for a schema of a kind that is not in the list above. */
export function shapeOf(schema: unknown): Shape {
  const [base, ...rules] = flat(schema as Part)
  const rule = (type: string) => rules.find((each) => each.type === type)?.requirement
  const bound = (type: string, fallback: number) => Number(rule(type) ?? fallback)
  const length = { min: bound('min_length', 0), max: bound('max_length', Number.POSITIVE_INFINITY) }
  switch (base.type) {
    case 'string': {
      const pattern = rule('regex')
      return pattern instanceof RegExp ? { kind: 'text', ...length, pattern } : { kind: 'text', ...length }
    }
    case 'number':
      if (rules.every((each) => each.type !== 'safe_integer')) break
      return {
        kind: 'integer',
        min: bound('min_value', Number.MIN_SAFE_INTEGER),
        max: bound('max_value', Number.MAX_SAFE_INTEGER),
      }
    case 'boolean':
      return { kind: 'flag' }
    case 'picklist':
      return { kind: 'choice', options: base.options ?? [] }
    case 'instance':
      if (base.class !== Uint8Array) break
      return { kind: 'bytes', ...length }
    case 'array':
      return { kind: 'list', ...length, of: shapeOf(base.item) }
    case 'object':
      return {
        kind: 'fields',
        fields: Object.entries(base.entries ?? {}).map(([name, entry]) => ({
          name,
          optional: entry.type === 'optional',
          shape: shapeOf(entry.type === 'optional' ? entry.wrapped : entry),
        })),
      }
  }
  throw new Error(`no shape for a schema of type ${base.type}`)
}

/** A schema and the rules piped after it; the first of a pipe may be a pipe. */
function flat(part: Part): [Part, ...Part[]] {
  const [first, ...rules] = part.pipe ?? []
  return first === undefined ? [part] : [...flat(first), ...rules]
}

/** Values of `shape`: of any length it allows, though long ones are rare and few. */
export function valuesOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'text':
      return shape.pattern
        ? fc.stringMatching(shape.pattern)
        : // Well-formed text: UTF-8 has no lone surrogates. `maxLength` counts code points, the schema UTF-16.
          fc
            .string({ unit: 'binary', minLength: shape.min, maxLength: shape.max })
            .map((text) => text.slice(0, shape.max))
            .filter((text) => text.isWellFormed())
    case 'integer':
      return fc.integer({ min: shape.min, max: shape.max })
    case 'flag':
      return fc.boolean()
    case 'bytes':
      return fc.uint8Array({ minLength: shape.min, maxLength: shape.max })
    case 'choice':
      return fc.constantFrom(...shape.options)
    case 'list':
      return fc.array(valuesOf(shape.of), { minLength: shape.min, maxLength: shape.max })
    case 'fields':
      return fc.record(
        Object.fromEntries(shape.fields.map(({ name, shape: inner }) => [name, valuesOf(inner)])),
        { requiredKeys: shape.fields.filter(({ optional }) => !optional).map(({ name }) => name) },
      )
  }
}

/** `shape` in a few words, for a table. */
export function words(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return shape.pattern ? `text \`${shape.pattern.source}\`` : `text ${range(shape)}`
    case 'integer':
      return `integer ${range(shape)}`
    case 'flag':
      return 'true or false'
    case 'bytes':
      return `bytes ${range(shape)}`
    case 'choice':
      return shape.options.map((option) => `\`${option}\``).join(', ')
    case 'list':
      return `list ${range(shape)} of ${words(shape.of)}`
    case 'fields':
      return `{ ${shape.fields.map((field) => `${label(field)}: ${words(field.shape)}`).join('; ')} }`
  }
}

/** The name of a field, with a question mark when it may be left out. */
export function label({ name, optional }: Field): string {
  return optional ? `${name}?` : name
}

function range({ min, max }: { min: number; max: number }): string {
  return max >= Number.MAX_SAFE_INTEGER ? `≥ ${min}` : `${min}–${max}`
}
