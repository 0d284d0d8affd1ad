/** A carried connection that the other side lets go of just when it is needed. */
import type { Connection } from '@libp2p/interface'
import { expect, it } from 'vitest'
import type { Links } from '#node/link/links'
import { open } from '../bootstrap/harness.ts'
import { introduced } from './harness.ts'

interface Inside {
  parts: { links: Links }
}

/** What yamux does when it is told goodbye; the connection's own end comes a moment later, with the next bytes. */
interface Multiplexed extends Connection {
  muxer: { status: string; onTransportClosed(): void }
}

it('is done without: the dial that was to signal over it has another one carried', async () => {
  const quiet = { bootstraps: [(await open()).url], links: 0, contingents: 0 }
  const [ana, ben] = [await introduced(quiet), await introduced(quiet)]
  expect(await ana.find(ben.id)).toMatchObject({ presence: 'here', how: 'bootstrap' })
  const carried = (ana as unknown as Inside).parts.links.get(ben.id)
  const { muxer } = carried as Multiplexed
  muxer.onTransportClosed()
  expect([carried?.status, muxer.status]).toEqual(['open', 'closed'])

  expect(await ana.connect(ben.id)).toMatchObject({ peer: ben.id, direct: true })
})
