/** The registry over real connections: it publishes, finds, withdraws, and has few connections carried for it. */
import { peerIdFromString } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import { CARRIES } from '#node/registration/dht'
import { keyOf, seal } from '#node/registration/envelope'
import { ana, ben, idOf, mallory, of, standingIn } from './drafts.ts'
import { dishonest, eventually, honest, meet, put, registry, soon } from './mesh.ts'

describe('a registry', () => {
  it('publishes what its peer writes, and gives whoever is further to contingency', async () => {
    const hub = await honest()
    const hints: object[] = []
    const duty = { part: 'writing', epoch: { n: 5, writer: idOf(ana), session: 's1' } } as const
    const owner = await registry(ana, { duties: { duty: () => duty, hint: (hint) => hints.push(hint) } })
    const seeker = await registry()
    await meet(owner.libp2p, hub.libp2p)
    await meet(seeker.libp2p, hub.libp2p)
    const change = {
      type: 'changed',
      owner: idOf(ana),
      part: 'writing',
      epoch: duty.epoch,
      chain: [],
    } as const
    owner.registry.changed({ ...change, roster: [idOf(ben)] })
    await eventually(async () => (await seeker.registry.find(idOf(ana))) !== undefined)
    expect(hints).toEqual([])
    // Ben took over, and says so by somebody else; the next put of Ana finds it.
    const other = await dishonest()
    await meet(other.libp2p, hub.libp2p)
    await put(other.dht, idOf(ana), await seal(await standingIn(), ben, Date.now()))
    owner.registry.changed({ ...change, roster: [] })
    await eventually(async () => hints.length > 0)
    const epoch = { n: 6, writer: idOf(ben), session: 's2' }
    expect(hints).toEqual([{ owner: idOf(ana), peer: idOf(ben), epoch }])
    expect(await seeker.registry.find(idOf(ana))).toMatchObject({ epoch })
  })

  it('looks who writes what it holds when that is in doubt, and tells contingency', async () => {
    const [hub, other] = [await honest(), await dishonest()]
    const hints: object[] = []
    const duty = { part: 'holding', epoch: { n: 5, writer: idOf(ana), session: 's1' } } as const
    const holder = await registry(undefined, {
      duties: { duty: () => duty, hint: (hint) => hints.push(hint) },
    })
    await meet(holder.libp2p, hub.libp2p)
    await meet(other.libp2p, hub.libp2p)
    await put(other.dht, idOf(ana), await seal(await standingIn(), ben, Date.now()))
    expect(hints).toEqual([])
    holder.registry.seek(idOf(ana))
    await eventually(async () => hints.length > 0)
    const epoch = { n: 6, writer: idOf(ben), session: 's2' }
    expect(hints).toEqual([{ owner: idOf(ana), peer: idOf(ben), epoch }])
  })

  it('knows the ways to whoever it has found', async () => {
    const [hub, other, seeker] = [await honest(), await dishonest(), await registry()]
    await meet(seeker.libp2p, hub.libp2p)
    await meet(other.libp2p, hub.libp2p)
    const relay = `/dns4/example.org/tcp/443/tls/ws/p2p/${idOf(mallory)}`
    const find = async (relays: string[], sequence: number) => {
      await put(other.dht, idOf(ana), await seal({ ...of(ana), relays, sequence }, ana, Date.now()))
      expect(await seeker.registry.find(idOf(ana))).toMatchObject({ relays, sequence })
      const known = await seeker.libp2p.peerStore.get(peerIdFromString(idOf(ana))).catch(() => undefined)
      return known?.addresses.map(({ multiaddr }) => multiaddr.toString()) ?? []
    }
    expect(await find(['nonsense'], 1)).toEqual([])
    expect(await find([relay], 2)).toEqual([`${relay}/p2p-circuit`])
  })

  it('withdraws at goodbye', async () => {
    const hub = await honest()
    const [owner, seeker] = [await registry(ana), await registry()]
    await meet(owner.libp2p, hub.libp2p)
    await meet(seeker.libp2p, hub.libp2p)
    const epoch = { n: 5, writer: idOf(ana), session: 's1' }
    owner.registry.changed({
      type: 'changed',
      owner: idOf(ana),
      part: 'writing',
      epoch,
      roster: [],
      chain: [],
    })
    await eventually(async () => (await seeker.registry.find(idOf(ana)))?.gone === false)
    await owner.registry.stop()
    expect(await seeker.registry.find(idOf(ana))).toMatchObject({ gone: true, epoch })
  })

  it('finds nothing, at once, when there is nobody to ask', async () => {
    const { registry: alone } = await registry()
    expect(await alone.find(idOf(ana))).toBeUndefined()
    await alone.stop()
  })

  it('gives up when its caller does', async () => {
    const { registry: alone } = await registry()
    const reason = new Error('changed my mind')
    await expect(alone.find(idOf(ana), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('has few connections carried for a look-up, and none for anything else', async () => {
    const hub = await honest()
    const others = await Promise.all(Array.from({ length: CARRIES + 6 }, () => honest()))
    for (const other of others) await meet(other.libp2p, hub.libp2p)
    await eventually(async () => hub.made.dht.routingTable.size >= others.length)
    let made = 0
    const seeker = await registry(ben, {}, (_peer, allowance) => {
      allowance.carries -= 1
      made += 1
    })
    await meet(seeker.libp2p, hub.libp2p)
    // It looks for itself when it comes: this joins that.
    await seeker.registry.find(idOf(ben))
    made = 0
    expect(await seeker.registry.find(idOf(ana))).toBeUndefined()
    expect(made).toBeGreaterThan(0)
    expect(made).toBeLessThanOrEqual(CARRIES)
    made = 0
    await seeker.made.dht.refreshRoutingTable()
    for await (const _ of seeker.made.dht.getClosestPeers(keyOf(idOf(ana)), soon()));
    expect(made).toBe(0)
  })

  it('forgets who disconnects', async () => {
    const [hub, seeker] = [await honest(), await registry()]
    await meet(seeker.libp2p, hub.libp2p)
    await hub.libp2p.stop()
    await eventually(async () => seeker.made.dht.routingTable.size === 0)
  })
})
