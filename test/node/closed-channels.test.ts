/** What hangs on a data channel that the other side opened and closed. */
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { expect, it } from 'vitest'
import { mendClosedChannels } from '#node/link/closed-channels'

it('is let go when the channel has closed, and not sooner', async () => {
  class Mended extends RTCPeerConnection {}
  mendClosedChannels(Mended as never)
  const [offerer, answerer] = [new RTCPeerConnection(), new Mended()]
  offerer.onicecandidate = ({ candidate }) => void (candidate && answerer.addIceCandidate(candidate))
  answerer.onicecandidate = ({ candidate }) => void (candidate && offerer.addIceCandidate(candidate))
  const theirs = offerer.createDataChannel('any')
  const opened = new Promise((resolve) => theirs.addEventListener('open', resolve))
  const heard: unknown[] = []
  const ours = new Promise<RTCDataChannel>((resolve) => {
    answerer.ondatachannel = ({ channel }) => {
      channel.onmessage = ({ data }) => heard.push(data)
      channel.onclose = () => heard.push('closed')
      resolve(channel as RTCDataChannel)
    }
  })
  await offerer.setLocalDescription(await offerer.createOffer())
  await answerer.setRemoteDescription(offerer.localDescription as never)
  await answerer.setLocalDescription(await answerer.createAnswer())
  await offerer.setRemoteDescription(answerer.localDescription as never)
  const channel = await ours
  expect(channel.onmessage).not.toBeNull()
  await opened
  theirs.send('words')
  const over = new Promise((resolve) => channel.addEventListener('close', resolve))
  theirs.close()
  await over
  expect(heard).toEqual(['words', 'closed'])
  expect([channel.onmessage, channel.onclose, channel.onbufferedamountlow]).toEqual([null, null, null])
  offerer.close()
  answerer.close()
})
