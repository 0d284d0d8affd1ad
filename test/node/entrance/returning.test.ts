/** Coming back without the bootstrap: by another that was heard of, or by a peer that can be dialled. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ColoniaNode } from '#node/index'
import { createBootstrap } from '../../../bootstrap/index.ts'
import { folder, open } from '../../bootstrap/harness.ts'
import { until } from '../../support/until.ts'
import { entrance, introduced, linked, peer } from '../harness.ts'

const WS = '/ip4/127.0.0.1/tcp/0/ws'
const DIRECT = '/ip4/127.0.0.1/udp/0/webrtc-direct'

/** One of its entrances is connected that is not the bootstrap at `url`. */
async function enteredOtherThan(node: ColoniaNode, url: string) {
  const found = () => node.entrances.find((one) => one.state === 'connected' && one.url !== url)
  return await until(node, 'entrance', found, { what: 'another entrance' })
}

/** Until a file of state tells of a peer that can be dialled. */
async function remembers(node: ColoniaNode, other: ColoniaNode): Promise<void> {
  await linked(node, other)
  // Identify comes right behind the link; nothing tells of what was remembered.
  const { memory } = inside(node).doors
  while (!memory.knows(other.id)) await new Promise((resolve) => setTimeout(resolve, 5))
}

function inside(node: ColoniaNode) {
  return (node as unknown as { parts: { doors: { memory: { knows(peer: string): boolean } } } }).parts
}

describe('a second start with the bootstrap dead', () => {
  it.each([
    ['WebSocket', WS],
    ['WebRTC-Direct', DIRECT],
  ])(
    'is let in by a peer that listens, over %s, and meets through it whom it never met',
    async (_, address) => {
      const bootstrap = await open()
      const bootstraps = [bootstrap.url]
      const keeper = await introduced({ bootstraps, listen: [address], links: 0 })
      expect(keeper.addresses).toHaveLength(1)
      const stranger = await introduced({ bootstraps, links: 0 })
      await stranger.connect(keeper.id)
      const options = { bootstraps, identity: `${await folder()}/ana.key`, links: 0 }
      const before = await introduced(options)
      await before.connect(keeper.id)
      await remembers(before, keeper)
      await before.stop()
      await bootstrap.stop()

      const after = await peer(options)
      const entered = await enteredOtherThan(after, bootstrap.url)
      expect(entered).toMatchObject({ kind: 'peer', url: keeper.addresses[0] })
      await linked(after, keeper)
      expect(await after.connect(stranger.id)).toMatchObject({ peer: stranger.id, direct: true })
    },
  )

  it('is let in by another bootstrap of which the first had told, before any peer is asked', async () => {
    const other = await open()
    const first = await open({ bootstraps: [other.url] })
    const keeper = await introduced({ bootstraps: [other.url], listen: [WS], links: 0 })
    const options = { bootstraps: [first.url], identity: `${await folder()}/ana.key`, links: 0 }
    const before = await introduced(options)
    // One answers, so the other one is left alone.
    expect(before.entrances).toMatchObject([{ kind: 'bootstrap', url: first.url }])
    await before.stop()
    await first.stop()

    const after = await peer(options)
    expect(await enteredOtherThan(after, first.url)).toMatchObject({ kind: 'bootstrap', url: other.url })
    await after.connect(keeper.id)
    expect(after.entrances.map(({ kind }) => kind)).toEqual(['bootstrap', 'bootstrap'])
  })
})

describe('two bootstraps, of which one dies', () => {
  it('take over from each other, and the first is used again when it is back', async () => {
    const identity = `${await folder()}/bootstrap.key`
    const other = await open()
    const config = { identity, bootstraps: [other.url] }
    const first = await open(config)
    const [ana, ben] = [
      await introduced({ bootstraps: [first.url], links: 0 }),
      await introduced({ bootstraps: [first.url], links: 0 }),
    ]
    await first.stop()
    await Promise.all([enteredOtherThan(ana, first.url), enteredOtherThan(ben, first.url)])
    await ana.connect(ben.id)

    const back = await createBootstrap({ ...config, port: Number(new URL(first.url).port) })
    onTestFinished(() => back.stop())
    const again = () => ana.entrances.find(({ url, state }) => url === first.url && state === 'connected')
    await until(ana, 'entrance', again, { what: 'the first bootstrap again' })
  })
})

describe('an introduction full of dead bootstraps', () => {
  it('costs a few attempts when the one that told is gone, and nothing once it is back', async () => {
    const identity = `${await folder()}/bootstrap.key`
    const dead = Array.from({ length: 8 }, (_, n) => `http://127.0.0.1:${n + 1}`)
    const config = { identity, bootstraps: dead }
    const first = await open(config)
    const ana = await introduced({ bootstraps: [first.url], links: 0 })
    expect(ana.entrances).toHaveLength(1)
    await first.stop()
    const all = () => ana.entrances.length === 5 && ana.entrances.every(({ state }) => state === 'lost')
    await until(ana, 'entrance', all, { what: 'all four that it keeps were tried' })

    const back = await createBootstrap({ ...config, port: Number(new URL(first.url).port) })
    onTestFinished(() => back.stop())
    await entrance(ana, 'connected')
    expect(ana.entrances).toMatchObject([{ url: first.url }])
  })
})

describe('an entrance that is named as a multiaddr', () => {
  it('needs no bootstrap at all', async () => {
    const keeper = await peer({ listen: [WS] })
    const ana = await peer({ bootstraps: [...keeper.addresses] })
    await entrance(ana, 'connected')
    await linked(ana, keeper)
    await keeper.stop()
    await entrance(ana, 'lost')
  })

  it('at which another peer answers is refused, and costs no more than that', async () => {
    const [keeper, stranger] = [await peer({ listen: [WS] }), await peer({})]
    const lie = String(keeper.addresses[0]).replace(keeper.id, stranger.id)
    const ana = await peer({ bootstraps: [lie] })
    await entrance(ana, 'refused')
    expect(ana.entrances[0]?.reason).toMatch(/another peer/)
    expect(ana.links).toEqual([])
  })

  it('that was remembered and at which another peer answers is forgotten', async () => {
    const bootstrap = await open()
    const bootstraps = [bootstrap.url]
    const keeper = await introduced({ bootstraps, listen: [WS], links: 0 })
    const options = { bootstraps, identity: `${await folder()}/ana.key`, links: 0 }
    const before = await introduced(options)
    await before.connect(keeper.id)
    await remembers(before, keeper)
    const port = /tcp\/(\d+)\//.exec(String(keeper.addresses[0]))?.[1]
    await Promise.all([before.stop(), keeper.stop(), bootstrap.stop()])

    // Someone else has its port now.
    const stranger = await peer({ listen: [`/ip4/127.0.0.1/tcp/${port}/ws`] })
    const after = await peer(options)
    await until(after, 'entrance', () => after.entrances.some(({ state }) => state === 'refused'))
    expect(inside(after).doors.memory.knows(keeper.id)).toBe(false)
    expect([...after.links, ...stranger.links]).toEqual([])
  })
})
