/**
 * Taking an identity along: out of this browser or machine as a file or as words, and into another one. State,
 * contacts and the rest are not in it; they come back from the contingents, which hold them for this PeerID.
 *
 * Law: an identity is never lost silently. Where one is kept already, in a browser another one takes its place
 * and the first is handed back to be saved; in Node nothing is written over.
 */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { platform } from '#platform'
import type { PeerId } from '../peer-id.ts'
import { fromDocument, MAX_CHARACTERS, toDocument } from './document.ts'
import { IdentityError } from './fault.ts'
import { fromWords, toWords } from './words.ts'

export interface ExportOptions {
  /** Where it is kept, as in `NodeOptions`. In a browser the identity of the first tab is meant. */
  identity?: string
  /** `file` (the default): a text to be kept as a file; `words`: 24 English words. */
  as?: 'file' | 'words'
  /** Protects the file; words cannot be protected. Any length; who finds the file can guess at leisure. */
  passphrase?: string
}

export interface ReadOptions {
  /** Of the file, if it is protected. */
  passphrase?: string
}

export interface ImportOptions extends ReadOptions {
  /** Where it is to be kept, as in `NodeOptions`. */
  identity?: string
}

export interface Imported {
  id: PeerId
  /** The identity that was there before, as an unprotected file. */
  replaced?: string
}

/**
 * The identity that is kept here, as text. Whoever reads it can be this peer.
 * @throws ColoniaError `bad-identity`: there is none
 */
export async function exportIdentity(options: ExportOptions = {}): Promise<string> {
  const key = await platform.readKey(options.identity)
  if (key === undefined) throw new IdentityError('not-an-identity', 'no identity is kept here')
  return options.as === 'words' ? toWords(seedOf(key)) : toDocument(key, options.passphrase)
}

/**
 * Whose identity a file or words are; nothing is kept.
 * @throws IdentityError with a `reason`
 */
export async function readIdentity(from: string | Blob, options: ReadOptions = {}): Promise<{ id: PeerId }> {
  return { id: (await keyIn(from, options)).publicKey.toString() }
}

/**
 * Makes the identity in a file or in words the one that is kept here. A peer that runs goes on as who it was until
 * it is started again. In a browser it becomes that of the first tab.
 * @throws IdentityError with a `reason`; nothing was changed then
 */
export async function importIdentity(from: string | Blob, options: ImportOptions = {}): Promise<Imported> {
  const key = await keyIn(from, options)
  const before = await platform.replaceKey(options.identity, key)
  const id = key.publicKey.toString()
  return before === undefined ? { id } : { id, replaced: await toDocument(before) }
}

async function keyIn(from: string | Blob, { passphrase }: ReadOptions): Promise<Ed25519PrivateKey> {
  const size = typeof from === 'string' ? from.length : from.size
  if (size > MAX_CHARACTERS) throw new IdentityError('too-large', 'far too large to be an identity')
  const text = (typeof from === 'string' ? from : await from.text()).trim()
  // Words are letters and what separates them.
  const spoken = /^[\p{L}\p{M}\s\d.,;:-]+$/u.test(text) && /\p{L}[^\p{L}]+\p{L}/u.test(text)
  return spoken ? generateKeyPairFromSeed('Ed25519', await fromWords(text)) : fromDocument(text, passphrase)
}

/** libp2p keeps the public key behind the seed, which alone is secret. */
function seedOf(key: Ed25519PrivateKey): Uint8Array {
  return key.raw.subarray(0, 32)
}
