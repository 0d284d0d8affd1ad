/** Keeping registrations for others: what is refused, what stays, and what goes. */
import type { Ed25519PrivateKey, PeerId } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { keyOf, open, seal } from '#node/registration/envelope'
import { placeOf } from '#node/registration/place'
import type { Draft } from '#protocols/registration/index'
import { metric, open as openBootstrap } from '../../bootstrap/harness.ts'
import { ana, ben, idOf, keyAt, lies, of, standingIn } from './drafts.ts'
import { dishonest, eventually, honest, meet, put, registry, soon, table } from './mesh.ts'

describe('what must not be believed', () => {
  it('is kept by nobody, and refused for its reason', async () => {
    const hub = await honest()
    const liar = await dishonest()
    await meet(liar.libp2p, hub.libp2p)
    for (const [reason, value] of await lies()) {
      const before = hub.made.refused.get(reason) ?? 0
      await put(liar.dht, idOf(ana), value)
      expect(hub.made.refused.get(reason), reason).toBe(before + 1)
    }
    expect(hub.made.shelf.size).toBe(0)
  })

  it('is counted by a bootstrap', async () => {
    const bootstrap = await openBootstrap()
    const liar = await dishonest()
    await liar.libp2p.dial(multiaddr(bootstrap.addresses[0]))
    await eventually(async () => table(liar.libp2p).size > 0)
    for (const [, value] of await lies()) await put(liar.dht, idOf(ana), value)
    expect(await metric(bootstrap, 'colonia_registrations_refused_total{reason="bad-right"}')).toBe(3)
    expect(await metric(bootstrap, 'colonia_registrations_refused_total{reason="unproven"}')).toBe(1)
    expect(bootstrap.counts().registrations).toBe(0)
    await put(liar.dht, idOf(ana), await seal(of(ana), ana, Date.now()))
    expect(await metric(bootstrap, 'colonia_registrations')).toBe(1)
  })

  it('is believed by nobody who finds it', async () => {
    const liar = await dishonest()
    const seeker = await registry()
    await meet(seeker.libp2p, liar.libp2p)
    for (const [reason, value] of await lies()) {
      // The liar asks the seeker, too, to keep it.
      await put(liar.dht, idOf(ana), value)
      const before = seeker.registry.refused.get(reason) ?? 0
      expect(await seeker.registry.find(idOf(ana)), reason).toBeUndefined()
      expect(seeker.registry.refused.get(reason), reason).toBeGreaterThan(before)
    }
  })

  it('does not hide what is true', async () => {
    const [hub, liar, seeker] = [await honest(), await dishonest(), await registry()]
    await meet(seeker.libp2p, hub.libp2p)
    await meet(seeker.libp2p, liar.libp2p)
    const writer = await dishonest()
    await meet(writer.libp2p, hub.libp2p)
    const stale = await seal(of(ana), ana, Date.now())
    await put(writer.dht, idOf(ana), await seal({ ...of(ana), sequence: 2 }, ana, Date.now()))
    // Neither from a liar nor from one who is late.
    for (const value of [stale, ...(await lies()).map(([, lie]) => lie)]) {
      await put(liar.dht, idOf(ana), value)
      expect(await seeker.registry.find(idOf(ana))).toMatchObject({ sequence: 2 })
    }
  })
})

describe('what is kept', () => {
  it('is not replaced by what is older, and by what is newer it is', async () => {
    const [hub, peer] = [await honest(), await dishonest()]
    await meet(peer.libp2p, hub.libp2p)
    const sequenceAfter = async (draft: Draft, key: Ed25519PrivateKey) => {
      await put(peer.dht, idOf(ana), await seal(draft, key, Date.now()))
      const kept = hub.made.shelf.of(idOf(ana))
      return kept && (await open(idOf(ana), kept, Date.now()))
    }
    expect(await sequenceAfter({ ...of(ana), sequence: 2 }, ana)).toMatchObject({ sequence: 2 })
    expect(await sequenceAfter(of(ana), ana)).toMatchObject({ sequence: 2 })
    expect(await sequenceAfter({ ...of(ana), sequence: 3, gone: true }, ana)).toMatchObject({ gone: true })
    expect(await sequenceAfter(await standingIn(), ben)).toMatchObject({ epoch: { writer: idOf(ben) } })
    expect(await sequenceAfter({ ...of(ana), sequence: 9 }, ana)).toMatchObject({
      epoch: { writer: idOf(ben) },
    })
    expect(hub.made.shelf.size).toBe(1)
  })

  it('is bounded: what is farthest from who keeps it goes first', async () => {
    const hub = await honest({ keep: 3 })
    const peer = await dishonest()
    await meet(peer.libp2p, hub.libp2p)
    const owners = await Promise.all([11, 12, 13, 14, 15, 16].map(keyAt))
    for (const key of owners) await put(peer.dht, idOf(key), await seal(of(key), key, Date.now()))
    const near = await sorted(owners.map(idOf), hub.libp2p.peerId)
    expect(near.filter((owner) => hub.made.shelf.of(owner) !== undefined)).toEqual(near.slice(0, 3))
  })

  it('is nothing but registrations', async () => {
    const [hub, peer] = [await honest(), await dishonest()]
    await meet(peer.libp2p, hub.libp2p)
    const publicKey = new Uint8Array([
      ...new TextEncoder().encode('/pk/'),
      ...peer.libp2p.peerId.toMultihash().bytes,
    ])
    for await (const _ of peer.dht.put(
      publicKey,
      peer.libp2p.peerId.publicKey?.raw ?? new Uint8Array(),
      soon(),
    ));
    expect(hub.made.shelf.size).toBe(0)
  })
})

/** Those nearest to `self` in the keyspace first. */
async function sorted(owners: readonly string[], self: PeerId): Promise<string[]> {
  const at = async (bytes: Uint8Array) =>
    BigInt(`0x${Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex')}`)
  const here = await at(self.toMultihash().bytes)
  const far = await Promise.all(
    owners.map(async (owner) => ({ owner, distance: (await at(placeOf(keyOf(owner)))) ^ here })),
  )
  return far.sort((a, b) => (a.distance < b.distance ? -1 : 1)).map(({ owner }) => owner)
}
