/**
 * Connections that have ended before libp2p hears that they began.
 *
 * @libp2p/webrtc (6.0.33) waits until an RTCPeerConnection is connected and takes it for connected as well when it has
 * failed. It would be told of as a link that then closes, and whoever asked for one would have it.
 */

/** Whether what libp2p is about to make a connection of has ended; for a connection gater. */
export function isStillborn(medium: unknown): boolean {
  const { peerConnection } = medium as { peerConnection?: RTCPeerConnection }
  return peerConnection !== undefined && hasEnded(peerConnection)
}

/** A connection that has ended never comes back. */
export function hasEnded({ connectionState }: Pick<RTCPeerConnection, 'connectionState'>): boolean {
  return connectionState === 'closed' || connectionState === 'failed'
}
