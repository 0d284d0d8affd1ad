/**
 * Rights: signing delegations and checking those of others, at the driver's door.
 *
 * A delegation says "in this owner's name, if I fail in this epoch, that peer may stand in at this rank". It is
 * signed by who gives it over ["colonia/delegation/1", owner, by, to, n, session, rank, expires]. The machine
 * decides what a chain of them proves; here is decided whether they are genuine.
 */
import type { PrivateKey } from '@libp2p/interface'
import { encode } from '@msgpack/msgpack'
import { type Delegation, defaultConfig, type Message } from '#protocols/contingency/index'
import { idOf } from '../peer-id.ts'

/** How long a delegation holds, in milliseconds: as long as anyone keeps the state of an owner that is away. */
export const DELEGATION_LIFE = defaultConfig.keep

/** Whether there is a link in it that `self` gives; the machine leaves the proof of such a link empty. */
export function isToSign(message: Message, self: string): message is Extract<Message, { chain: unknown }> {
  return 'chain' in message && message.chain.some((link) => isOpen(link, self))
}

/** Signs the links that we give: to who is appointed, and to ourselves, where we say that we write. */
export async function signed(message: Message, key: PrivateKey, wall: number): Promise<Message> {
  const self = key.publicKey.toString()
  if (!isToSign(message, self)) return message
  const chain = await Promise.all(
    message.chain.map(async (link) => {
      if (!isOpen(link, self)) return link
      const draft = { ...link, expires: wall + DELEGATION_LIFE }
      return { ...draft, proof: Uint8Array.from(await key.sign(signedBytes(draft))) }
    }),
  )
  return { ...message, chain }
}

/**
 * What is wrong with a chain: a link not signed by who gives it, or not valid now. `undefined` if nothing is.
 * @param wall left out where it does not matter when the chain was valid
 */
export async function faultOf(
  chain: readonly Delegation[],
  wall?: number,
): Promise<'forged' | 'expired' | undefined> {
  const timely = ({ expires }: Delegation) =>
    wall === undefined || (expires > wall && expires <= wall + 2 * DELEGATION_LIFE)
  if (!chain.every(timely)) return 'expired'
  return (await Promise.all(chain.map(isGenuine))).every(Boolean) ? undefined : 'forged'
}

function isOpen({ by, proof }: Delegation, self: string): boolean {
  return by === self && proof.byteLength === 0
}

async function isGenuine(link: Delegation): Promise<boolean> {
  try {
    const { publicKey } = idOf(link.by)
    return publicKey !== undefined && (await publicKey.verify(signedBytes(link), link.proof))
  } catch {
    return false
  }
}

function signedBytes({ owner, by, to, n, session, rank, expires }: Delegation): Uint8Array {
  return encode(['colonia/delegation/1', owner, by, to, n, session, rank, expires])
}
