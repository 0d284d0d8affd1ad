/** A browser that comes back when its bootstrap is dead: it dials a peer in Node that it remembers, with nobody's help. */
import { afterAll, expect, it } from 'vitest'
import type { Entrance } from '#node/index'
import { createNode } from '#node/index'
import { startBootstrap } from '../support/bootstrap.ts'
import { openLab } from '../support/lab.ts'
import { until } from '../support/until.ts'

const lab = await openLab()
// The page comes from elsewhere, so that it can be loaded when the bootstrap is dead.
const bootstrap = await startBootstrap(['--origins', lab.bootstrap.url])
const bootstraps = [bootstrap.url]
const keeper = await createNode({ bootstraps, listen: ['/ip4/127.0.0.1/udp/0/webrtc-direct'], links: 0 })
const stranger = await createNode({ bootstraps, links: 0 })
afterAll(async () => {
  await Promise.all([keeper.stop(), stranger.stop()])
  await bootstrap.stop()
  await lab.close()
})

it('is let in by a remembered WebRTC-Direct address after a kill, and links to one it never met', async () => {
  for (const node of [keeper, stranger]) {
    const entered = () => node.entrances.some(({ state }) => state === 'connected')
    await until(node, 'entrance', entered, { what: 'introduced' })
  }
  await stranger.connect(keeper.id)
  const visitor = await lab.chromium.person()
  await visitor.page.goto(lab.bootstrap.url)
  await visitor.page.waitForFunction(() => 'createNode' in globalThis)
  await visitor.page.evaluate(visit, { bootstraps, keeper: keeper.id })
  await bootstrap.kill()

  await visitor.page.reload()
  await visitor.page.waitForFunction(() => 'createNode' in globalThis)
  const people = { keeper: keeper.id, stranger: stranger.id }
  const { entrances, link, millis } = await visitor.page.evaluate(comeBack, { bootstraps, ...people })
  expect(entrances).toMatchObject([
    { kind: 'bootstrap', url: bootstrap.url },
    { kind: 'peer', url: keeper.addresses[0], state: 'connected' },
  ])
  // Two to three seconds of patience with bootstraps, then one dial.
  expect(millis).toBeLessThan(10_000)
  expect(link).toMatchObject({ peer: stranger.id, direct: true })
})

/** Runs in the page: meets the keeper, remembers it and goes. */
async function visit({ bootstraps, keeper }: { bootstraps: string[]; keeper: string }) {
  const { createNode } = globalThis as unknown as Lab
  const node = await createNode({ bootstraps, identity: 'visitor', links: 0 })
  await new Promise<void>((resolve) => {
    node.addEventListener('entrance', () => {
      if (node.entrances.some(({ state }) => state === 'connected')) resolve()
    })
  })
  await node.connect(keeper)
  // Identify comes right behind the link; nothing tells of what was remembered.
  while (!node.parts.doors.memory.knows(keeper)) await new Promise((resolve) => setTimeout(resolve, 5))
  await node.stop()
}

/** Runs in the page: starts again, and tells how it came in. */
async function comeBack(init: { bootstraps: string[]; keeper: string; stranger: string }) {
  const { bootstraps, keeper, stranger } = init
  const { createNode } = globalThis as unknown as Lab
  const began = performance.now()
  const node = await createNode({ bootstraps, identity: 'visitor', links: 0 })
  await new Promise<void>((resolve) => {
    node.addEventListener('entrance', () => {
      const linked = node.links.some(({ peer, direct }) => peer === keeper && direct)
      if (linked && node.entrances.some(({ state }) => state === 'connected')) resolve()
    })
  })
  const millis = performance.now() - began
  return { entrances: node.entrances, millis, link: await node.connect(stranger) }
}

interface Lab {
  createNode(options: object): Promise<LabNode>
}

interface LabNode extends EventTarget {
  entrances: readonly Entrance[]
  links: readonly { peer: string; direct: boolean }[]
  parts: { doors: { memory: { knows(peer: string): boolean } } }
  connect(peer: string): Promise<unknown>
  stop(): Promise<void>
}
