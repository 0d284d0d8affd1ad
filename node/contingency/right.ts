/**
 * Rights: signing delegations and checking those of others, at the driver's door.
 *
 * A delegation says "in this owner's name, if I fail in this epoch, that peer may stand in at this rank". It is
 * signed by who gives it over ["colonia/delegation/1", owner, by, to, n, session, rank, expires]. The machine
 * decides what a chain of them proves; here is decided whether they are genuine.
 */
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { encode } from '@msgpack/msgpack'
import type { Delegation, Message } from '#protocols/contingency/index'

/** How long a delegation holds: an owner that was away for longer is looked for by nobody (guess). */
export const DELEGATION_LIFE = 7 * 24 * 3_600_000

/** Signs the link that we give; the machine leaves its proof empty. */
export async function signed(message: Message, key: PrivateKey, wall: number): Promise<Message> {
  if (message.type !== 'appoint') return message
  const self = key.publicKey.toString()
  const chain = await Promise.all(
    message.chain.map(async (link) => {
      if (link.by !== self || link.proof.byteLength > 0) return link
      const draft = { ...link, expires: wall + DELEGATION_LIFE }
      return { ...draft, proof: Uint8Array.from(await key.sign(signedBytes(draft))) }
    }),
  )
  return { ...message, chain }
}

/** Whether every link of a message's chain is signed by who gives it, and none has expired. */
export async function hasGenuineChain(message: Message, wall: number): Promise<boolean> {
  return !('chain' in message) || (await areGenuine(message.chain, wall))
}

/** Whether every link of a chain is signed by who gives it, and none has expired. */
export async function areGenuine(chain: readonly Delegation[], wall: number): Promise<boolean> {
  const genuine = await Promise.all(chain.map((link) => isGenuine(link, wall)))
  return genuine.every(Boolean)
}

async function isGenuine(link: Delegation, wall: number): Promise<boolean> {
  if (link.expires <= wall || link.expires > wall + 2 * DELEGATION_LIFE) return false
  try {
    const { publicKey } = peerIdFromString(link.by)
    return publicKey !== undefined && (await publicKey.verify(signedBytes(link), link.proof))
  } catch {
    return false
  }
}

function signedBytes({ owner, by, to, n, session, rank, expires }: Delegation): Uint8Array {
  return encode(['colonia/delegation/1', owner, by, to, n, session, rank, expires])
}
