/** Where a registration lies. */
import { expect, it } from 'vitest'
import { keyOf as keyspaceOf } from '#node/keyspace'
import { idOf } from '#node/peer-id'
import { K } from '#node/registration/dht'
import { keyOf, seal } from '#node/registration/envelope'
import { placeOf } from '#node/registration/place'
import type { Change } from '#node/registration/registry'
import { keyAt, of } from './drafts.ts'
import { honest, meet, put, registry, soon } from './mesh.ts'

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

it('is with those who are known to be near, who are not asked who else is', async () => {
  const key = await keyAt(1)
  const owner = key.publicKey.toString()
  const others = await Promise.all([honest(), honest(), honest()])
  const [near, alsoNear] = others.map(({ libp2p }) => libp2p.peerId.toString()) as [string, string]
  const writer = await registry(key, { nearby: () => [near, alsoNear] })
  for (const other of others) await meet(writer.libp2p, other.libp2p)
  const asked: string[] = []
  const dht = writer.made.dht as unknown as {
    network: Record<'sendRequest', (...request: unknown[]) => unknown>
  }
  const send = dht.network.sendRequest.bind(dht.network)
  dht.network.sendRequest = (to, message, ...rest) => {
    asked.push(`${(message as { type: string }).type} ${to}`)
    return send(to, message, ...rest)
  }
  const epoch = { n: 1, writer: owner, session: 'one' }
  const state: Change = { type: 'changed', owner, part: 'writing', epoch, roster: [], chain: [] }
  writer.registry.changed(state)
  await writer.registry.register([], soon())
  expect(asked.sort()).toEqual([`PUT_VALUE ${near}`, `PUT_VALUE ${alsoNear}`].sort())
  expect(others.map(({ made }) => made.shelf.of(owner) !== undefined)).toEqual([true, true, false])
})
