/** Which addresses that others tell of make sense. */
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { doorsOf, isPrivate, peerIn, sensible } from '#node/entrance/hearsay'

const BEN = '12D3KooWEUMjHGdMwQ6NwiTppsfd7iaAqHv81KodmL8WLDj2YXXp'
const EVE = '12D3KooWE9xY1EWy9c2Nz8DxuSVRc5WDjTFP3QJXFH5YC8JPfNJB'
const HASH = 'uEiD_-RY5QpnAwPi9uUVsrCjfuonO3KwEyPN2BZncLZFGVA'

describe('a private address', () => {
  it.each([
    'http://localhost:8080',
    'http://a.localhost',
    'http://printer.local',
    'http://127.0.0.1',
    'http://192.168.1.1:8080',
    'http://10.1.2.3',
    'http://0x7f.1',
    'http://169.254.169.254',
    'http://[::1]:8080',
    'http://[fd00::1]',
    'http://[::ffff:192.168.0.1]',
    '/ip4/192.168.1.1/tcp/1/ws',
    '/ip4/127.0.0.1/udp/1/webrtc-direct',
    '/ip6/::1/tcp/1/ws',
  ])('is %s', (address) => expect(isPrivate(address)).toBe(true))

  it.each(['https://example.org', 'http://1.1.1.1', '/ip4/1.1.1.1/tcp/1/ws', '/dns4/example.org/tcp/1/ws'])(
    'is not %s',
    (address) => expect(isPrivate(address)).toBe(false),
  )
})

describe('bootstraps of which another told', () => {
  it('are taken as origins, each once', () => {
    const told = ['https://a.example', 'https://a.example:443', 'http://b.example:8080', 'nonsense']
    expect(sensible(told, 'https://home.example')).toEqual(['https://a.example', 'http://b.example:8080'])
  })

  it('are taken in a private network only from one that is in one', () => {
    const told = ['http://192.168.1.1', 'http://localhost:9', 'https://a.example']
    expect(sensible(told, 'https://home.example')).toEqual(['https://a.example'])
    expect(sensible(told, 'http://192.168.1.2:8080')).toEqual(told)
  })
})

describe('where a peer says that it can be dialled', () => {
  const addresses = [
    `/ip4/1.1.1.1/udp/4002/webrtc-direct/certhash/${HASH}`,
    '/ip4/192.168.1.1/tcp/4001/ws',
    '/ip4/1.1.1.1/tcp/4001/ws',
    '/dns4/ben.example/tcp/443/tls/ws',
  ].map((text) => multiaddr(text))

  it('is by WebSocket first, over TLS before that, and not at a private address in a public mesh', () => {
    expect(doorsOf(BEN, addresses, false)).toEqual([
      `/dns4/ben.example/tcp/443/tls/ws/p2p/${BEN}`,
      `/ip4/1.1.1.1/tcp/4001/ws/p2p/${BEN}`,
      `/ip4/1.1.1.1/udp/4002/webrtc-direct/certhash/${HASH}/p2p/${BEN}`,
    ])
    expect(doorsOf(BEN, addresses, true)).toHaveLength(4)
  })

  it('is at four addresses at most, of its own, of a length that makes sense, and through no relay', () => {
    const many = Array.from({ length: 100 }, (_, n) => multiaddr(`/ip4/1.1.1.1/tcp/${n + 1}/ws`))
    expect(doorsOf(BEN, many, false)).toHaveLength(4)
    const odd = [
      multiaddr(`/ip4/1.1.1.1/tcp/1/ws/p2p/${EVE}`),
      multiaddr(`/ip4/1.1.1.1/tcp/1/ws/p2p/${EVE}/p2p-circuit`),
      multiaddr(`/ip4/1.1.1.1/tcp/1/ws/p2p/${EVE}/p2p-circuit/webrtc/p2p/${BEN}`),
      multiaddr('/ip4/1.1.1.1/tcp/22'),
      multiaddr('/webrtc'),
      multiaddr(`/dns4/${'a'.repeat(240)}/tcp/1/ws`),
    ]
    expect(doorsOf(BEN, odd, true)).toEqual([])
  })

  it('names it at the end', () => {
    expect(doorsOf(BEN, addresses, false).map(peerIn)).toEqual([BEN, BEN, BEN])
  })
})
