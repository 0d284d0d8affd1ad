/** The start rate reaches every video codec of a description, and nothing else in it changes. */
import { expect, test } from 'vitest'
import { withStartRate } from '#node/call/start-rate'

const lines = (...all: string[]) => all.map((line) => `${line}\r\n`).join('')

test('a codec without parameters is given a line of them, one with parameters keeps its own', () => {
  const video = 'm=video 9 UDP/TLS/RTP/SAVPF 9 96 97 98'
  const given = lines(
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    video,
    'a=rtpmap:9 VP8/90000',
    'a=rtpmap:96 VP9/90000',
    'a=fmtp:96 profile-id=0',
    'a=rtpmap:97 rtx/90000',
    'a=fmtp:97 apt=96',
    // Some browsers write parameters first.
    'a=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1',
    'a=rtpmap:98 H264/90000',
  )
  expect(withStartRate(given)).toBe(
    lines(
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'a=rtpmap:111 opus/48000/2',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      video,
      'a=rtpmap:9 VP8/90000',
      'a=fmtp:9 x-google-start-bitrate=1000',
      'a=rtpmap:96 VP9/90000',
      'a=fmtp:96 x-google-start-bitrate=1000;profile-id=0',
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
      'a=fmtp:98 x-google-start-bitrate=1000;level-asymmetry-allowed=1;packetization-mode=1',
      'a=rtpmap:98 H264/90000',
    ),
  )
})

test('a description without video, or that is none, stays as it is', () => {
  const audio = lines('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2')
  expect(withStartRate(audio)).toBe(audio)
  expect(withStartRate('nonsense')).toBe('nonsense')
})
