/** Where a registration lies. */
import { expect, it } from 'vitest'
import { keyOf as keyspaceOf } from '#node/keyspace'
import { idOf } from '#node/peer-id'
import { K } from '#node/registration/dht'
import { keyOf, seal } from '#node/registration/envelope'
import { placeOf } from '#node/registration/place'
import { keyAt, of } from './drafts.ts'
import { honest, meet, put, registry } from './mesh.ts'

it('is where its owner is, and what is no registration is where it would be', async () => {
  const owner = (await keyAt(1)).publicKey.toString()
  const multihash = idOf(owner).toMultihash().bytes
  expect(placeOf(keyOf(owner))).toEqual(multihash)
  expect(placeOf(multihash)).toBe(multihash)
  for (const text of ['/colonia/', '/colonia/nobody', `/pk/${owner}`, `/colonia/${owner}/more`, '']) {
    const key = new TextEncoder().encode(text)
    expect(placeOf(key)).toBe(key)
  }
})

it('is with the eight that are nearest to its owner', async () => {
  const key = await keyAt(1)
  const owner = key.publicKey.toString()
  const writer = await registry(key)
  const others = await Promise.all(Array.from({ length: K + 4 }, () => honest()))
  for (const other of others) await meet(writer.libp2p, other.libp2p)
  await put(writer.made.dht, owner, await seal(of(key), key, Date.now()))
  const keep = others.filter(({ made }) => made.shelf.of(owner) !== undefined)
  const distance = (peer: string) => keyspaceOf(peer) ^ keyspaceOf(owner)
  const nearestFirst = others
    .map(({ libp2p }) => libp2p.peerId.toString())
    .sort((a, b) => (distance(a) < distance(b) ? -1 : 1))
  expect(keep.map(({ libp2p }) => libp2p.peerId.toString()).sort()).toEqual(nearestFirst.slice(0, K).sort())
})
