/** The mesh relay: any peer carries the handshake of two others, within bounds, and learns nothing by it. */
import { describe, expect, it } from 'vitest'
import { pathOf } from '#node/relay/address'
import { limits } from '#node/relay/carrier'
import { wire } from '#protocols/relay/index'
import { until } from '../../support/until.ts'
import { eventually } from '../registration/mesh.ts'
import { chain, echo, type Villager, villager } from './village.ts'

const bytes = new TextEncoder().encode('what an ant says')

async function village(count: number): Promise<Villager[]> {
  const all = await Promise.all(Array.from({ length: count }, () => villager()))
  await chain(...all)
  return all
}

describe('a peer that is linked to two others', () => {
  it('carries their handshake, and they are connected, each sure of the other', async () => {
    const [ana, ben, cai] = (await village(3)) as [Villager, Villager, Villager]
    const connection = await ana.through([ben], cai)
    expect(connection.remotePeer.toString()).toBe(cai.id)
    expect(connection.limits).toBeDefined()
    expect(await echo(connection, cai, bytes)).toEqual(Buffer.from(bytes))
    const [inbound] = cai.libp2p.getConnections(ana.libp2p.peerId)
    expect(pathOf(inbound?.remoteAddr as never)).toEqual([ben.id, ana.id])
    expect(ben.relay.carrier.counts.carried).toBe(1)
    await connection.close()
    await until(
      cai.libp2p,
      'connection:close',
      () => cai.libp2p.getConnections(ana.libp2p.peerId).length === 0,
    )
  })

  it('reads nothing of what they say', async () => {
    const carried: Uint8Array[] = []
    const nosy = await villager()
    const [ana, cai] = [await villager(), await villager()]
    await chain(ana, nosy, cai)
    const join = nosy.relay.carrier.join.bind(nosy.relay.carrier)
    nosy.relay.carrier.join = (one, other, signal) => {
      for (const stream of [one, other])
        stream.addEventListener('message', ({ data }) => carried.push(data.subarray()))
      return join(one, other, signal)
    }
    const connection = await ana.through([nosy], cai)
    await echo(connection, cai, bytes)
    const seen = Buffer.concat(carried)
    expect(seen.byteLength).toBeGreaterThan(500)
    expect(seen.includes(Buffer.from(bytes))).toBe(false)
  })

  it('carries along a path of several', async () => {
    const all = await village(5)
    const [first, ...rest] = all as [Villager, ...Villager[]]
    const target = rest.pop() as Villager
    const connection = await first.through(rest, target)
    expect(connection.remotePeer.toString()).toBe(target.id)
    expect(await echo(connection, target, bytes)).toEqual(Buffer.from(bytes))
    expect(rest.map(({ relay }) => relay.carrier.counts.carried)).toEqual([1, 1, 1])
  })

  it('says at once that it has no link to the target, and makes none', async () => {
    const [ana, ben] = (await village(2)) as [Villager, Villager]
    const stranger = await villager()
    await expect(ana.through([ben], stranger)).rejects.toMatchObject({ name: 'CarryError', code: 'absent' })
    expect(ben.libp2p.getConnections(stranger.libp2p.peerId)).toEqual([])
    expect(ben.relay.carrier.counts.refused.absent).toBe(1)
  })

  it('refuses a path that leads back, through itself, or to what is no peer', async () => {
    const [ana, ben] = (await village(2)) as [Villager, Villager]
    await expect(ana.through([ben], ana)).rejects.toThrow()
    const carry = { type: 'carry', from: ana.id } as const
    for (const path of [[ben.id], ['nonsense']]) {
      const { openChannel } = await import('#node/channel')
      const channel = openChannel(await ana.libp2p.dialProtocol(ben.libp2p.peerId, wire.protocol), wire)
      await channel.send({ ...carry, path })
      expect(await channel.receive()).toEqual({ type: 'refused', code: 'bad-path' })
    }
  })
})

