/** Registrations among real peers: over WebRTC, with a bootstrap and without. */
import { describe, expect, it } from 'vitest'
import type { ColoniaNode } from '#node/index'
import type { Registry } from '#node/registration/registry'
import type { Registration } from '#protocols/registration/index'
import { open } from '../bootstrap/harness.ts'
import { introduced, linked } from './harness.ts'

describe('a registration', () => {
  it('is found by whoever shares no link with the owner', async () => {
    const bootstraps = [(await open()).url]
    const [ana, ben] = [
      await introduced({ bootstraps, links: 0 }),
      await introduced({ bootstraps, links: 0 }),
    ]
    const found = await registered(ben, ana.id, () => true)
    expect(found).toMatchObject({ owner: ana.id, gone: false, epoch: { writer: ana.id }, chain: [] })
    expect(found.relays).toHaveLength(1)
    expect(ben.links).toEqual([])
  })

  it('is found through other peers when no bootstrap is left', async () => {
    const bootstrap = await open()
    const options = { bootstraps: [bootstrap.url], links: 0, contingents: 1 }
    const [ana, ben, cai] = [await introduced(options), await introduced(options), await introduced(options)]
    await Promise.all([ana.connect(ben.id), cai.connect(ben.id)])
    await Promise.all([linked(ben, ana), linked(ben, cai)])
    await bootstrap.stop()
    const found = await registered(cai, ana.id, ({ contingents }) => contingents.length > 0)
    expect(found.contingents).toEqual([ben.id])
  })
})

function registryOf(node: ColoniaNode): Registry {
  return (node as unknown as { registry: Registry }).registry
}

/** Until what `node` finds of `owner` is as wanted: it takes as long as a put. */
async function registered(
  node: ColoniaNode,
  owner: string,
  holds: (found: Registration) => boolean,
): Promise<Registration> {
  while (true) {
    const found = await registryOf(node).find(owner)
    if (found !== undefined && holds(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
