/**
 * An identity kept in a file: the Ed25519 private key behind a PeerID, as libp2p writes keys (protobuf).
 *
 * Law: a key is never overwritten and never half-written. A new one is written whole under another name,
 * with mode 0600, and linked into place, which fails when another process was first; then theirs is read.
 * A file that others may read or write is refused, as ssh does, because whoever reads it can be us.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { ColoniaError } from './errors.ts'

/** An encoded Ed25519 key is 68 bytes; a file larger than this is something else. */
const MAX_BYTES = 256

/**
 * The key in `path`; made there, with its folder, if there is none.
 * @throws ColoniaError `bad-identity`: cannot be read or written, open to others, or not an Ed25519 key.
 */
export async function loadIdentity(path: string): Promise<Ed25519PrivateKey> {
  return guarded(
    path,
    async () =>
      (await read(path)) ?? (await create(path)) ?? (await read(path)) ?? refuse(path, 'came and went'),
  )
}

/** The key in `path`, or `undefined` if there is no such file. @throws ColoniaError `bad-identity` */
export function readKeyFile(path: string): Promise<Ed25519PrivateKey | undefined> {
  return guarded(path, () => read(path))
}

/** Makes the file, with `key` in it. @returns false if it is there already. @throws ColoniaError `bad-identity` */
export function writeKeyFile(path: string, key: Ed25519PrivateKey): Promise<boolean> {
  return guarded(path, () => write(path, key))
}

/** What the file system says becomes our error. */
async function guarded<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof ColoniaError) throw cause
    return refuse(path, `cannot be used: ${cause instanceof Error ? cause.message : cause}`, cause)
  }
}

/** The key, or `undefined` if there is no such file. */
async function read(path: string): Promise<Ed25519PrivateKey | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (file === undefined) return undefined
  try {
    const { mode, size } = await file.stat()
    // Windows has no such bits; its own access list guards the home folder.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return refuse(path, `can be read or changed by others; run: chmod 600 ${path}`)
    }
    if (size > MAX_BYTES) return refuse(path, 'is too large to be a private key')
    return decode(path, await file.readFile())
  } finally {
    await file.close()
  }
}

function decode(path: string, bytes: Uint8Array): Ed25519PrivateKey {
  let key: ReturnType<typeof privateKeyFromProtobuf>
  try {
    key = privateKeyFromProtobuf(bytes)
  } catch (cause) {
    return refuse(path, 'does not hold a private key', cause)
  }
  return key.type === 'Ed25519' ? key : refuse(path, `holds a key of type ${key.type}; Ed25519 is needed`)
}

/** A new key, or `undefined` if another process made one meanwhile. */
async function create(path: string): Promise<Ed25519PrivateKey | undefined> {
  const key = await generateKeyPair('Ed25519')
  return (await write(path, key)) ? key : undefined
}

/** Whole, or not at all; false if there is such a file. */
async function write(path: string, key: Ed25519PrivateKey): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(privateKeyToProtobuf(key))
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

function refuse(path: string, why: string, cause?: unknown): never {
  throw new ColoniaError('bad-identity', `the identity file ${path} ${why}`, {
    cause,
  })
}
