/**
 * The introduction: what a newcomer asks of an entrance, and what it is given.
 *
 * One request, one reply, then the stream closes. The peers come as libp2p signed peer records, so the
 * entrance can leave peers out but cannot invent or alter one. What it says of itself (ICE servers, limits)
 * is advice: a newcomer clamps it to its own bounds. So is its wish that a peer stay.
 */
import * as v from 'valibot'
import { door, type MessageOf } from '../wire/index.ts'

/** The version spoken by this code. A peer offers the range that it can speak. */
export const VERSION = 1
/** Peers in one introduction: "never more than a handful", bounded by what a reply may hold. */
export const MAX_PEERS = 16
/** A signed peer record of a browser is 200–600 bytes; with many addresses up to 2 kB. */
export const MAX_RECORD_BYTES = 4096
/** STUN, TURN over UDP, TCP and TLS, twice. */
export const MAX_ICE_SERVERS = 8
/** Other bootstraps that one tells of. */
export const MAX_ENTRANCES = 8

const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const bytes = (max: number) => v.pipe(v.instance(Uint8Array), v.maxLength(max))

/** An origin: scheme, host and port, and nothing that could be a path or credentials. */
const origin = v.pipe(text(256), v.regex(/^https?:\/\/[^/?#@\s\\]+$/))

const iceServer = v.object({
  urls: v.pipe(v.array(text(256)), v.minLength(1), v.maxLength(8)),
  username: v.optional(text(256)),
  credential: v.optional(text(256)),
  /** How long the credential is good for from now on; a span, because clocks differ. For good if it is left out. */
  seconds: v.optional(count),
})

const schemas = {
  /** From a newcomer: the lowest and highest version it speaks, and how many peers it would like. */
  introduce: v.object({
    lowest: count,
    highest: count,
    want: v.pipe(count, v.maxValue(MAX_PEERS)),
  }),
  /** The reply: the version to speak, peers as signed records, ICE servers, limits, other bootstraps. */
  introduction: v.object({
    version: count,
    peers: v.pipe(v.array(bytes(MAX_RECORD_BYTES)), v.maxLength(MAX_PEERS)),
    iceServers: v.pipe(v.array(iceServer), v.maxLength(MAX_ICE_SERVERS)),
    limits: v.object({
      /** Of a connection relayed by this entrance: how long it lives and how much it carries. */
      relayMillis: count,
      relayBytes: count,
    }),
    /** Origins of other bootstraps of this mesh: hearsay, which each peer tries for itself. */
    entrances: v.optional(v.pipe(v.array(origin), v.maxLength(MAX_ENTRANCES))),
  }),
  /** Instead of an introduction. `reason` is a sentence that a page can show. */
  refused: v.object({
    code: v.picklist(['version', 'full', 'draining']),
    reason: text(256),
    lowest: count,
    highest: count,
  }),
  /** From a peer that can stand alone: may it hang up? */
  leave: v.object({}),
  /** No: it is needed as an anchor, through which newcomers come in. It may ask again after so many milliseconds. */
  stay: v.object({ millis: count }),
  /** Yes. */
  go: v.object({}),
}

export type Message = MessageOf<typeof schemas>
export type Introduction = Extract<Message, { type: 'introduction' }>
export type IceServer = v.InferOutput<typeof iceServer>

/** `/colonia/introduction/1`: at most 80 kB, which is 16 records of the largest size and the rest. */
export const wire = door('/colonia/introduction/1', 80_000, schemas)

/** The version to speak with someone who speaks `lowest` to `highest`, if there is one. */
export function commonVersion(range: { lowest: number; highest: number }): number | undefined {
  return range.lowest <= VERSION && VERSION <= range.highest ? VERSION : undefined
}
