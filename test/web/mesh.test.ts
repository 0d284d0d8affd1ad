/** The picture of the mesh: who is in it, and where. */
import { describe, expect, it } from 'vitest'
import type { ColoniaNode, Link } from '#node/api'
import { AIRY, PLACES, pointAt, settle } from '../../web/src/mesh/places.ts'
import { viewOf } from '../../web/src/mesh/view.ts'

describe('places', () => {
  const wish = (peer: string) => Number(peer) / 100

  it('keeps everyone where they are while others come and go', () => {
    const taken = new Map<string, number>()
    settle(taken, ['10', '50', '90'], wish)
    const before = new Map(taken)
    settle(taken, ['90', '11', '10', '12', '50'], wish)
    for (const [peer, place] of before) expect(taken.get(peer)).toBe(place)
    settle(taken, ['50'], wish)
    expect([...taken]).toEqual([['50', before.get('50')]])
  })

  it('gives whoever comes alone the same place whenever they come, near to what their PeerID names', () => {
    for (let times = 0; times < 2; times += 1) {
      const taken = new Map<string, number>()
      settle(taken, ['37'], wish)
      expect(taken.get('37')).toBe(7)
    }
  })

  it('keeps room between a few, even when they wish for the same', () => {
    const taken = new Map<string, number>()
    settle(taken, ['40', '41', '42', '43', '44', '45', '46', '47'].slice(0, AIRY), wish)
    const places = [...taken.values()].sort((a, b) => a - b)
    expect(places).toEqual([1, 4, 7, 10, 13, 16, 19, 22])
  })

  it('has one for each of so many, and none for those after', () => {
    const taken = new Map<string, number>()
    const peers = Array.from({ length: PLACES + 4 }, (_, index) => String(index))
    settle(taken, peers, wish)
    expect(new Set(taken.values()).size).toBe(PLACES)
    expect([...taken.keys()]).toEqual(peers.slice(0, PLACES))
    expect([...taken.values()].every((place) => place >= 0 && place < PLACES)).toBe(true)
  })

  it('leaves the top to the entrances, and no two faces touch', () => {
    const points = Array.from({ length: PLACES }, (_, place) => pointAt(place, { x: 0, y: 0 }, 122))
    for (const [index, { x, y }] of points.entries()) {
      expect(y).toBeGreaterThan(-100)
      const next = points[index + 1]
      if (next !== undefined) expect(Math.hypot(next.x - x, next.y - y)).toBeGreaterThan(24)
    }
  })
})

describe('view', () => {
  const link = (peer: string, direct = true): Link => ({ peer, direct, turn: false, since: 0 })

  it('gathers what is known of each peer, and puts those first who matter most', () => {
    const { mates } = viewOf(
      mesh({
        links: [link('relayed', false), link('direct'), link('first'), link('friend')],
        holders: ['first', 'second'],
        holding: ['first', 'away'],
        calls: ['friend'],
      }),
    )
    expect(mates.map(({ peer }) => peer)).toEqual(['friend', 'first', 'second', 'away', 'direct', 'relayed'])
    expect(mates[0]).toMatchObject({ inCall: true, rank: undefined, held: false })
    expect(mates[1]).toMatchObject({ inCall: false, rank: 1, held: true, link: { direct: true } })
    expect(mates[3]).toMatchObject({ rank: undefined, held: true, link: undefined })
  })

  it('draws a line between two who are linked to each other once, and none to strangers', () => {
    const neighbours = new Map<string, string[]>([
      ['b', ['a', 'c', 'stranger', 'b']],
      ['a', ['b']],
    ])
    const { edges } = viewOf(mesh({ links: [link('a'), link('b'), link('c')], neighbours }))
    expect(edges).toEqual([
      ['a', 'b'],
      ['b', 'c'],
    ])
  })
})

interface Drawn {
  links?: Link[]
  holders?: string[]
  holding?: string[]
  calls?: string[]
  neighbours?: Map<string, string[]>
}

function mesh({
  links = [],
  holders = [],
  holding = [],
  calls = [],
  neighbours = new Map(),
}: Drawn): ColoniaNode {
  return {
    links,
    entrances: [],
    neighbours,
    contingency: {
      holders: holders.map((peer) => ({ peer, warm: true, lacks: 0 })),
      holding: holding.map((owner) => ({ owner, standingIn: false })),
    },
    calls: calls.map((peer) => ({ peer, phase: 'active' })),
  } as unknown as ColoniaNode
}
