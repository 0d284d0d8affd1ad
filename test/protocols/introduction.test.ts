/** What a newcomer asks of an entrance and what it is given, within its limits. */
import { describe, expect, test } from 'vitest'
import {
  commonVersion,
  type Introduction,
  MAX_ENTRANCES,
  MAX_ICE_SERVERS,
  MAX_PEERS,
  MAX_RECORD_BYTES,
  VERSION,
  wire,
} from '#protocols/introduction/index'
import { MAX_ENTRIES } from '#protocols/wire/index'

describe('the version to speak', () => {
  test('is ours when theirs reach it', () => {
    expect(commonVersion({ lowest: VERSION, highest: VERSION })).toBe(VERSION)
    expect(commonVersion({ lowest: 0, highest: VERSION + 7 })).toBe(VERSION)
  })

  test('is none when they are too new, too old or mad', () => {
    expect(commonVersion({ lowest: VERSION + 1, highest: VERSION + 7 })).toBeUndefined()
    expect(commonVersion({ lowest: 0, highest: VERSION - 1 })).toBeUndefined()
    expect(commonVersion({ lowest: VERSION + 1, highest: VERSION - 1 })).toBeUndefined()
  })
})

describe('an introduction', () => {
  const server = {
    urls: Array<string>(8).fill(`turn:${'x'.repeat(251)}`),
    username: 'u'.repeat(256),
    credential: 'c'.repeat(256),
  }
  const reply = (peers: number, recordBytes: number, servers: number): Introduction => ({
    type: 'introduction',
    version: VERSION,
    peers: Array.from({ length: peers }, () => new Uint8Array(recordBytes)),
    iceServers: Array<typeof server>(servers).fill(server),
    limits: { relayMillis: 120_000, relayBytes: 262_144 },
  })

  test('may be empty: the first peer of a mesh is alone', () => {
    expect(wire.decode(wire.encode(reply(0, 0, 0)))).toEqual(reply(0, 0, 0))
  })

  test('holds as many of the largest records as are promised, beside the usual ICE servers', () => {
    const stun = { urls: ['stun:stun.example.org:3478'] }
    const largest = { ...reply(MAX_PEERS, MAX_RECORD_BYTES, 0), iceServers: [stun, stun] }
    expect(wire.decode(wire.encode(largest))).toEqual(largest)
  })

  test('of more peers, larger records or more servers is neither sent nor taken', () => {
    expect(() => wire.encode(reply(MAX_PEERS + 1, 0, 0))).toThrow(/^introduction\.peers: /)
    expect(() => wire.encode(reply(1, MAX_RECORD_BYTES + 1, 0))).toThrow(/^introduction\.peers\.0: /)
    expect(() => wire.encode(reply(0, 0, MAX_ICE_SERVERS + 1))).toThrow(/^introduction\.iceServers: /)
    expect(MAX_PEERS).toBeLessThanOrEqual(MAX_ENTRIES)
  })

  test('tells of other bootstraps by their origins alone, and of a few', () => {
    const told = (entrances: string[]) => wire.encode({ ...reply(0, 0, 0), entrances })
    expect(wire.decode(told(['https://a.example', 'http://[::1]:8080']))).toMatchObject({
      entrances: ['https://a.example', 'http://[::1]:8080'],
    })
    const none = ['ftp://a', 'https://a/b', 'https://u@a', 'https://a?b', `https://${'a'.repeat(249)}`, '']
    for (const text of none) expect(() => told([text]), text).toThrow(/^introduction\.entrances\.0: /)
    expect(() => told(Array(MAX_ENTRANCES + 1).fill('https://a'))).toThrow(/^introduction\.entrances: /)
  })

  test('at all of its caps at once is too long to send, rather than cut', () => {
    expect(() => wire.encode(reply(MAX_PEERS, MAX_RECORD_BYTES, MAX_ICE_SERVERS))).toThrow(
      /80000 are allowed/,
    )
  })
})

describe('asking', () => {
  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, MAX_PEERS + 1])(
    'for %s peers is refused',
    (want) => {
      expect(() => wire.encode({ type: 'introduce', lowest: 1, highest: 1, want })).toThrow(
        /^introduce\.want: /,
      )
    },
  )

  test('is refused with a reason from a short list', () => {
    const refused = { type: 'refused', reason: 'why', lowest: 1, highest: 1 } as const
    expect(wire.encode({ ...refused, code: 'draining' })).toBeInstanceOf(Uint8Array)
    expect(() => wire.encode({ ...refused, code: 'mood' as 'full' })).toThrow(/^refused\.code: /)
  })
})
