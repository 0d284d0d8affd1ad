/** Two peers that dial each other at the same moment have a link, and keep it. */
import { expect, it } from 'vitest'
import { open } from '../bootstrap/harness.ts'
import { introduced } from './harness.ts'

it('is a link on both sides, every time', async () => {
  const bootstraps = [(await open()).url]
  const quiet = { bootstraps, links: 0, contingents: 0 }
  for (let n = 0; n < 6; n++) {
    const [ana, ben] = [await introduced(quiet), await introduced(quiet)]
    const links = await Promise.all([ana.connect(ben.id), ben.connect(ana.id)])
    expect(links.map(({ direct }) => direct)).toEqual([true, true])
    // Whatever was given up is gone by the time that a question has been answered.
    await ana.presence(ben.id)
    for (const [one, other] of [[ana, ben] as const, [ben, ana] as const]) {
      expect(one.links.filter(({ peer, direct }) => direct && peer === other.id)).toHaveLength(1)
    }
    await Promise.all([ana.stop(), ben.stop()])
  }
  // Twelve real peers come and go: five to eleven seconds, and more beside other tests.
}, 60_000)
