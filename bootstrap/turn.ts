/**
 * Credentials for a TURN server, minted for each introduction by the TURN REST convention
 * (draft-uberti-behave-turn-rest-00 §2.2), which coturn speaks as `use-auth-secret`: the name is when it expires,
 * in seconds of Unix time, and the password is the name's HMAC-SHA1 under a secret that both servers know.
 *
 * Law: the secret is read from a file and goes nowhere, neither to a log nor into an error. The name is random
 * behind its time and says nothing of the peer, because TURN servers log it.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ColoniaError } from '#node/errors'
import type { IceServer } from '#protocols/introduction/index'

/** Whoever has credentials can try secrets against them at leisure; 128 bits in hexadecimal are double this. */
const MIN_SECRET = 16
const MAX_SECRET = 1024

/** `turn:` and `turns:` URLs of RFC 7065: a host name or address, a port, a transport. */
const TURN_URL = /^turns?:([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?(\?transport=(udp|tcp))?$/i

export interface Turn {
  urls: readonly string[]
  secret: string
  /** Life of the credentials. */
  seconds: number
}

export function isTurnUrl(url: string): boolean {
  return TURN_URL.test(url)
}

/**
 * Fresh credentials.
 * @param now Unix time in milliseconds
 * @param id of whom they are for; opaque
 */
export function mint(
  { urls, secret, seconds }: Turn,
  now = Date.now(),
  id = randomBytes(8).toString('hex'),
): IceServer {
  const username = `${Math.floor(now / 1000) + seconds}:${id}`
  const credential = createHmac('sha1', secret).update(username).digest('base64')
  return { urls: [...urls], username, credential, seconds }
}

/** What `path` holds, without the space around it. @throws ColoniaError `bad-options` */
export async function readSecret(path: string): Promise<string> {
  const secret = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new ColoniaError('bad-options', `--turn-secret-file ${path} cannot be read (${cause.code})`)
  })
  const { length } = secret.trim()
  if (length >= MIN_SECRET && length <= MAX_SECRET) return secret.trim()
  throw new ColoniaError(
    'bad-options',
    `--turn-secret-file ${path} must hold ${MIN_SECRET} to ${MAX_SECRET} characters; it holds ${length}`,
  )
}
