/** Who is remembered as an entrance: who stayed for a minute, or came when hardly anyone was known. */
import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { Acquaintances } from '#node/entrance/acquaintances'
import { Memory } from '#node/entrance/memory'

const IDS = [
  '12D3KooWEUMjHGdMwQ6NwiTppsfd7iaAqHv81KodmL8WLDj2YXXp',
  '12D3KooWE9xY1EWy9c2Nz8DxuSVRc5WDjTFP3QJXFH5YC8JPfNJB',
  '12D3KooWSv7a3FsZ5YQRQKCmd1zUAc7ePQSPbMvhxzwBcSVNreb1',
] as const
const MINUTE = 60_000

/** A peer that hears of links; time is turned by hand. */
function make(atHome = false) {
  const [events, timers] = [new EventTarget(), new Set<{ at: number; run: () => void }>()]
  const addresses = new Map<string, { multiaddr: ReturnType<typeof multiaddr>; isCertified: boolean }[]>()
  let now = 0
  const clock = {
    now: () => now,
    after(wait: number, run: () => void) {
      const timer = { at: now + wait, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
  }
  const peerStore = { get: async (peer: object) => ({ addresses: addresses.get(String(peer)) ?? [] }) }
  const libp2p = Object.assign(events, { peerStore }) as unknown as Libp2p
  const memory = new Memory({ kept: { bootstraps: [], peers: [] }, given: [], write: async () => {} })
  new Acquaintances({ libp2p, memory, atHome, clock, isBootstrap: (peer) => peer === 'bootstrap' })
  const tell = (type: string, detail: object) => events.dispatchEvent(new CustomEvent(type, { detail }))
  return {
    memory,
    /** A direct link to `peer`, which says that it is dialled at `where`. */
    async link(peer: string, where = '/ip4/1.1.1.1/tcp/1/ws', isCertified = true, limits?: object) {
      addresses.set(peer, [{ multiaddr: multiaddr(where), isCertified }])
      const connection = { remotePeer: peer, limits }
      tell('connection:open', connection)
      tell('peer:identify', { peerId: peer, connection })
      await new Promise(setImmediate)
    },
    async unlink(peer: string) {
      tell('peer:disconnect', Object(peer))
    },
    async pass(millis: number) {
      now += millis
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer)
        timer.run()
      }
      await new Promise(setImmediate)
    },
    knows: () => IDS.filter((peer) => memory.knows(peer)),
  }
}

describe('a peer that can be dialled', () => {
  it('is remembered at once while hardly anyone is, and then after a minute', async () => {
    const { link, pass, knows } = make()
    for (const peer of IDS) await link(peer)
    await pass(MINUTE - 1)
    expect(knows()).toEqual(IDS.slice(0, 2))
    await pass(1)
    expect(knows()).toEqual(IDS)
  })

  it('that passes by is not remembered', async () => {
    const { link, unlink, pass, knows } = make()
    for (const peer of IDS) await link(peer)
    await unlink(IDS[2])
    await pass(10 * MINUTE)
    expect(knows()).toEqual(IDS.slice(0, 2))
  })

  it('is known by its new addresses as soon as it tells of them', async () => {
    const { link, memory } = make()
    await link(IDS[0])
    await link(IDS[0], '/ip4/1.1.1.2/tcp/1/ws')
    await new Promise(setImmediate)
    expect(memory.peers).toEqual([[`/ip4/1.1.1.2/tcp/1/ws/p2p/${IDS[0]}`]])
  })
})

describe('nobody is remembered', () => {
  it.each([
    ['by addresses that it did not sign', '/ip4/1.1.1.1/tcp/1/ws', false],
    ['by private ones in a public mesh', '/ip4/192.168.1.1/tcp/1/ws', true],
    ['by those at which no page can dial', '/ip4/1.1.1.1/tcp/22', true],
  ])('%s', async (_, where, isCertified) => {
    const { link, pass, knows } = make()
    await link(IDS[0], where, isCertified)
    await pass(10 * MINUTE)
    expect(knows()).toEqual([])
  })

  it('who is only reached through others', async () => {
    const { link, pass, knows } = make()
    await link(IDS[0], '/ip4/1.1.1.1/tcp/1/ws', true, { seconds: 120 })
    await pass(10 * MINUTE)
    expect(knows()).toEqual([])
  })
})