describe('the bounds', () => {
  it('hold for handshakes at once of one neighbour, and a place that is given back is free', async () => {
    const [ana, ben, cai] = (await village(3)) as [Villager, Villager, Villager]
    const open = []
    for (let n = 0; n < limits.perNeighbour; n++) open.push(await ana.through([ben], cai))
    await expect(ana.through([ben], cai)).rejects.toMatchObject({ code: 'busy' })
    const other = await villager()
    await other.libp2p.dial(ben.libp2p.getMultiaddrs())
    await (await other.through([ben], cai)).close()
    const [one] = open
    await one?.close()
    await eventually(async () => ben.relay.carrier.atOnce < limits.perNeighbour)
    await ana.through([ben], cai)
  })

  it('hold for a flood of requests that nobody answers', async () => {
    const silent = await villager(() => new Promise(() => {}))
    const [ana, ben] = [await villager(), await villager()]
    await chain(ana, ben, silent)
    const flood = Array.from({ length: 3 * limits.perNeighbour }, () =>
      ana.through([ben], silent).catch(String),
    )
    const answers = await Promise.all(flood)
    expect(answers.every((answer) => typeof answer === 'string')).toBe(true)
    const { refused } = ben.relay.carrier.counts
    expect(refused.busy + refused.absent).toBeLessThanOrEqual(3 * limits.perNeighbour)
    expect(refused.absent).toBeLessThanOrEqual(limits.perNeighbour)
    // Others are served all the while.
    const [cai, dan] = [await villager(), await villager()]
    await chain(dan, ben, cai)
    void ana.through([ben], silent).catch(() => {})
    await (await dan.through([ben], cai)).close()
  })

  it('hold for bytes: more than a handshake is cut off, on both sides', async () => {
    const [ana, ben, cai] = (await village(3)) as [Villager, Villager, Villager]
    const connection = await ana.through([ben], cai)
    await expect(echo(connection, cai, new Uint8Array(limits.bytes))).rejects.toThrow()
    await until(ana.libp2p, 'connection:close', () => connection.status !== 'open')
    await until(
      cai.libp2p,
      'connection:close',
      () => cai.libp2p.getConnections(ana.libp2p.peerId).length === 0,
    )
    expect(ben.relay.carrier.counts.bytes).toBeLessThan(limits.bytes + 200_000)
  })
})

describe('a peer that carries as it pleases', () => {
  it('and never answers costs a moment', async () => {
    const silent = await villager(() => new Promise(() => {}))
    const ana = await villager()
    await chain(ana, silent)
    const target = await villager()
    const began = performance.now()
    await expect(ana.through([silent], target)).rejects.toThrow()
    expect(performance.now() - began).toBeLessThan(8_000)
  })

  it('and leads to another than it was asked for is found out', async () => {
    const mallory = await villager()
    const liar = await villager(async (channel) => {
      await channel.send({ type: 'carried' })
      const onto = await liar.libp2p.dialProtocol(mallory.libp2p.peerId, wire.protocol)
      const { openChannel } = await import('#node/channel')
      const onward = openChannel(onto, wire)
      await onward.send({ type: 'carry', from: ana.id, path: [] })
      await onward.receive()
      await liar.relay.carrier.join(channel.unwrap(), onward.unwrap(), AbortSignal.timeout(5_000))
    })
    const [ana, cai] = [await villager(), await villager()]
    await chain(ana, liar, mallory)
    await expect(ana.through([liar], cai)).rejects.toThrow()
    expect(ana.libp2p.getConnections(mallory.libp2p.peerId)).toEqual([])
    expect(ana.libp2p.getConnections(cai.libp2p.peerId)).toEqual([])
  })

  it('and says that another asks than does deceives nobody', async () => {
    const [ben, cai] = [await villager(), await villager()]
    const liar = await villager(async (channel) => {
      const onto = await liar.libp2p.dialProtocol(cai.libp2p.peerId, wire.protocol)
      const { openChannel } = await import('#node/channel')
      const onward = openChannel(onto, wire)
      await onward.send({ type: 'carry', from: ben.id, path: [] })
      await onward.receive()
      await channel.send({ type: 'carried' })
      await liar.relay.carrier.join(channel.unwrap(), onward.unwrap(), AbortSignal.timeout(5_000))
    })
    const ana = await villager()
    await chain(ana, liar, cai)
    // Ana has heard who is there before Cai hears who asks, who then ends it.
    const connection = await ana.through([liar], cai).catch(() => undefined)
    await until(ana.libp2p, 'connection:close', () => connection?.status !== 'open')
    expect(cai.libp2p.getConnections(ben.libp2p.peerId)).toEqual([])
    expect(cai.libp2p.getConnections(ana.libp2p.peerId)).toEqual([])
  })

  it('and answers with nonsense, or with more than may be said, is left', async () => {
    const mad = await villager(async (channel) => {
      channel.stream.send(new Uint8Array(70_000))
    })
    const ana = await villager()
    await chain(ana, mad)
    await expect(ana.through([mad], await villager())).rejects.toThrow()
  })
})
