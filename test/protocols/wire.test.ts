/** The door for bytes: first every family that goes through it, then what a hostile peer can put before it. */
import { encode as pack } from '@msgpack/msgpack'
import * as fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { door, MAX_DEPTH, MAX_ENTRIES, WireError } from '#protocols/wire/index'
import { type AnyMessage, families } from '../support/families.ts'
import { shapeOf, valuesOf } from '../support/shape.ts'
import { golden } from './golden.ts'

describe.each(families)('the $name family', ({ name, wire }) => {
  const types = Object.keys(wire.schemas)
  const messages = types.map((type) =>
    valuesOf(shapeOf(wire.schemas[type])).map((fields) => ({ type, ...(fields as object) }) as AnyMessage),
  )
  /** Values near every cap at once exceed `maxBytes`, which is a test of its own below. */
  const fits = (message: AnyMessage) => pack(message).byteLength <= wire.maxBytes

  test('names a protocol with a version', () => {
    expect(wire.protocol).toMatch(/^\/colonia\/[a-z-]+\/\d+$/)
  })

  test.each(types)('%s comes back as it went', (type) => {
    const arbitrary = messages[types.indexOf(type)] as fc.Arbitrary<AnyMessage>
    fc.assert(
      fc.property(arbitrary.filter(fits), (message) => {
        expect(wire.decode(wire.encode(message))).toEqual(message)
      }),
    )
  })

  test('has not changed on the wire', () => {
    const vectors = golden[name] ?? []
    expect(vectors.map(([message]) => message.type)).toEqual(types)
    for (const [message, hex] of vectors) {
      expect(Buffer.from(wire.encode(message)).toString('hex'), message.type).toBe(hex)
      expect(wire.decode(unhex(hex))).toEqual(message)
    }
  })

  test('refuses every message cut short, at every byte', () => {
    for (const [message] of golden[name] ?? []) {
      const bytes = wire.encode(message)
      for (let end = 0; end < bytes.byteLength; end++) {
        expect(fault(() => wire.decode(bytes.subarray(0, end)))).toBe('not-messagepack')
      }
    }
  })

  test('refuses a message followed by one more byte', () => {
    for (const [message] of golden[name] ?? []) {
      expect(fault(() => wire.decode(Uint8Array.of(...wire.encode(message), 0)))).toBe('not-messagepack')
    }
  })

  test('refuses any message without one of its required fields, and survives any byte of it changed', () => {
    for (const [message] of golden[name] ?? []) {
      const shape = shapeOf(wire.schemas[message.type])
      for (const field of shape.kind === 'fields' ? shape.fields : []) {
        if (field.optional) continue
        const { [field.name]: _, ...rest } = message
        expect(
          fault(() => wire.decode(pack(rest))),
          `${message.type} without ${field.name}`,
        ).toBe('bad-field')
      }
      const bytes = wire.encode(message)
      for (let at = 0; at < bytes.byteLength; at++) {
        const bent = Uint8Array.from(bytes)
        bent[at] = (bytes[at] ?? 0) ^ 0xff
        onlyWireErrors(() => wire.decode(bent))
      }
    }
  })

  test('drops fields that it does not know', () => {
    for (const [message] of golden[name] ?? []) {
      expect(wire.decode(pack({ ...message, fromTheFuture: [1, { x: 2 }] }))).toEqual(message)
    }
  })

  test('throws nothing but WireError at random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 512 }), (bytes) => onlyWireErrors(() => wire.decode(bytes))),
      { numRuns: 2000 },
    )
  })

  test('throws nothing but WireError at well-formed values of the wrong shape', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(...types).chain((type) => messages[types.indexOf(type)] as fc.Arbitrary<AnyMessage>),
        (type, noise, message) => onlyWireErrors(() => wire.decode(pack({ ...message, ...noise, type }))),
      ),
    )
  })

  test('caps every text, list and byte field', () => {
    for (const type of types) {
      const unbounded = JSON.stringify(shapeOf(wire.schemas[type]), (_, value) => {
        if (typeof value?.max !== 'number' || Number.isFinite(value.max) || value.pattern) return value
        throw new Error(`${type} has a ${value.kind} without a cap`)
      })
      expect(unbounded).toBeDefined()
    }
  })
})

