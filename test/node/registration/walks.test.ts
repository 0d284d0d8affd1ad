/** Where walks begin. */
import { expect, it } from 'vitest'
import { keyOf } from '#node/keyspace'
import { idOf } from '#node/peer-id'
import { beginWith, type Dht } from '#node/registration/kad'
import { keyAt } from './drafts.ts'

const ids = await Promise.all(
  Array.from({ length: 12 }, async (_, at) => (await keyAt(at)).publicKey.toString()),
)
const [target, ...others] = ids as [string, ...string[]]
const distance = (peer: string) => keyOf(peer) ^ keyOf(target)
const nearestFirst = others.sort((a, b) => (distance(a) < distance(b) ? -1 : 1))

/** Where in the keyspace that peer is, as kad-dht has it. */
async function placeOf(peer: string): Promise<Uint8Array> {
  return new Uint8Array(
    await crypto.subtle.digest('SHA-256', Uint8Array.from(idOf(peer).toMultihash().bytes)),
  )
}

/** Peers that a walk to the target begins with. */
async function begin(linked: readonly string[], known: readonly string[]): Promise<string[]> {
  const routingTable = { size: linked.length, kBucketSize: 3, closestPeers: () => linked.map(idOf) }
  const dht = { routingTable, queryManager: { routingTable } } as unknown as Dht
  beginWith(dht, () => known)
  return dht.queryManager.routingTable.closestPeers(await placeOf(target)).map(String)
}

it('with the nearest of whom linked peers tell, and with those linked, each once', async () => {
  const far = nearestFirst.slice(8)
  const begun = await begin(far, [...nearestFirst.slice(2), far[0] as string])
  expect(begun.sort()).toEqual([...far, ...nearestFirst.slice(2, 5)].sort())
})

it('with those linked where nobody told of anyone, and with nobody who cannot be', async () => {
  expect(await begin(nearestFirst.slice(0, 2), [])).toEqual(nearestFirst.slice(0, 2))
  expect(await begin([], ['nobody', '', '12D3KooW'])).toEqual([])
})
