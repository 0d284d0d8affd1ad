/** When an offerer says where it can be reached. */
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { expect, it } from 'vitest'
import { mendEarlyCandidates } from '#node/link/early-candidates'

it('is once it has the answer, and all of it, in order', async () => {
  class Mended extends RTCPeerConnection {}
  mendEarlyCandidates(Mended as never)
  mendEarlyCandidates(Mended as never)
  const [offerer, answerer] = [new Mended(), new Mended()]
  const heard: string[] = []
  let answered = false
  offerer.onicecandidate = ({ candidate }) => {
    heard.push(`${answered ? 'after' : 'before'} ${candidate?.candidate}`)
    if (candidate) void answerer.addIceCandidate(candidate)
  }
  answerer.onicecandidate = ({ candidate }) => void (candidate && offerer.addIceCandidate(candidate))
  const channel = offerer.createDataChannel('any')
  const opened = new Promise((resolve) => channel.addEventListener('open', resolve))
  const gathered = new Promise<void>((resolve) => {
    offerer.onicegatheringstatechange = () => {
      if (offerer.iceGatheringState === 'complete') resolve()
    }
  })
  const offer = await offerer.createOffer()
  await offerer.setLocalDescription(offer)
  await gathered
  await answerer.setRemoteDescription(offer)
  const answer = await answerer.createAnswer()
  await answerer.setLocalDescription(answer)
  expect(heard).toEqual([])
  answered = true
  await offerer.setRemoteDescription(answer)
  await opened
  const all = offerer.ext_localCandidates.map(({ candidate }) => `after ${candidate}`)
  expect(heard.length).toBeGreaterThan(0)
  expect(heard).toEqual(all)
  offerer.close()
  answerer.close()
})
