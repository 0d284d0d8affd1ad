/** Who is told that a peer's addresses have changed. */
import type { Connection } from '@libp2p/interface'
import { expect, it } from 'vitest'
import type { Parts } from '#node/parts'
import { folder, open, until as soon } from '../bootstrap/harness.ts'
import { introduced, linked } from './harness.ts'

const PUSH = '/ipfs/id/push/1.0.0'

it('an entrance is, so that it introduces this peer; a link is not', { timeout: 60_000 }, async () => {
  const identity = `${await folder()}/bootstrap.key`
  const [here, closed] = [await open(), await open({ identity })]
  const port = Number(new URL(closed.url).port)
  await closed.stop()
  const ana = await introduced({ bootstraps: [here.url, closed.url] })
  const ben = await introduced({ bootstraps: [here.url], links: 0 })
  await ana.connect(ben.id)
  await linked(ana, ben)
  const link = pushes(ana, ben.id)
  const known = pushes(ana, here.peerId)
  // Her addresses change with the other entrance.
  await open({ identity, port })
  await soon(() => known.length > 0)
  // Whom else she tells she has begun to tell by then.
  expect(link).toEqual([])
})

/** Fills with each stream on which `node` is about to say what has changed. */
function pushes(node: unknown, peer: string): unknown[] {
  const { links } = (node as { parts: Parts }).parts
  const connection = links.get(peer) as Connection
  const { newStream } = connection
  const said: unknown[] = []
  connection.newStream = (protocol, options) => {
    if (protocol === PUSH) said.push(protocol)
    return newStream(protocol, options)
  }
  return said
}