describe('the door', () => {
  const wire = door('/colonia/test/1', 4000, {
    say: v.object({ text: v.pipe(v.string(), v.maxLength(8000)), more: v.optional(v.boolean()) }),
  })

  test('gives back a type that it does not know as unknown, cut to 32 characters', () => {
    expect(wire.decode(pack({ type: 'sing', text: 'la' }))).toEqual({ type: 'unknown', claimed: 'sing' })
    expect(wire.decode(pack({ type: 'x'.repeat(900) }))).toEqual({ type: 'unknown', claimed: 'x'.repeat(32) })
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('knows no type %s', (type) => {
    expect(wire.decode(pack({ type }))).toEqual({ type: 'unknown', claimed: type })
  })

  test.each([
    ['a number', 7],
    ['nil', null],
    ['a list', ['say', 'hello']],
    ['bytes', new Uint8Array(4)],
    ['a map without a type', { text: 'hello' }],
    ['a map whose type is a number', { type: 1 }],
  ])('refuses %s as not a message', (_, value) => {
    expect(fault(() => wire.decode(pack(value)))).toBe('not-a-message')
  })

  test('names the field that is wrong', () => {
    expect(() => wire.decode(pack({ type: 'say', text: 7 }))).toThrow(/^say\.text: /)
    expect(() => wire.encode({ type: 'say', text: 7 } as never)).toThrow(/^say\.text: /)
  })

  test('refuses more bytes than the family allows, both ways', () => {
    expect(fault(() => wire.decode(new Uint8Array(4001)))).toBe('too-long')
    expect(fault(() => wire.encode({ type: 'say', text: 'x'.repeat(4000) }))).toBe('too-long')
  })

  test('refuses a key __proto__, and nothing is polluted', () => {
    // {"type": "say", "text": "x", "__proto__": {"more": true}}, which no object literal can say.
    const hex = 'a474797065a3736179a474657874a178a95f5f70726f746f5f5f81a46d6f7265c3'
    expect(fault(() => wire.decode(unhex(`83${hex}`)))).toBe('not-messagepack')
    expect(({} as Record<string, unknown>)['more']).toBeUndefined()
  })

  test('refuses nesting deeper than the limit, and takes what is at it', () => {
    const nested = (levels: number) =>
      pack(
        {
          type: 'say',
          text: 'x',
          extra: Array(levels)
            .fill(0)
            .reduce((inner) => [inner], 1),
        },
        { maxDepth: 99 },
      )
    expect(wire.decode(nested(MAX_DEPTH - 1))).toEqual({ type: 'say', text: 'x' })
    expect(fault(() => wire.decode(nested(MAX_DEPTH)))).toBe('too-deep')
    for (const head of ['91', '81a178', 'dc0001', 'dd00000001', 'de0001a178', 'df00000001a178']) {
      const hex = head.repeat(9)
      expect(
        fault(() => wire.decode(unhex(`${hex}c0`))),
        head,
      ).toBe('too-deep')
    }
  })

  test('is not misled about depth by what is inside of texts, bytes, numbers and extensions', () => {
    const brackets = '\x91'.repeat(20)
    for (const value of [
      brackets.repeat(20),
      'x'.repeat(300),
      Buffer.alloc(20, 0x91),
      Buffer.alloc(300, 0x91),
      0x91919191,
      0x9191,
      -0x6e6e6e6e,
      1.5,
      Number.MAX_SAFE_INTEGER,
      { a: [], b: {}, c: [[], [1, 2], [[3]]] },
    ]) {
      expect(wire.decode(pack({ type: 'say', text: 'x', value, last: [value] }))).toEqual({
        type: 'say',
        text: 'x',
      })
    }
    for (const ext of [
      'c70401',
      'c8000401',
      'c90000000401',
      'd601',
      'd70191919191',
      'd801919191919191919191919191',
    ]) {
      expect(
        fault(() => wire.decode(unhex(`${ext}91919191`))),
        ext,
      ).not.toBe('too-deep')
    }
  })

  test.each([
    ['list of 4 G entries', 'ddffffffff'],
    ['map of 4 G entries', 'dfffffffff'],
    ['text of 4 GB', 'dbffffffff'],
    ['4 GB', 'c6ffffffff'],
    ['extension of 4 GB', 'c9ffffffff01'],
    ['timestamp', 'd6ff00000000'],
    [`list of ${MAX_ENTRIES + 1} entries`, `dc0101${'c0'.repeat(MAX_ENTRIES + 1)}`],
  ])('refuses a declared %s without making room for it', (_, hex) => {
    const bytes = unhex(hex)
    // A thousand of them within the test's time, and in no more memory than one list of the longest kind each.
    const before = process.memoryUsage()
    for (let i = 0; i < 1000; i++) expect(fault(() => wire.decode(bytes))).toBe('not-messagepack')
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(10_000_000)
  })

  test('needs memory in proportion to the bytes, however many lists they declare', () => {
    const wide = door('/colonia/test/1', 80_000, {})
    const chain = unhex('dc0100'.repeat(26_000))
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 10; i++) expect(fault(() => wide.decode(chain))).toBe('too-deep')
    // Built, they would be 55 MB each time.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
  })
})

function unhex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

/** The code of the WireError that `act` throws; anything else it throws fails the test. */
function fault(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof WireError) return error.code
    throw error
  }
  return undefined
}

/** Lets `act` throw a WireError, and fails the test for any other. */
function onlyWireErrors(act: () => unknown): void {
  fault(act)
}
