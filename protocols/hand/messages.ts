/**
 * Meeting by hand: an invitation and a reply that two people give each other as text or as a QR code, when nothing
 * is left that could carry their handshake.
 *
 * Each holds what a session description has of its own and nothing that is the same in all of them: credentials
 * of ICE, the fingerprint of a DTLS certificate, candidates. Neither travels on a stream: `text.ts` says how they
 * are written, signed by who speaks. Who reads one learns the speaker's network addresses.
 */
import * as v from 'valibot'
import { door, type MessageOf } from '../wire/index.ts'

/** Candidates of one side: hosts of both families, what a STUN server saw, a relay, and room. */
export const MAX_WAYS = 8
/** The raw public key of an Ed25519 identity. */
export const KEY_BYTES = 32
export const NONCE_BYTES = 8

const bytes = (length: number) => v.pipe(v.instance(Uint8Array), v.minLength(length), v.maxLength(length))
/** Only characters that cannot end a line of a session description (RFC 8839, section 5.4). */
const ice = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern))

const handshake = {
  ufrag: ice(/^[A-Za-z0-9+/]{4,32}$/),
  pwd: ice(/^[A-Za-z0-9+/]{22,64}$/),
  /** SHA-256 of the DTLS certificate. */
  print: bytes(32),
  /** Candidates, packed as in `candidate.ts`, the best first. */
  ways: v.pipe(
    v.array(v.pipe(v.instance(Uint8Array), v.minLength(7), v.maxLength(19))),
    v.maxLength(MAX_WAYS),
  ),
}

const schemas = {
  invitation: v.object({
    /** The public key of who invites. */
    from: bytes(KEY_BYTES),
    /** The public key of who is invited; without it, whoever reads this. */
    to: v.optional(bytes(KEY_BYTES)),
    /** By which a reply names its invitation. */
    nonce: bytes(NONCE_BYTES),
    /** Unix seconds until which a reply is taken. */
    expires: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    ...handshake,
  }),
  reply: v.object({
    from: bytes(KEY_BYTES),
    /** Of the invitation. */
    nonce: bytes(NONCE_BYTES),
    ...handshake,
  }),
}

export type Message = MessageOf<typeof schemas>
export type Of<Type extends Message['type']> = Extract<Message, { type: Type }>
/** What describes one end of a connection. */
export type Handshake = Pick<Message, 'ufrag' | 'pwd' | 'print' | 'ways'>

/** `/colonia/hand/1`: everything at its longest is 450 bytes; a browser’s invitation with two candidates some 220. */
export const wire = door('/colonia/hand/1', 512, schemas)
