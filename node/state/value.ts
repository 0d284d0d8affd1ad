/**
 * Values: what a developer keeps in a record, as bytes. Anything that MessagePack carries: text, numbers,
 * bytes, dates, lists and maps with text keys.
 *
 * Law: what is packed here unpacks here. A value that could be written but not read again is refused when it
 * is written. Public values come from strangers, so unpacking is capped as the door of the wire is.
 */
import { decode, encode } from '@msgpack/msgpack'
import { deeperThan } from '#protocols/wire/depth'
import { ColoniaError } from '../errors.ts'

export type Bytes = Uint8Array<ArrayBuffer>

/** Lists and maps inside each other (guess: a record is a contact or a call, not a tree). */
const MAX_DEPTH = 32
/** A packed entry takes a byte at least, so no list in a record of 64 KiB can be longer. */
const MAX_ENTRIES = 65_536

/** @throws ColoniaError `bad-record`: a function, a big integer, nested too deeply, or not to be read again. */
export function packValue(value: unknown): Bytes {
  try {
    const packed = encode(value, { maxDepth: MAX_DEPTH, ignoreUndefined: true })
    unpackValue(packed)
    return packed
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause
    throw new ColoniaError('bad-record', `a value that MessagePack does not carry: ${why}`, { cause })
  }
}

/** A fresh copy of the value. @throws Error when `packed` is not the bytes of one. */
export function unpackValue(packed: Uint8Array): unknown {
  if (deeperThan(packed, MAX_DEPTH)) throw new Error(`nested deeper than ${MAX_DEPTH}`)
  return decode(packed, { maxArrayLength: MAX_ENTRIES, maxMapLength: MAX_ENTRIES })
}
