/**
 * The two primitives under every seal, both WebCrypto's: keys by HKDF-SHA-256 (RFC 5869), whose info string
 * names purpose and version, and AES-256-GCM (NIST SP 800-38D).
 */
import { concatBytes } from '@noble/curves/utils.js'
import type { Bytes } from './value.ts'

/** Bytes of a nonce and of the tag at the end of what is sealed: the sizes GCM is specified for. */
export const NONCE_BYTES = 12
export const TAG_BYTES = 16

export type Purpose =
  | { type: 'aes'; info: string; salt?: Bytes }
  /** To turn names into keys. */
  | { type: 'hmac'; info: string }

/** A key for one purpose, that cannot be taken out of WebCrypto again. */
export async function deriveKey(secret: Uint8Array, purpose: Purpose): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', joined(secret), 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode(purpose.info)
  const salt = purpose.type === 'aes' && purpose.salt !== undefined ? purpose.salt : new Uint8Array()
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt, info }
  return purpose.type === 'aes'
    ? await crypto.subtle.deriveKey(hkdf, base, { name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
      ])
    : await crypto.subtle.deriveKey(hkdf, base, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, [
        'sign',
      ])
}

export async function encrypt(key: CryptoKey, iv: Bytes, context: Bytes, plain: Bytes): Promise<Bytes> {
  const gcm = { name: 'AES-GCM', iv, additionalData: context }
  return new Uint8Array(await crypto.subtle.encrypt(gcm, key, plain))
}

/** `undefined` when key, nonce, context or a single bit of `sealed` is not what it was. */
export async function decrypt(
  key: CryptoKey,
  iv: Bytes,
  context: Bytes,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  const gcm = { name: 'AES-GCM', iv, additionalData: context }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm, key, sealed))
  } catch {
    return undefined
  }
}

/** One after the other, in a buffer of their own. */
export function joined(...parts: Uint8Array[]): Bytes {
  return Uint8Array.from(concatBytes(...parts))
}
