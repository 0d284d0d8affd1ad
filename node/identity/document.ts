/**
 * An identity as a small text file that says what it is:
 *
 *     { "kind": "colonia identity", "version": 1, "note": "…", "peer": "12D3KooW…",
 *       "key": BASE64 }  or  "sealed": { "by": "PBKDF2-SHA-256, AES-256-GCM", "rounds", "salt", "nonce", "data" }
 *
 * The key is libp2p's encoding of a private key, which says its own type. `peer` is there to be checked against
 * it, and to tell people whose file it is; with kind and version it is the seal's associated data.
 */
import { generateKeyPairFromSeed, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import * as v from 'valibot'
import { NONCE_BYTES } from '../state/cipher.ts'
import type { Bytes } from '../state/value.ts'
import { IdentityError } from './fault.ts'
import { MAX_ROUNDS, ROUNDS, seal, unseal } from './passphrase.ts'

const KIND = 'colonia identity'
const VERSION = 1
/** Longest file: one of ours has less than 700. */
export const MAX_CHARACTERS = 4_096
const NOTE = 'Whoever can read this file can be you. Keep it where only you can.'
const SEALED_NOTE = 'Whoever has this file and its passphrase can be you.'
const BY = 'PBKDF2-SHA-256, AES-256-GCM'

const bytes = v.pipe(
  v.string(),
  v.maxLength(1_024),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return Uint8Array.from(atob(dataset.value), (letter) => letter.charCodeAt(0))
    } catch {
      addIssue({ message: 'expected base64' })
      return NEVER
    }
  }),
)

const head = v.object({ kind: v.literal(KIND), version: v.pipe(v.number(), v.safeInteger()) })
const body = v.object({
  peer: v.pipe(v.string(), v.maxLength(128)),
  key: v.optional(bytes),
  sealed: v.optional(
    v.object({
      rounds: v.pipe(v.number(), v.safeInteger(), v.minValue(ROUNDS), v.maxValue(MAX_ROUNDS)),
      salt: bytes,
      nonce: v.pipe(bytes, v.length(NONCE_BYTES)),
      data: bytes,
    }),
  ),
})

export async function toDocument(key: Ed25519PrivateKey, passphrase?: string): Promise<string> {
  const peer = key.publicKey.toString()
  const secret = Uint8Array.from(privateKeyToProtobuf(key))
  const text = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
  const head = { kind: KIND, version: VERSION, note: passphrase === undefined ? NOTE : SEALED_NOTE, peer }
  if (passphrase === undefined) return print({ ...head, key: text(secret) })
  const { rounds, salt, nonce, data } = await seal(secret, passphrase, contextOf(peer))
  const sealed = { by: BY, rounds, salt: text(salt), nonce: text(nonce), data: text(data) }
  return print({ ...head, sealed })
}

/** @throws IdentityError */
export async function fromDocument(text: string, passphrase?: string): Promise<Ed25519PrivateKey> {
  const { peer, key, sealed } = parse(text)
  const secret = key ?? (sealed === undefined ? damaged() : await open(sealed, peer, passphrase))
  const found = decode(secret)
  if (found.type !== 'Ed25519') {
    throw new IdentityError('other-key', `a key of type ${found.type}; Colonia's are of type Ed25519`)
  }
  // libp2p believes the public key that lies behind the seed; ours is made of the seed.
  const made = await generateKeyPairFromSeed('Ed25519', found.raw.subarray(0, 32))
  return made.equals(found) && made.publicKey.toString() === peer ? made : damaged()
}

function parse(text: string): v.InferOutput<typeof body> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    if (text.includes(KIND)) damaged()
    throw new IdentityError('not-an-identity', 'neither an identity file of Colonia nor its words')
  }
  const { success, output } = v.safeParse(head, parsed)
  if (!success) throw new IdentityError('not-an-identity', 'no identity file of Colonia')
  if (output.version !== VERSION) {
    throw new IdentityError(
      'newer',
      `an identity file of version ${output.version}; this is version ${VERSION}`,
    )
  }
  const checked = v.safeParse(body, parsed)
  return checked.success ? checked.output : damaged()
}

async function open(
  sealed: NonNullable<v.InferOutput<typeof body>['sealed']>,
  peer: string,
  passphrase: string | undefined,
): Promise<Bytes> {
  if (passphrase === undefined) {
    throw new IdentityError('needs-passphrase', 'this identity file is protected by a passphrase')
  }
  const secret = await unseal(sealed, passphrase, contextOf(peer))
  if (secret !== undefined) return secret
  throw new IdentityError('wrong-passphrase', 'that is not its passphrase, or the file was altered')
}

function decode(secret: Bytes) {
  try {
    return privateKeyFromProtobuf(secret)
  } catch {
    return damaged()
  }
}

function damaged(): never {
  throw new IdentityError('damaged', 'an identity file that was cut off or altered')
}

function contextOf(peer: string): Bytes {
  return new TextEncoder().encode(JSON.stringify([KIND, VERSION, peer]))
}

function print(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`
}
