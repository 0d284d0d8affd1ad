/**
 * Keeps an offerer's candidates back until it has the answer.
 *
 * libdatachannel (0.24.5) gives an answer to ICE first and remembers it, with the fingerprint in it, after that. An
 * answerer that has the offerer's candidates asks all the while, so that ICE is through the moment it may be; on a busy
 * machine DTLS is as well, before there is a fingerprint to compare with, and then the other side's certificate is
 * refused (`DTLS alert: unknown CA`): 19 of 500 connections, five processes on two cores.
 * Unnecessary once `PeerConnection::setRemoteDescription` there calls `processRemoteDescription` first.
 *
 * The remedy: who has no candidates asks for nobody: 0 of 1,000. The offerer asks as soon as it has the answerer's, which
 * come right behind the answer; the answerer asks later than it did by one way of the signalling. In a browser it has no
 * effect, because no event of its own goes through `dispatchEvent`, nor on a meeting by hand, whose offer has its
 * candidates in it and waits for a person's answer.
 */

const mended = new WeakSet<object>()

/** Installs the remedy on a class of peer connections, once. */
export function mendEarlyCandidates(connections: { prototype: RTCPeerConnection }): void {
  const { prototype } = connections
  if (mended.has(prototype)) return
  mended.add(prototype)
  const { dispatchEvent, setRemoteDescription } = prototype
  const held = new WeakMap<RTCPeerConnection, Event[]>()
  prototype.dispatchEvent = function (this: RTCPeerConnection, event) {
    if (event.type !== 'icecandidate' || this.signalingState !== 'have-local-offer')
      return dispatchEvent.call(this, event)
    const waiting = held.get(this) ?? []
    held.set(this, waiting)
    waiting.push(event)
    return true
  }
  prototype.setRemoteDescription = async function (
    this: RTCPeerConnection,
    description: RTCSessionDescriptionInit,
  ) {
    await (setRemoteDescription as (one: RTCSessionDescriptionInit) => Promise<void>).call(this, description)
    const waiting = held.get(this) ?? []
    held.delete(this)
    for (const event of waiting) dispatchEvent.call(this, event)
  }
}
