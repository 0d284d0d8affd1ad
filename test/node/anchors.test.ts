/** Peers that hang up on their bootstrap, and those it keeps: real ones, over WebRTC. */
import { describe, expect, it } from 'vitest'
import type { ColoniaNode } from '#node/index'
import type { Registry } from '#node/registration/registry'
import { folder, metric, open, until as soon } from '../bootstrap/harness.ts'
import { until } from '../support/until.ts'
import { entrance, introduced, peer } from './harness.ts'

describe('a mesh of six with two anchors', () => {
  it('hangs up but for the two, stays away while it stands, and knocks when it falls', async () => {
    const identity = `${await folder()}/bootstrap.key`
    const bootstrap = await open({ anchors: 2, identity })
    const url = bootstrap.url
    const peers = await Promise.all(Array.from({ length: 6 }, () => peer({ bootstraps: [url] })))
    await inState(peers, 'left', 4)
    await soon(() => bootstrap.counts().connections === 2)
    expect(bootstrap.counts()).toMatchObject({ anchors: 2, peers: 2, reservations: 2 })
    expect(await metric(bootstrap, 'colonia_anchors')).toBe(2)
    expect(await metric(bootstrap, 'colonia_leaves_total{answer="go"}')).toBeGreaterThanOrEqual(4)
    expect(await metric(bootstrap, 'colonia_leaves_total{answer="stay"}')).toBeGreaterThanOrEqual(2)

    // What others keep of those that hung up does not lead to the bootstrap any more.
    const [anchors, free] = [inStateNow(peers, 'connected'), inStateNow(peers, 'left')]
    for (const { id } of free) expect(await relaysOf(anchors[0] as ColoniaNode, id)).toEqual([])

    await bootstrap.stop()
    await inState(anchors, 'lost', 2)
    expect(inStateNow(peers, 'left')).toEqual(free)
    const again = await open({ anchors: 2, identity, port: bootstrap.port })
    await inState(anchors, 'connected', 2)
    expect(inStateNow(peers, 'left')).toEqual(free)
    expect(again.counts().connections).toBe(2)

    // Both anchors go at once: whoever stands in for them sees to it that newcomers still find somebody.
    await Promise.all(anchors.map((one) => one.stop()))
    await soon(() => again.counts().peers > 0)

    // Everyone but one goes, so that one falls.
    const [last, ...others] = free.sort((a) => (a.entrances[0]?.state === 'left' ? -1 : 1))
    await Promise.all(others.map((one) => one.stop()))
    await entrance(last as ColoniaNode, 'connected')
  }, 180_000)
})

describe('a mesh that has hung up', () => {
  it('is one in which everyone reaches everyone, a newcomer too, and with the bootstrap dead', async () => {
    const bootstrap = await open({ anchors: 2 })
    // So few links that most are not linked.
    const options = { bootstraps: [bootstrap.url], links: 2 }
    const peers = await Promise.all(Array.from({ length: 6 }, () => peer(options)))
    await inState(peers, 'left', 4)
    await soon(() => bootstrap.counts().connections === 2)
    const free = inStateNow(peers, 'left')
    await everyone(free, free)

    const newcomer = await introduced(options)
    await everyone([newcomer], peers)
    await bootstrap.stop()
    const [anchor] = peers.filter((one) => !free.includes(one)) as [ColoniaNode]
    await entrance(anchor, 'lost')
    await everyone([anchor], [...peers, newcomer])
  }, 180_000)
})

/** Each of `some` connects to each of `others`. */
async function everyone(some: readonly ColoniaNode[], others: readonly ColoniaNode[]): Promise<void> {
  for (const one of some) {
    for (const other of others) if (one !== other) await one.connect(other.id)
  }
}

/** Until so many of them see their entrance in `state`. */
async function inState(peers: readonly ColoniaNode[], state: string, wanted: number): Promise<void> {
  const all = new EventTarget()
  for (const one of peers) one.addEventListener('entrance', () => all.dispatchEvent(new Event('entrance')))
  const holds = () => inStateNow(peers, state).length === wanted
  await until(all, 'entrance', holds, { what: `${wanted} peers whose entrance is ${state}`, millis: 90_000 })
}

function inStateNow(peers: readonly ColoniaNode[], state: string): ColoniaNode[] {
  return peers.filter(({ entrances }) => entrances[0]?.state === state)
}

async function relaysOf(node: ColoniaNode, owner: string): Promise<readonly string[] | undefined> {
  return (await (node as unknown as { registry: Registry }).registry.find(owner))?.relays
}
