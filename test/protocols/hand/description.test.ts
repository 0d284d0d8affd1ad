/** Session descriptions as browsers and Node write them, reduced to what is their own and built again. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Handshake, MAX_WAYS, midOf, rebuild, reduce } from '#protocols/hand/index'

const CHROMIUM = `v=0
o=- 1640992004233948777 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=candidate:80606264 1 udp 2113937151 abe29bdb-684c-4079-883f-dbb7c1c83e82.local 37267 typ host generation 0 network-cost 999
a=candidate:3484104152 1 udp 2113942271 a10d0430-3186-4230-99e6-3ded44861059.local 52084 typ host generation 0 network-cost 999
a=candidate:842163049 1 udp 1677729535 203.0.113.9 52200 typ srflx raddr 0.0.0.0 rport 0 generation 0 network-cost 999
a=candidate:1 1 tcp 1518280447 abe29bdb-684c-4079-883f-dbb7c1c83e82.local 9 typ host tcptype active generation 0
a=ice-ufrag:q7Os
a=ice-pwd:dklXqK5+nO2t6fcmlUT7e8+B
a=ice-options:trickle
a=fingerprint:sha-256 41:E8:94:66:A2:CB:33:26:B7:ED:60:FD:AE:DB:3C:43:09:8C:CE:A7:25:7C:0E:40:99:CA:13:1A:FC:65:2F:96
a=setup:actpass
a=mid:0
a=sctp-port:5000
a=max-message-size:262144
`

const FIREFOX = `v=0
o=mozilla...THIS_IS_SDPARTA-99.0 4927842392 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 41:E8:94:66:A2:CB:33:26:B7:ED:60:FD:AE:DB:3C:43:09:8C:CE:A7:25:7C:0E:40:99:CA:13:1A:FC:65:2F:96
a=group:BUNDLE 0
a=ice-options:trickle
a=msid-semantic:WMS *
m=application 51432 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 192.168.1.7
a=candidate:0 1 UDP 2122252543 192.168.1.7 51432 typ host
a=candidate:2 1 TCP 2105524479 192.168.1.7 9 typ host tcptype active
a=sendrecv
a=end-of-candidates
a=ice-pwd:0a1b2c3d4e5f60718293a4b5c6d7e8f9
a=ice-ufrag:0a1b2c3d
a=mid:0
a=setup:actpass
a=sctp-port:5000
a=max-message-size:1073741823
`

const NODE = `v=0
o=rtc 3846564345 0 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE data
a=fingerprint:sha-256 C0:8C:23:45:7F:96:82:BE:3B:28:19:46:F6:6C:72:57:51:9F:14:48:D9:36:7B:7A:3E:C3:BB:CD:C8:23:87:CA
m=application 42616 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 192.0.2.2
a=mid:data
a=setup:actpass
a=ice-ufrag:yrNp
a=ice-pwd:wqHW/zhsYCWIefz8QF9Pky
a=candidate:3 1 UDP 2116026111 fe80::1 42616 typ host
a=candidate:2 1 UDP 2116026111 fd00::2:0:0:3 42616 typ host
a=candidate:1 1 UDP 2114977791 192.0.2.2 42616 typ host
a=end-of-candidates
`

describe.each(Object.entries({ CHROMIUM, FIREFOX, NODE }))('a description of %s', (_, source) => {
  const sdp = source.replaceAll('\n', '\r\n')

  test('comes back with its credentials, its fingerprint and its ways, and is far smaller', () => {
    const reduced = reduce(sdp) as Handshake
    const again = rebuild('offer', reduced, midOf(sdp)) ?? ''
    for (const line of sdp.match(/^a=(ice-ufrag|ice-pwd|fingerprint|mid|group).*$/gm) ?? []) {
      expect(again).toContain(line)
    }
    expect(reduce(again)).toEqual(reduced)
  })

  test('is none without credentials or fingerprint', () => {
    for (const name of ['ice-ufrag', 'ice-pwd', 'fingerprint']) {
      expect(reduce(sdp.replace(new RegExp(`a=${name}:.*\r\n`), ''))).toBeUndefined()
    }
    expect(reduce(sdp.replace('sha-256', 'sha-1'))).toBeUndefined()
  })
})

describe('candidates', () => {
  const ways = (sdp: string) =>
    [
      ...(rebuild('offer', reduce(sdp) as Handshake) ?? '').matchAll(/^a=candidate:\S+ 1 udp \d+ (.*)$/gm),
    ].map(([, way]) => way?.trim())

  test('keep their kind, address and port, those of one kind in their order; TCP and link-local are left out', () => {
    expect(ways(CHROMIUM)).toEqual([
      'a10d0430-3186-4230-99e6-3ded44861059.local 52084 typ host',
      '203.0.113.9 52200 typ srflx raddr 0.0.0.0 rport 0',
      'abe29bdb-684c-4079-883f-dbb7c1c83e82.local 37267 typ host',
    ])
    expect(ways(NODE)).toEqual([
      'fd00:0000:0000:0000:0002:0000:0000:0003 42616 typ host',
      '192.0.2.2 42616 typ host',
    ])
  })

  test('are few of a hundred, and of each kind some', () => {
    const many = Array.from(
      { length: 100 },
      (_, at) => `a=candidate:${at} 1 udp ${3_000_000_000 - at} 10.0.0.${at} 5000 typ host\r\n`,
    ).join('')
    const sdp = CHROMIUM.replace('a=candidate', `${many}a=candidate`)
    expect(ways(sdp)).toHaveLength(MAX_WAYS)
    expect(ways(sdp)).toContain('203.0.113.9 52200 typ srflx raddr 0.0.0.0 rport 0')
    expect(ways(sdp)[0]).toBe('10.0.0.0 5000 typ host')
  })

  test.each([
    '300.1.1.1',
    '1.2.3',
    'printer.local',
    'example.org',
    '1::2::3',
    '12345::',
    '1:2:3',
    '169.254.0.1',
  ])('with the address %s are left out', (address) => {
    expect(ways(CHROMIUM.replace('203.0.113.9', address))).toHaveLength(2)
  })

  test('that are none make no description, whatever bytes they are', () => {
    const { ways: _, ...own } = reduce(CHROMIUM) as Handshake
    const lines =
      /^(a=candidate:1 1 udp \d+ [0-9a-f:.-]+(\.local)? \d+ typ (host|srflx|relay)( raddr 0\.0\.0\.0 rport 0)?)$/m
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 7, maxLength: 19 }), (bytes) => {
        const sdp = rebuild('offer', { ...own, ways: [bytes as Uint8Array<ArrayBuffer>] })
        return sdp === undefined || lines.test(sdp.replaceAll('\r', ''))
      }),
      { numRuns: 2_000 },
    )
    for (const bytes of [
      [9, 1, 2, 3, 4, 0, 1],
      [0, 1, 2, 3, 4, 0, 0],
      [0, 1, 2, 3, 4, 5, 0, 1],
    ]) {
      expect(rebuild('offer', { ...own, ways: [Uint8Array.from(bytes)] })).toBeUndefined()
    }
  })
})
