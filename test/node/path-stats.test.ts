/** What is known of the path under a link, and that libp2p still lets us see it. */
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, vi } from 'vitest'
import type { ColoniaNode } from '#node/index'
import type { Links } from '#node/link/links'
import { lookAt, pathOf, peerConnectionOf, readPath, wayView } from '#node/link/path-stats'
import { open } from '../bootstrap/harness.ts'
import { introduced } from './harness.ts'

describe('a real link', () => {
  it('shows its RTCPeerConnection on both sides, and the pair that ICE chose', async () => {
    const bootstraps = [(await open()).url]
    const one = await introduced({ bootstraps, links: 0 })
    const two = await introduced({ bootstraps, links: 0 })
    await one.connect(two.id)
    for (const [node, other] of [
      [one, two],
      [two, one],
    ] as const) {
      // A dial that was doubled leaves two links for a moment, of which one closes, and a closed one has no pair.
      const connection = await vi.waitFor(async () => {
        const latest = await connectionTo(node, other)
        const report = await peerConnectionOf(latest)?.getStats()
        expect(readPath(report as RTCStatsReport)).toBeDefined()
        return latest
      }, 10_000)
      const path = await lookAt(connection)
      expect(path.turn).toBe(false)
      expect(node.links).toMatchObject([{ peer: other.id, direct: true, turn: false }])
      expect(path.rtt ?? 0).toBeLessThan(500)
    }
  })
})

describe('what the statistics say', () => {
  const local = { id: 'l', type: 'local-candidate', candidateType: 'host' }
  const remote = { id: 'r', type: 'remote-candidate', candidateType: 'srflx' }
  const pair = {
    id: 'p',
    type: 'candidate-pair',
    localCandidateId: 'l',
    remoteCandidateId: 'r',
    currentRoundTripTime: 0.042,
  }
  const other = { ...pair, id: 'q', currentRoundTripTime: 9 }
  const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'p' }

  it('is the chosen pair, as Chromium and Safari tell it', () => {
    expect(readPath(report(local, remote, other, pair, transport), 1000)).toEqual({ turn: false, rtt: 42 })
  })

  it('is the chosen pair, as Firefox tells it', () => {
    expect(readPath(report(local, remote, other, { ...pair, selected: true }), 1000)).toEqual({
      turn: false,
      rtt: 42,
    })
  })

  it.each(['local', 'remote'])('is a TURN server when the %s end is one', (end) => {
    const relay = { candidateType: 'relay' }
    const ends = end === 'local' ? [{ ...local, ...relay }, remote] : [local, { ...remote, ...relay }]
    expect(readPath(report(...ends, pair, transport))?.turn).toBe(true)
  })

  it('is nothing while nothing is chosen', () => {
    expect(readPath(report(local, remote, pair, { id: 't', type: 'transport' }))).toBeUndefined()
    expect(readPath(report())).toBeUndefined()
  })
})

describe('where nothing can be seen', () => {
  it.each([
    ['no such field', {}],
    ['another kind of connection', { maConn: {} }],
    ['something else of that name', { maConn: { peerConnection: 'moved' } }],
    [
      'statistics that fail',
      { maConn: { peerConnection: { getStats: () => Promise.reject(new Error('closed')) } } },
    ],
  ])('%s: a link is direct, with the round trip that libp2p pings', async (_, inside) => {
    const connection = { rtt: 7.4, ...inside } as unknown as Connection
    expect(await lookAt(connection)).toEqual({ turn: false })
    expect(pathOf(connection)).toEqual({ turn: false })
    expect(wayView(connection, true)).toEqual({ turn: false, rtt: 7 })
  })

  it('asks once for many looks', async () => {
    let asked = 0
    const getStats = async () => {
      asked += 1
      return report()
    }
    const connection = { maConn: { peerConnection: { getStats } } } as unknown as Connection
    for (let looks = 0; looks < 5; looks += 1) pathOf(connection)
    expect(asked).toBe(1)
  })
})

describe('a relayed connection', () => {
  const [a, b, c] = ['12D3KooWA', '12D3KooWB', '12D3KooWC'].map((id) => id.padEnd(52, 'x')) as [
    string,
    string,
    string,
  ]

  it.each([
    [`/ip4/127.0.0.1/tcp/1/ws/p2p/${a}/p2p-circuit/p2p/${c}`, a],
    [`/p2p/${a}/p2p-circuit/p2p/${c}`, a],
    [`/p2p/${a}/p2p-circuit/p2p/${b}/p2p-circuit/p2p/${c}`, a],
  ])('is carried by the first that its address names', (address, via) => {
    expect(wayView({ remoteAddr: multiaddr(address) } as Connection, false)).toEqual({ turn: false, via })
  })

  it('is carried by nobody knows whom when its address does not say', () => {
    expect(wayView({ remoteAddr: multiaddr(`/p2p/${c}`) } as Connection, false)).toEqual({ turn: false })
  })
})

function report(...stats: ({ id: string } & Record<string, unknown>)[]): RTCStatsReport {
  return new Map(stats.map((one) => [one.id, one])) as unknown as RTCStatsReport
}

async function connectionTo(node: ColoniaNode, other: ColoniaNode): Promise<Connection> {
  return await (node as unknown as { parts: { links: Links } }).parts.links.link(other.id)
}
