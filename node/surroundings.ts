/**
 * Surroundings: what a simulation of real peers puts around each. Identities, encryption, streams and all that is above
 * them are as they always are.
 */
import type { Libp2pOptions } from 'libp2p'
import type { Input, Output } from '#protocols/contingency/index'

export interface Surroundings {
  /** In place of WebSocket and WebRTC. */
  readonly medium?: Medium
  /** Sees every input of the contingency machine, and what it brought about. */
  readonly trace?: (input: Input, outputs: readonly Output[]) => void
}

/** What connections to others run over. */
export interface Medium {
  /** Addresses to listen on, beside those of the options. */
  readonly listen: readonly string[]
  /** Must dial `/webrtc/p2p/PEER`, which is what a link to that peer is called. */
  readonly transports: NonNullable<Libp2pOptions['transports']>
}
