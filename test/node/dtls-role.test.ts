/** Who begins with DTLS, so that nobody begins too early. */
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { expect, it } from 'vitest'
import { mendDtlsRole, offererBegins } from '#node/link/dtls-role'

it('lets the offerer of a connection without media begin', () => {
  const sdp = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=setup:actpass\r\n'
  expect(offererBegins({ type: 'offer', sdp }).sdp).toBe(sdp.replace('actpass', 'active'))
})

it('leaves an offer of media as it is', () => {
  const sdp = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=setup:actpass\r\n'
  expect(offererBegins({ type: 'offer', sdp }).sdp).toBe(sdp)
})

it('is what the answer says', async () => {
  class Mended extends RTCPeerConnection {}
  mendDtlsRole(Mended as never)
  const [offerer, answerer] = [new RTCPeerConnection(), new Mended()]
  offerer.createDataChannel('any')
  const offer = await offerer.createOffer()
  await answerer.setRemoteDescription(offer)
  const answer = await answerer.createAnswer()
  expect(offer.sdp).toContain('a=setup:actpass')
  expect(answer.sdp).toContain('a=setup:passive')
  offerer.close()
  answerer.close()
})
