/**
 * Lets go of what hangs on a data channel when the channel has closed.
 *
 * In a browser that is the garbage collector's affair. node-datachannel (0.33) keeps every channel that the other side
 * opened until the whole connection goes, and with it the libp2p stream whose handlers are on it, about 20 kB each: ten
 * peers that had been asked much held 460 MB in 22,700 streams that had long ended. Without the handlers the channel
 * that stays is about 6 kB. Unnecessary once its `onDataChannel` drops a closed channel as its `createDataChannel` does.
 */

const HANDLERS = ['onbufferedamountlow', 'onclose', 'onclosing', 'onerror', 'onmessage', 'onopen'] as const
const mended = new WeakSet<object>()

/** Installs the remedy on a class of peer connections, once. In a browser it has no effect. */
export function mendClosedChannels(connections: { prototype: RTCPeerConnection }): void {
  const { prototype } = connections
  if (mended.has(prototype)) return
  mended.add(prototype)
  const original = prototype.dispatchEvent
  prototype.dispatchEvent = function (this: RTCPeerConnection, event) {
    if (event.type === 'datachannel') letGo((event as RTCDataChannelEvent).channel)
    return original.call(this, event)
  }
}

/** Its own `onclose` was called before: node-datachannel listened first. */
function letGo(channel: RTCDataChannel): void {
  channel.addEventListener('close', () => {
    for (const handler of HANDLERS) channel[handler as 'onclose'] = null
  })
}
