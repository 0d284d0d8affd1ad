/**
 * The medium: what connections to others run over, which is WebSocket and WebRTC unless a simulation brings its own.
 * Identities, encryption, streams and all that is above them are the same over any.
 */
import type { Libp2pOptions } from 'libp2p'

export interface Medium {
  /** Addresses to listen on, beside those of the options. */
  readonly listen: readonly string[]
  /** Must dial `/webrtc/p2p/PEER`, which is what a link to that peer is called. */
  readonly transports: NonNullable<Libp2pOptions['transports']>
}
