/**
 * Spares a dial the second that it loses when a first packet of DTLS comes too early.
 *
 * An offer leaves open who begins with DTLS (`a=setup:actpass`), and whoever answers then does (RFC 5763, 5): as soon
 * as ICE has a path, which is often before the offerer has the answer. libdatachannel drops what comes from someone it
 * does not know yet, and DTLS says it again after a second: 29 of 180 connections on one machine took that second.
 *
 * The remedy: an answerer reads the first offer as if it said that the offerer begins (`a=setup:active`), and says so
 * in its answer. Who begins then knows the other, and is known: 0 of 180. Only for connections without media, as
 * libp2p's are, and never for a further offer, since the roles of a connection stay as they are.
 */

const mended = new WeakSet<object>()

/** Installs the remedy on a class of peer connections, once. */
export function mendDtlsRole(connections: { prototype: RTCPeerConnection }): void {
  const { prototype } = connections
  if (mended.has(prototype)) return
  mended.add(prototype)
  const original: (description: RTCSessionDescriptionInit) => Promise<void> = prototype.setRemoteDescription
  prototype.setRemoteDescription = function (this: RTCPeerConnection, description) {
    // node-datachannel has an empty one before there is any.
    const isFirst = description.type === 'offer' && !this.remoteDescription?.sdp
    return original.call(this, isFirst ? offererBegins(description) : description)
  }
}

/** @returns the same when there is media in it */
export function offererBegins(offer: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  const { type, sdp = '' } = offer
  if (/^m=(audio|video)/m.test(sdp)) return offer
  return { type, sdp: sdp.replace(/^a=setup:actpass/gm, 'a=setup:active') }
}
