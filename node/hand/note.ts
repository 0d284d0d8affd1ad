/**
 * Notes: invitations and replies as text, signed by who writes one and checked by who reads it.
 *
 * Law: nothing of a note is used before its signature by its own `from` holds. That it is genuine says who wrote it,
 * and not that they are there: noise proves that, once there is a connection.
 */
import { publicKeyFromRaw } from '@libp2p/crypto/keys'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { encode } from '@msgpack/msgpack'
import { find, type Message, wire, write } from '#protocols/hand/index'
import { ColoniaError } from '../errors.ts'
import { checkPeerId, type PeerId } from '../peer-id.ts'
import type { Bytes } from '../state/value.ts'
import { HandError } from './fault.ts'

/** `meet=…`, signed. */
export async function writeNote(message: Message, key: PrivateKey): Promise<string> {
  const bytes = wire.encode(message)
  return write({ message: bytes, signature: await key.sign(signedBytes(bytes)) })
}

/** The genuine note in a pasted text. @throws HandError `not-one`, `damaged`, `too-large`, `newer` */
export async function readNote(pasted: string): Promise<Message> {
  const found = find(pasted)
  if (typeof found === 'string') throw new HandError(found)
  const message = decode(found.message)
  if (message.type === 'unknown') throw new HandError('newer')
  const genuine = await verify(message.from, found).catch(() => false)
  if (!genuine) throw new HandError('damaged')
  return message
}

/** The raw public key of a peer. @throws ColoniaError `bad-peer-id` */
export function keyOf(peer: PeerId): Bytes {
  checkPeerId(peer)
  const { publicKey } = peerIdFromString(peer)
  if (publicKey?.type === 'Ed25519') return Uint8Array.from(publicKey.raw)
  throw new ColoniaError('bad-peer-id', `${peer} holds no Ed25519 key`)
}

/** Whose a raw public key is. */
export function peerOf(key: Uint8Array): PeerId {
  return publicKeyFromRaw(key).toString()
}

function decode(bytes: Uint8Array) {
  try {
    return wire.decode(bytes)
  } catch (cause) {
    throw new HandError('damaged', { cause })
  }
}

async function verify(
  from: Uint8Array,
  { message, signature }: { message: Uint8Array; signature: Uint8Array },
) {
  return await publicKeyFromRaw(from).verify(signedBytes(message), signature)
}

function signedBytes(message: Uint8Array): Uint8Array {
  return encode([wire.protocol, message])
}
