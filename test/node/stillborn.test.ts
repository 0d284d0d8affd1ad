/** Connections that have ended before they began. */
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { expect, it } from 'vitest'
import { isStillborn } from '#node/link/stillborn'

it('tells one that was closed from one that is not, and knows nothing of what is no WebRTC', () => {
  const peerConnection = new RTCPeerConnection()
  expect(isStillborn({ peerConnection })).toBe(false)
  peerConnection.close()
  expect(isStillborn({ peerConnection })).toBe(true)
  expect(isStillborn({})).toBe(false)
})
