import { peerIdFromString } from '@libp2p/peer-id'
import { ColoniaError } from './errors.ts'
import { remembered } from './remembered.ts'

/** A PeerID in its usual text form, `12D3KooW…`. */
export type PeerId = string

/** Peers whose ids are kept as they were read: more than a peer meets in an hour. */
export const MOST_REMEMBERED = 1_024

/** The same as libp2p has it. @throws Error for what is no PeerID */
export const idOf = remembered((peer: PeerId) => peerIdFromString(peer), MOST_REMEMBERED)

/** @throws ColoniaError `bad-peer-id` */
export function checkPeerId(text: string): void {
  try {
    idOf(text)
  } catch (cause) {
    throw new ColoniaError('bad-peer-id', `${JSON.stringify(text.slice(0, 80))} is not a PeerID`, { cause })
  }
}
