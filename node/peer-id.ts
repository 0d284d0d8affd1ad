import { peerIdFromString } from '@libp2p/peer-id'
import { ColoniaError } from './errors.ts'

/** A PeerID in its usual text form, `12D3KooW…`. */
export type PeerId = string

/** @throws ColoniaError `bad-peer-id` */
export function checkPeerId(text: string): void {
  try {
    peerIdFromString(text)
  } catch (cause) {
    throw new ColoniaError('bad-peer-id', `${JSON.stringify(text.slice(0, 80))} is not a PeerID`, { cause })
  }
}
