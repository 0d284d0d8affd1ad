/**
 * Registrations as they travel: MessagePack in a libp2p envelope, signed by who publishes it, under a key of the
 * DHT that names the owner, `/colonia/PEERID`.
 *
 * Law: nothing of a registration is believed before `open` has let it pass, whether a peer asks us to keep it, or
 * answers with it, or we had kept it ourselves. What is refused is refused for one of a few reasons.
 */
import type { PrivateKey } from '@libp2p/interface'
import { RecordEnvelope } from '@libp2p/peer-record'
import { type Draft, type Fault, faultOf, LIFE, type Registration, wire } from '#protocols/registration/index'
import { WireError } from '#protocols/wire/index'
import { faultOf as faultOfChain } from '../contingency/right.ts'
import type { PeerId } from '../peer-id.ts'

/** The namespace in the DHT, by which it finds validator and selector. */
export const NAMESPACE = 'colonia'
/** The envelope adds key, type and signature to what it holds: 140 bytes for an Ed25519 key; more for others. */
export const MAX_BYTES = wire.maxBytes + 1_024

export type Reason =
  | Fault
  | 'bad-key' // not `/colonia/PEERID`
  | 'malformed' // no envelope, too long, or no registration in it
  | 'bad-signature'
  | 'bad-right' // a delegation that is forged or has expired

export class Refused extends Error {
  override readonly name = 'Refused'
  readonly reason: Reason

  constructor(reason: Reason, options?: ErrorOptions) {
    super(`a registration was refused: ${reason}`, options)
    this.reason = reason
  }
}

const encoder = new TextEncoder()
const codec = encoder.encode(wire.protocol)

export function keyOf(owner: PeerId): Uint8Array {
  return encoder.encode(`/${NAMESPACE}/${owner}`)
}

/** Whose registration lies under that key. @throws Refused `bad-key` */
export function ownerOf(key: Uint8Array): PeerId {
  const [head, namespace, owner, ...rest] = new TextDecoder().decode(key).split('/')
  if (head !== '' || namespace !== NAMESPACE || !owner || rest.length > 0) throw new Refused('bad-key')
  return owner
}

/** Signs what is to be published now. @param now Unix milliseconds */
export async function seal(draft: Draft, key: PrivateKey, now: number): Promise<Uint8Array> {
  const payload = wire.encode({ ...draft, expires: now + LIFE })
  const record = { domain: wire.protocol, codec, marshal: () => payload, equals: () => false }
  return (await RecordEnvelope.seal(record, key)).marshal()
}

/** What is in an envelope, unchecked: for what was let pass before. @throws Refused `malformed` */
export function peek(bytes: Uint8Array): Registration {
  return read(bytes).registration
}

/**
 * The registration of `owner` in an envelope, if it counts.
 * @param now Unix milliseconds
 * @throws Refused with the reason
 */
export async function open(owner: PeerId, bytes: Uint8Array, now: number): Promise<Registration> {
  const { envelope, registration } = read(bytes)
  const signer = envelope.publicKey.toString()
  // What costs least comes first.
  const fault = faultOf(registration, { owner, signer, now })
  if (fault !== undefined) throw new Refused(fault)
  const signed = await envelope.validate(wire.protocol).catch(() => false)
  if (!signed) throw new Refused('bad-signature')
  if ((await faultOfChain(registration.chain, now)) !== undefined) throw new Refused('bad-right')
  return registration
}

function read(bytes: Uint8Array): { envelope: RecordEnvelope; registration: Registration } {
  try {
    if (bytes.byteLength > MAX_BYTES) throw new WireError('too-long', `${bytes.byteLength} bytes`)
    const envelope = RecordEnvelope.createFromProtobuf(bytes)
    const message = wire.decode(envelope.payload.subarray())
    if (message.type !== 'unknown') return { envelope, registration: message }
  } catch (cause) {
    throw new Refused('malformed', { cause })
  }
  throw new Refused('malformed')
}
