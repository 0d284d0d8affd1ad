/**
 * The seal: how an owner's record becomes an entry that others keep, and back.
 *
 * Law: a holder can neither read a private record, its name included, nor forge, alter, move or age any. The
 * owner signs every body together with key and version, deletions too, and whoever has the owner's PeerID can
 * check it, because an Ed25519 PeerID is the public key. What a holder does learn of a private record is its
 * size, when it changes, and that it is the same one.
 *
 *     body    = kind (1 byte) ‖ signature (64) ‖ payload
 *     private = nonce (12) ‖ AES-256-GCM of [name, packed value], with the context as associated data
 *     public  = packed value            deleted = nothing
 *     context = ["colonia/record/1", owner, key, n, by]
 *
 * Lists are MessagePack. The signature is over context ‖ kind ‖ payload. Sealing key and naming key are HKDF of
 * the identity's private key, so that the same identity on another machine reads everything.
 */

import type { Ed25519PrivateKey } from '@libp2p/interface'
import { decode, encode } from '@msgpack/msgpack'
import { PUBLIC } from '#protocols/contingency/index'
import type { Entry, Version } from '#protocols/state/index'
import { idOf, type PeerId } from '../peer-id.ts'
import { decrypt, deriveKey, encrypt, joined, NONCE_BYTES } from './cipher.ts'
import { isDeposit } from './inbox.ts'
import { type Bytes, unpackValue } from './value.ts'

/** Keys whose bodies only the owner can read. */
export const PRIVATE = 'private/'
/** Bits of the HMAC that stand for a name: 2^64 names before two are likely to meet. */
const NAME_BITS = 128

const KIND = { private: 1, public: 2, deleted: 3 } as const
const SIGNATURE_BYTES = 64
const HEAD_BYTES = 1 + SIGNATURE_BYTES

export interface Draft {
  name: string
  /** As `packValue` gives it. */
  packed: Bytes
  public: boolean
}

/** What an entry turned out to be. */
export type Opened = ({ type: 'record' } & Draft) | { type: 'deleted' }

/** The owner's own hand: seals, signs and opens with the identity's private key. */
export class Seal {
  readonly owner: PeerId
  readonly #identity: Ed25519PrivateKey
  readonly #sealing: CryptoKey
  readonly #naming: CryptoKey
  readonly #random: (bytes: number) => Bytes

  /** @param random draws nonces; a test that wants the same bytes again passes its own. */
  static async of(identity: Ed25519PrivateKey, random = randomBytes): Promise<Seal> {
    // libp2p keeps the public key behind the seed, which alone is secret.
    const seed = identity.raw.subarray(0, 32)
    const [sealing, naming] = await Promise.all([
      deriveKey(seed, { type: 'aes', info: 'colonia/state/seal/1' }),
      deriveKey(seed, { type: 'hmac', info: 'colonia/state/name/1' }),
    ])
    return new Seal(identity, sealing, naming, random)
  }

  private constructor(
    identity: Ed25519PrivateKey,
    sealing: CryptoKey,
    naming: CryptoKey,
    random: (bytes: number) => Bytes,
  ) {
    this.owner = identity.publicKey.toString()
    this.#identity = identity
    this.#sealing = sealing
    this.#naming = naming
    this.#random = random
  }

  /** The entry key of a record: in clear if it is public, otherwise telling nothing to who lacks our key. */
  async keyOf({ name, public: open }: Pick<Draft, 'name' | 'public'>): Promise<string> {
    if (open) return PUBLIC + name
    const mac = await crypto.subtle.sign('HMAC', this.#naming, new TextEncoder().encode(name))
    return PRIVATE + base64url(new Uint8Array(mac, 0, NAME_BITS / 8))
  }

  async seal(draft: Draft, { n, by }: Version): Promise<Entry> {
    const stamp = { key: await this.keyOf(draft), n, by }
    if (draft.public) return this.#sign(stamp, KIND.public, draft.packed)
    const nonce = this.#random(NONCE_BYTES)
    const plain = encode([draft.name, draft.packed])
    const sealed = await encrypt(this.#sealing, nonce, contextOf(this.owner, stamp), plain)
    return this.#sign(stamp, KIND.private, joined(nonce, sealed))
  }

  /** The deletion of whatever is under `key`: a record, or a message in the inbox. */
  erase(key: string, { n, by }: Version): Promise<Entry> {
    return this.#sign({ key, n, by }, KIND.deleted, new Uint8Array())
  }

  /** What we once wrote, or `undefined` if this is not it: no entry that fails here is ours. */
  async open(entry: Entry): Promise<Opened | undefined> {
    const signed = await readSigned(this.owner, entry)
    if (signed === undefined) return undefined
    const { kind, payload } = signed
    switch (kind) {
      case KIND.deleted:
        return { type: 'deleted' }
      case KIND.public:
        return { type: 'record', name: entry.key.slice(PUBLIC.length), packed: payload, public: true }
      case KIND.private:
        return this.#unseal(entry, payload)
      default:
        // From a later version of ours on another device.
        return undefined
    }
  }

  async #unseal(entry: Entry, payload: Bytes): Promise<Opened | undefined> {
    const nonce = payload.slice(0, NONCE_BYTES)
    const context = contextOf(this.owner, entry)
    const plain = await decrypt(this.#sealing, nonce, context, payload.slice(NONCE_BYTES))
    if (plain === undefined) return undefined
    const [name, packed] = decode(plain) as [string, Uint8Array]
    return { type: 'record', name, packed: Uint8Array.from(packed), public: false }
  }

  async #sign(stamp: Stamp, kind: number, payload: Bytes): Promise<Entry> {
    const signature = await this.#identity.sign(signedBytes(this.owner, stamp, kind, payload))
    return { ...stamp, body: joined(Uint8Array.of(kind), signature, payload) }
  }
}

/**
 * Whether `entry` may lie in `owner`'s state: the owner signed it, just so, under this key and version; or it is
 * a message for the owner, whose sender only the owner can check. Everyone who takes in entries asks this.
 */
export async function isGenuine(owner: PeerId, entry: Entry): Promise<boolean> {
  return isDeposit(entry) || (await readSigned(owner, entry)) !== undefined
}

/** A stranger's look at a public record of `owner`; `undefined` when it is deleted, private or not genuine. */
export async function readPublic(owner: PeerId, entry: Entry): Promise<{ value: unknown } | undefined> {
  const signed = await readSigned(owner, entry)
  if (signed?.kind !== KIND.public) return undefined
  try {
    return { value: unpackValue(signed.payload) }
  } catch {
    return undefined
  }
}

type Stamp = Omit<Entry, 'body'>

async function readSigned(owner: PeerId, entry: Entry) {
  const { body } = entry
  if (body.byteLength < HEAD_BYTES) return undefined
  const kind = body[0] ?? 0
  const payload = body.slice(HEAD_BYTES)
  const data = signedBytes(owner, entry, kind, payload)
  try {
    const { publicKey } = idOf(owner)
    if (publicKey?.type !== 'Ed25519') return undefined
    return (await publicKey.verify(data, body.slice(1, HEAD_BYTES))) ? { kind, payload } : undefined
  } catch {
    return undefined
  }
}

function contextOf(owner: PeerId, { key, n, by }: Stamp): Bytes {
  return encode(['colonia/record/1', owner, key, n, by])
}

function signedBytes(owner: PeerId, stamp: Stamp, kind: number, payload: Bytes): Bytes {
  return joined(contextOf(owner, stamp), Uint8Array.of(kind), payload)
}

function randomBytes(bytes: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(bytes))
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
