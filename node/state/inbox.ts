/**
 * Messages for an owner who is away: sealed by a stranger to the owner's PeerID, kept by whoever stands in.
 *
 * Law: only the owner reads one, and learns for certain who wrote it; nobody can pass it on to another owner,
 * under another sender or under another id. It is ECIES: an ephemeral X25519 key (RFC 7748) agrees with the
 * owner's, which is the Ed25519 key of the PeerID in Montgomery form; HKDF-SHA-256 makes of it the key of an
 * AES-256-GCM. The sender's signature lies inside, so that what a holder sees proves nothing to others.
 *
 *     body    = kind (1 byte) ‖ ephemeral public key (32) ‖ AES-256-GCM of signature (64) ‖ packed value
 *     context = ["colonia/inbox/1", owner, sender, id]
 *
 * The signature is over context ‖ packed value. A holder may still lose a message, or bring back one that was
 * read: the version is the holder's, not the sender's.
 */

import type { Ed25519PrivateKey, Ed25519PublicKey } from '@libp2p/interface'
import { encode } from '@msgpack/msgpack'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { type Entry, INBOX } from '#protocols/state/index'
import { ColoniaError } from '../errors.ts'
import { idOf, type PeerId } from '../peer-id.ts'
import { decrypt, deriveKey, encrypt, joined, NONCE_BYTES, TAG_BYTES } from './cipher.ts'
import { type Bytes, packValue, unpackValue } from './value.ts'

const KIND = 4
const PUBLIC_BYTES = 32
const SIGNATURE_BYTES = 64
const LEAST_BYTES = 1 + PUBLIC_BYTES + SIGNATURE_BYTES + TAG_BYTES
/** What a deposit may carry on the wire. */
const MAX_BYTES = 4_096

export interface Letter {
  sender: PeerId
  id: string
  value: unknown
}

export interface Address {
  owner: PeerId
  /** Chosen by the sender, at most 32 characters, the same when it is sent again. */
  id: string
}

/**
 * The body to deposit with whoever stands in for `owner`.
 * @param ephemeral the secret of one message; only a test that wants the same bytes again passes its own
 * @throws ColoniaError `bad-peer-id`, `bad-record`, `record-too-large` (over 4 kB)
 */
export async function sealLetter(
  sender: Ed25519PrivateKey,
  { owner, id }: Address,
  value: unknown,
  ephemeral: Uint8Array = x25519.utils.randomSecretKey(),
): Promise<Bytes> {
  const theirs = montgomery(keyOf(owner))
  const mine = x25519.getPublicKey(ephemeral)
  const packed = packValue(value)
  const context = contextOf(owner, sender.publicKey.toString(), id)
  const signature = await sender.sign(joined(context, packed))
  const key = await agree(x25519.getSharedSecret(ephemeral, theirs), mine, theirs)
  const sealed = await encrypt(key, NONCE, context, joined(signature, packed))
  const body = joined(Uint8Array.of(KIND), mine, sealed)
  if (body.byteLength <= MAX_BYTES) return body
  throw new ColoniaError('record-too-large', `a message of ${body.byteLength} bytes; at most ${MAX_BYTES}`)
}

/** The message in an entry of our own inbox, or `undefined` if it is not what that sender wrote to us. */
export async function openLetter(owner: Ed25519PrivateKey, entry: Entry): Promise<Letter | undefined> {
  const { body } = entry
  if (!isDeposit(entry)) return undefined
  const [, sender = '', id = ''] = entry.key.split('/')
  const context = contextOf(owner.publicKey.toString(), sender, id)
  const theirs = body.slice(1, 1 + PUBLIC_BYTES)
  try {
    const secret = ed25519.utils.toMontgomerySecret(owner.raw.subarray(0, 32))
    const shared = x25519.getSharedSecret(secret, theirs)
    const key = await agree(shared, theirs, montgomery(owner.publicKey))
    const plain = await decrypt(key, NONCE, context, body.slice(1 + PUBLIC_BYTES))
    if (plain === undefined) return undefined
    const packed = plain.slice(SIGNATURE_BYTES)
    const signed = await keyOf(sender).verify(joined(context, packed), plain.slice(0, SIGNATURE_BYTES))
    return signed ? { sender, id, value: unpackValue(packed) } : undefined
  } catch {
    // A public key of small order, a sender that is none, bytes that are no value: all the sender's doing.
    return undefined
  }
}

/** Whether this has the shape of a message in an inbox; who wrote it, only the owner can tell. */
export function isDeposit({ key, body }: Pick<Entry, 'key' | 'body'>): boolean {
  const parts = key.split('/')
  return (
    key.startsWith(INBOX) &&
    parts.length === 3 &&
    body[0] === KIND &&
    body.byteLength >= LEAST_BYTES &&
    body.byteLength <= MAX_BYTES
  )
}

/** Each key seals one message only, so its nonce need not differ from others. */
const NONCE = new Uint8Array(NONCE_BYTES)

function agree(shared: Uint8Array, ephemeral: Uint8Array, owner: Uint8Array): Promise<CryptoKey> {
  return deriveKey(shared, { type: 'aes', info: 'colonia/inbox/1', salt: joined(ephemeral, owner) })
}

function contextOf(owner: PeerId, sender: PeerId, id: string): Bytes {
  return encode(['colonia/inbox/1', owner, sender, id])
}

function montgomery({ raw }: Ed25519PublicKey): Uint8Array {
  return ed25519.utils.toMontgomery(raw)
}

/** @throws ColoniaError `bad-peer-id` */
function keyOf(peer: PeerId): Ed25519PublicKey {
  try {
    const { publicKey } = idOf(peer)
    if (publicKey?.type === 'Ed25519') return publicKey
  } catch (cause) {
    throw new ColoniaError('bad-peer-id', `${JSON.stringify(peer.slice(0, 80))} is not a PeerID`, { cause })
  }
  throw new ColoniaError('bad-peer-id', `${peer} does not tell its Ed25519 key`)
}
