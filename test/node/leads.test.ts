/** Where ways to a peer come from, in which order, and which make no sense. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerStore } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { Atlas } from '#node/link/atlas'
import { Leads, type LeadsInit } from '#node/link/leads'
import type { Lead } from '#node/link/search'
import { addressOf } from '#node/relay/address'
import { ana, of } from './registration/drafts.ts'

const [ben, cai, dan, boot] = (await Promise.all(
  Array.from({ length: 4 }, async () => (await generateKeyPair('Ed25519')).publicKey.toString()),
)) as [string, string, string, string]
const entrance = multiaddr(`/dns4/example.org/tcp/443/tls/ws/p2p/${boot}`)
const house = `/ip4/192.168.1.1/tcp/80/ws/p2p/${boot}`

function make(known: Partial<LeadsInit> & { linked?: string[]; recorded?: string[] } = {}) {
  const { linked = [ben], recorded = [] } = known
  const isLinked = (peer: string) => linked.includes(peer)
  const atlas = new Atlas({ isLinked, isConnected: isLinked, now: () => 0 })
  const addresses = recorded.map((each) => ({ multiaddr: multiaddr(each), isCertified: true }))
  const leads = new Leads({
    atlas,
    entrances: () => [entrance],
    peerStore: { get: async () => ({ addresses }) } as unknown as PeerStore,
    walk: async function* () {},
    registration: async () => undefined,
    arriving: () => false,
    atHome: () => false,
    links: () => linked.length,
    nextLink: () => Promise.reject(new Error('none')),
    ...known,
  })
  return { atlas, leads }
}

async function all(leads: Leads, peer = cai): Promise<Lead[]> {
  const found: Lead[] = []
  for await (const lead of leads.to(peer, new AbortController().signal, async () => {})) found.push(lead)
  return found
}

const ways = (leads: readonly Lead[]) => leads.map(({ how, way }) => [how, way])

describe('leads', () => {
  it('are what led there last, its own address, who is linked to it, and a bootstrap, likeliest first', async () => {
    const own = `/ip4/1.2.3.4/tcp/80/ws/p2p/${cai}`
    const { atlas, leads } = make({ recorded: [own] })
    atlas.reached(cai, 'the last way')
    atlas.told(ben, [cai])
    const found = await leads.known(cai)
    expect(ways(found)).toEqual([
      ['cache', 'the last way'],
      ['address', own],
      ['neighbour', addressOf([ben, cai]).toString()],
      ['bootstrap', `${entrance}/p2p-circuit/p2p/${cai}`],
    ])
    expect(found.map(({ rank }) => rank)).toEqual([...found.map(({ rank }) => rank)].sort())
  })

  it('come from a look-up, too: who is linked to it, its contingents, and its bootstraps', async () => {
    const relay = `/dns4/example.net/tcp/443/tls/ws/p2p/${boot}`
    const { atlas, leads } = make({
      walk: async function* () {
        yield { by: dan, rounds: 2 }
      },
      registration: async () => ({ ...of(ana), expires: 0, contingents: [ben, cai], relays: [relay] }),
    })
    atlas.heard(dan, ben)
    const found = (await all(leads)).filter(({ how }) => how !== 'bootstrap')
    expect(new Set(ways(found).map(String))).toEqual(
      new Set([
        `dht,${addressOf([ben, dan, cai])}`,
        `contingent,${addressOf([ben, cai])}`,
        `dht,${relay}/p2p-circuit/p2p/${cai}`,
      ]),
    )
    expect(found.find(({ way }) => way.includes(dan))?.rounds).toBe(2)
  })

  it('are no private addresses that others tell, unless this peer is at home in a private network', async () => {
    const told = { recorded: [`${house}/p2p-circuit`, `/ip4/127.0.0.1/tcp/22/ws/p2p/${cai}`] }
    const registration = async () => ({ ...of(ana), expires: 0, relays: [house] })
    expect(ways(await all(make({ ...told, registration }).leads))).toEqual([
      ['bootstrap', `${entrance}/p2p-circuit/p2p/${cai}`],
    ])
    const atHome = await all(make({ ...told, registration, atHome: () => true }).leads)
    expect(atHome.map(({ how }) => how).sort()).toEqual(['address', 'bootstrap', 'bootstrap', 'dht'])
  })

  it('end when a look-up fails, and are not waited for by those who have links', async () => {
    const { leads } = make({
      walk: () => {
        throw new Error('no')
      },
      registration: () => Promise.reject(new Error('no')),
    })
    expect(ways(await all(leads))).toEqual([['bootstrap', `${entrance}/p2p-circuit/p2p/${cai}`]])
  })

  it('come once more when the first link is there, for one who has just come', async () => {
    let links = 0
    const { atlas, leads } = make({
      arriving: () => true,
      links: () => links,
      nextLink: async () => {
        links = 2
        atlas.told(ben, [cai])
      },
    })
    expect(ways(await all(leads))).toContainEqual(['neighbour', addressOf([ben, cai]).toString()])
  })
})

describe('the atlas', () => {
  it('goes around those of whom it only heard, and no further than a path may be', () => {
    const { atlas } = make()
    expect(atlas.path(ben)).toEqual([ben])
    atlas.heard(dan, cai)
    expect(atlas.path(dan)).toBeUndefined()
    atlas.told(ben, [cai])
    expect(atlas.path(dan)).toEqual([ben, cai, dan])
    atlas.forget(ben)
    expect(atlas.path(dan)).toBeUndefined()
    // A circle of liars.
    atlas.heard(cai, dan)
    expect(atlas.path(dan)).toBeUndefined()
    for (let n = 0; n < 9; n++) atlas.heard(`p${n + 1}`, n === 0 ? ben : `p${n}`)
    expect(atlas.path('p4')).toHaveLength(5)
    expect(atlas.path('p5')).toBeUndefined()
  })

  it('forgets what it heard long ago, and whom it heard of first', () => {
    let now = 0
    const atlas = new Atlas({ isLinked: (peer) => peer === ben, isConnected: () => false, now: () => now })
    atlas.heard(dan, ben)
    atlas.reached(cai, 'way')
    expect([atlas.path(dan), atlas.last(cai)]).toEqual([[ben, dan], 'way'])
    now = 3_600_000
    expect([atlas.path(dan), atlas.last(cai)]).toEqual([undefined, undefined])
    now = 0
    for (let n = 0; n < 2_000; n++) atlas.heard(`p${n}`, ben)
    expect([atlas.path(dan), atlas.path('p1999')]).toEqual([undefined, [ben, 'p1999']])
  })
})
