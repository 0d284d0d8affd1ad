/**
 * The call family: what two peers say to each other to have a call.
 *
 * Every message names its call. Messages that matter carry a sequence number `seq`, counted from 1 by each
 * side of each call, and acknowledge with `ack` the highest one that arrived (see `courier.ts`); `seq: 0` is
 * outside the order, for what needs no delivery. Meanings are idempotent, because paths change and messages
 * repeat. Media never travels here.
 *
 * A side that lost its page and returns sits down anew: nobody knows any more what was said before. So each
 * further sitting has a random name, which its messages carry as `from`, and those to it as `to`; whatever
 * bears other names belongs to a sitting that is over (see `sitting.ts`).
 */
import * as v from 'valibot'
import { door, type MessageOf } from '../wire/index.ts'

const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** 128 random bits in hex: unguessable, so that only the two who talk can name a call. */
const callId = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits'))
/** Of one sitting, by chance; the first sitting of each side has none. */
const sitting = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'expected 16 hex digits'))
const head = { call: callId, seq: count, ack: count, from: v.optional(sitting), to: v.optional(sitting) }

const media = v.object({ audio: v.boolean(), video: v.boolean() })

const schemas = {
  /** I would like to talk. First message of the caller, seq 1. */
  invite: v.object({ ...head, name: v.optional(text(64)), media }),
  /** Their page rings. */
  ringing: v.object({ ...head }),
  /** Yes. */
  accept: v.object({ ...head, name: v.optional(text(64)), media }),
  /** No, said by a person. */
  decline: v.object({ ...head }),
  /** No, because another call is not over. Outside the order: a busy peer keeps nothing of the caller. */
  busy: v.object({ ...head }),
  /** The caller gave up before an answer. */
  cancel: v.object({ ...head }),
  /** An SDP offer or the answer to offer number `round` of the other side (RFC 8829). */
  description: v.object({
    ...head,
    kind: v.picklist(['offer', 'answer']),
    round: count,
    /** A browser's audio and video offer is 5–9 kB; 48 kB leaves room for many codecs. */
    sdp: text(49_152),
  }),
  /** A trickled ICE candidate (RFC 8838); an empty `candidate` ends the list. */
  candidate: v.object({
    ...head,
    candidate: text(1024),
    mid: v.optional(text(32)),
    line: v.optional(count),
    ufrag: v.optional(text(256)),
  }),
  /** Whether the sender's microphone and camera are on. */
  'media-state': v.object({ ...head, media }),
  /** My page goes, by a reload or for good: keep my seat. Nothing depends on its arriving. */
  away: v.object({ ...head }),
  /** I am back in this call and have forgotten all that was said. Outside the order, until it is answered. */
  rejoin: v.object({ ...head, from: sitting, name: v.optional(text(64)), media }),
  /** The answer to `rejoin`, and the first thing said to a new sitting: let us begin anew, media and all. */
  welcome: v.object({ ...head, name: v.optional(text(64)), media }),
  /** It is over. Always wins. */
  hangup: v.object({ ...head }),
  /** Nothing but `ack`. */
  ack: v.object({ ...head }),
}

export type Message = MessageOf<typeof schemas>
/** A message without its head: what a session hands to its courier. */
export type Body = Message extends infer M ? (M extends Message ? Omit<M, keyof typeof head> : never) : never
export type Description = { kind: 'offer' | 'answer'; round: number; sdp: string }
export type Candidate = {
  candidate: string
  mid?: string | undefined
  line?: number | undefined
  ufrag?: string | undefined
}
export type MediaState = v.InferOutput<typeof media>

export const wire = door('/colonia/call/1', 65_536, schemas)
