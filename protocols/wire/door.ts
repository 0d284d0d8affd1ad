/**
 * The one door for bytes: MessagePack → unknown → checked message, and back.
 *
 * Law: nothing that came from a peer reaches a machine except through `Door.decode`. Size and depth are
 * checked before decoding, string, binary, array and map lengths while decoding, the schema after it.
 * An unknown message type is not an error, because a newer peer may speak it: it comes back as `Unknown`, to
 * be counted and ignored. Unknown fields are dropped for the same reason.
 */
import { encode as pack, decode as unpack } from '@msgpack/msgpack'
import * as v from 'valibot'
import { deeperThan } from './depth.ts'
import { WireError } from './errors.ts'

/** Lists and maps inside each other, in any message: three levels are used, the rest is room to grow. */
export const MAX_DEPTH = 8
/** Most entries of any array or map (guess: an introduction of 64 peers is the longest list there is). */
export const MAX_ENTRIES = 256

/** A message of a type that this version does not know. */
export interface Unknown {
  type: 'unknown'
  /** The type it claimed, cut to 32 characters. */
  claimed: string
}

type Schemas = Record<string, v.GenericSchema>

/** The message union of a table of schemas, each tagged with its type. */
export type MessageOf<S extends Schemas> = {
  [Type in keyof S & string]: { type: Type } & v.InferOutput<S[Type]>
}[keyof S & string]

/** The codec of one family of messages: those that share a libp2p protocol. */
export interface Door<Message extends { type: string }> {
  /** The libp2p protocol id, `/colonia/NAME/VERSION`. */
  readonly protocol: string
  /** Longest encoded message in bytes, framing not counted. */
  readonly maxBytes: number
  /** The types that `decode` knows and the schemas of their fields: what `protocols/README.md` lists. */
  readonly schemas: Readonly<Record<string, v.GenericSchema>>
  /** @throws WireError `too-long` or `bad-field`: what we send obeys the caps that we enforce. */
  encode(message: Message): Uint8Array
  /** @throws WireError when the bytes are not a message of this family. */
  decode(bytes: Uint8Array): Message | Unknown
}

/** A family of messages: `schemas` maps each type to the schema of its fields. */
export function door<S extends Schemas>(protocol: string, maxBytes: number, schemas: S): Door<MessageOf<S>> {
  const check = (type: string, fields: unknown): MessageOf<S> => {
    const result = v.safeParse(schemas[type] as v.GenericSchema, fields)
    if (!result.success) {
      const issue = result.issues[0]
      throw new WireError('bad-field', `${type}.${v.getDotPath(issue) ?? ''}: ${issue.message}`)
    }
    return { type, ...(result.output as object) } as MessageOf<S>
  }

  return {
    protocol,
    maxBytes,
    schemas,
    encode(message) {
      const bytes = pack(check(message.type, message), { ignoreUndefined: true, maxDepth: MAX_DEPTH })
      if (bytes.byteLength > maxBytes) throw tooLong(bytes.byteLength, maxBytes)
      return bytes
    },
    decode(bytes) {
      if (bytes.byteLength > maxBytes) throw tooLong(bytes.byteLength, maxBytes)
      const value = unpackCapped(bytes, maxBytes)
      if (!isMap(value) || typeof value['type'] !== 'string') {
        throw new WireError('not-a-message', 'expected a map with a string `type`')
      }
      const type = value['type']
      if (!Object.hasOwn(schemas, type)) return { type: 'unknown', claimed: type.slice(0, 32) } as const
      return check(type, value)
    },
  }
}

function unpackCapped(bytes: Uint8Array, maxBytes: number): unknown {
  if (deeperThan(bytes, MAX_DEPTH)) throw new WireError('too-deep', `nested deeper than ${MAX_DEPTH}`)
  try {
    return unpack(bytes, {
      maxStrLength: maxBytes,
      maxBinLength: maxBytes,
      maxArrayLength: MAX_ENTRIES,
      maxMapLength: MAX_ENTRIES,
      maxExtLength: 0,
    })
  } catch (cause) {
    throw new WireError('not-messagepack', `cannot decode ${bytes.byteLength} bytes`, { cause })
  }
}

function tooLong(length: number, max: number): WireError {
  return new WireError('too-long', `${length} bytes; at most ${max} are allowed`)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  )
}
