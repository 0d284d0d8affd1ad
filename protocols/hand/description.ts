/**
 * A session description reduced to what is its own, and built again.
 *
 * One with a single data channel is the same text in every browser but for credentials, fingerprint and
 * candidates (https://webrtchacks.com/the-minimum-viable-sdp): 900 bytes that become some 150. Nothing is
 * compressed beyond that; what is left is as good as random.
 */
import { packAll, unpack } from './candidate.ts'
import type { Handshake } from './messages.ts'

/** What is its own in a description with gathered candidates; `undefined` when something is missing. */
export function reduce(sdp: string): Handshake | undefined {
  const value = (name: string) => new RegExp(`^a=${name}:(.*?)\r?$`, 'm').exec(sdp)?.[1]
  const [ufrag, pwd] = [value('ice-ufrag'), value('ice-pwd')]
  const [, print] = /^sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i.exec(value('fingerprint') ?? '') ?? []
  if (ufrag === undefined || pwd === undefined || print === undefined) return undefined
  const bytes = print.split(':').map((byte) => Number.parseInt(byte, 16))
  return { ufrag, pwd, print: Uint8Array.from(bytes), ways: packAll(sdp) }
}

/**
 * The description again, complete; `undefined` when a candidate is none.
 * @param mid how this side's own description calls the data channel
 */
export function rebuild(type: 'offer' | 'answer', handshake: Handshake, mid = '0'): string | undefined {
  const candidates = handshake.ways.map(unpack)
  if (candidates.includes(undefined)) return undefined
  const print = [...handshake.print].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mid}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${handshake.ufrag}`,
    `a=ice-pwd:${handshake.pwd}`,
    `a=fingerprint:sha-256 ${print}`,
    // Who invites is the DTLS client, whose handshake begins when it has the reply. Beginning on the other side it
    // would run while the reply is on its way, and node-datachannel gives that up after 30 s.
    `a=setup:${type === 'offer' ? 'active' : 'passive'}`,
    `a=mid:${mid}`,
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    ...candidates,
    // More may come where none is given.
    ...(candidates.length === 0 ? [] : ['a=end-of-candidates']),
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** How a description calls its data channel. */
export function midOf(sdp: string): string {
  return /^a=mid:(\S+)/m.exec(sdp)?.[1] ?? '0'
}
