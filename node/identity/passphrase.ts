/**
 * A secret under a passphrase: PBKDF2-HMAC-SHA-256 and AES-256-GCM, both WebCrypto's. Memory-hard functions
 * (scrypt, argon2id) would be better against guessing, but no browser has one and one in JavaScript has to be
 * downloaded and is slower for us than for who guesses; the rounds are what OWASP asks for
 * (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2).
 */
import { decrypt, encrypt, NONCE_BYTES } from '../state/cipher.ts'
import type { Bytes } from '../state/value.ts'

/** Some 0.2 s on a laptop. */
export const ROUNDS = 600_000
/** A file that asks for more wants to stop the page, not to be read (guess: a minute on a phone). */
export const MAX_ROUNDS = 20_000_000
/** NIST SP 800-132 asks for 128 bits. */
const SALT_BYTES = 16

export interface Sealed {
  rounds: number
  salt: Bytes
  nonce: Bytes
  data: Bytes
}

export async function seal(plain: Bytes, passphrase: string, context: Bytes): Promise<Sealed> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const data = await encrypt(await stretch(passphrase, salt, ROUNDS), nonce, context, plain)
  return { rounds: ROUNDS, salt, nonce, data }
}

/** `undefined` when the passphrase, the context or anything sealed is another. */
export async function unseal(sealed: Sealed, passphrase: string, context: Bytes): Promise<Bytes | undefined> {
  const { rounds, salt, nonce, data } = sealed
  return decrypt(await stretch(passphrase, salt, rounds), nonce, context, data)
}

async function stretch(passphrase: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  // The same text may be typed as other code points on another machine.
  const typed = new TextEncoder().encode(passphrase.normalize('NFC'))
  const base = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey'])
  const pbkdf2 = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(pbkdf2, base, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
}
