/** What linked peers tell each other of their links, and those that tell too much; and what may be opened in an hour. */
import type { Connection } from '@libp2p/interface'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openChannel } from '#node/channel'
import { ConnectionBudget, PAGE } from '#node/link/budget'
import { Neighbours } from '#node/link/neighbours'
import { wire } from '#protocols/links/index'
import { World } from '../../simulations/world.ts'
import { until } from '../support/until.ts'
import { chain, type Villager, villager } from './relay/village.ts'

interface Told extends EventTarget {
  readonly lists: string[][]
  readonly neighbours: Neighbours
}

async function listening(one: Villager): Promise<Told> {
  const lists: string[][] = []
  const events = new EventTarget()
  const neighbours = new Neighbours({
    libp2p: one.libp2p,
    onAsked: () => {},
    onTold: (from, peers) => {
      lists.push([from, ...peers])
      events.dispatchEvent(new Event('told'))
    },
  })
  await neighbours.start()
  onTestFinished(() => neighbours.stop())
  return Object.assign(events, { lists, neighbours })
}

describe('neighbours', () => {
  it('hear what they are told, on one stream, whenever it changes', async () => {
    const [ana, ben] = [await villager(), await villager()]
    const [there, here] = [await listening(ana), await listening(ben)]
    await chain(ana, ben)
    there.neighbours.tell([ben.id], [ben.id])
    there.neighbours.tell([ben.id], [ben.id, 'C'])
    await until(here, 'told', () => here.lists.length === 2)
    expect(here.lists).toEqual([
      [ana.id, ben.id],
      [ana.id, ben.id, 'C'],
    ])
    const [connection] = ana.libp2p.getConnections()
    expect(connection?.streams.filter(({ protocol }) => protocol === wire.protocol)).toHaveLength(1)
    // Who is not linked is told nothing.
    here.neighbours.tell([(await villager()).id], [])
  })

  it('hear it over another connection when the newest leads to nobody, or when that is asked whether it is there', async () => {
    const [ana, ben] = [await villager(), await villager()]
    const [there, here] = [await listening(ana), await listening(ben)]
    await chain(ana, ben)
    // Its maker has given it up: no stream opens on it until it ends.
    const ghost = await ana.libp2p.dial(ben.libp2p.getMultiaddrs(), { force: true })
    ghost.newStream = () =>
      new Promise((_resolve, reject) => ghost.addEventListener('close', reject, { once: true }))
    there.neighbours.tell([ben.id], [ben.id])
    ghost.abort(new Error('nobody is there'))
    await until(here, 'told', () => here.lists.length === 1)

    const [connection] = ana.libp2p.getConnections(ben.libp2p.peerId) as [Connection]
    const [stream] = connection.streams.filter(({ protocol }) => protocol === wire.protocol)
    stream?.abort(new Error('lost'))
    const { newStream } = connection
    const refused = new Promise<void>((resolve) => {
      connection.newStream = async () => {
        connection.newStream = newStream
        setImmediate(resolve)
        throw new Error('too busy')
      }
    })
    there.neighbours.tell([ben.id], [ben.id, 'C'])
    await refused
    expect(here.lists).toHaveLength(1)
    expect(there.neighbours.ping(connection, AbortSignal.timeout(1_000))).toBeUndefined()
    await until(here, 'told', () => here.lists.length === 2)
    await there.neighbours.ping(connection, AbortSignal.timeout(1_000))
  })

  it('are not believed when they tell of more peers than there may be, or talk without end', async () => {
    const [mad, ben] = [await villager(), await villager()]
    const here = await listening(ben)
    await chain(mad, ben)
    const stream = await mad.libp2p.dialProtocol(ben.libp2p.peerId, wire.protocol)
    stream.send(new Uint8Array([0xff, 0xff, 0x7f, 1, 2, 3]))
    await until(stream, 'close', () => stream.status !== 'open')
    expect(here.lists).toEqual([])

    const flood = openChannel(await mad.libp2p.dialProtocol(ben.libp2p.peerId, wire.protocol), wire)
    const talk = async () => {
      for (let n = 0; flood.stream.status === 'open'; n++) {
        await flood.send({ type: 'neighbours', peers: [`${n}`] })
      }
    }
    await talk().catch(() => {})
    expect(here.lists.length).toBeLessThan(100)
    expect(ben.libp2p.getConnections(mad.libp2p.peerId)).toHaveLength(1)
  })
})

describe('the budget of RTCPeerConnections', () => {
  it('lets a set of links be made at once, and no more in an hour than it says', () => {
    const world = new World(1)
    const budget = new ConnectionBudget(PAGE, world)
    const spend = () => {
      try {
        budget.spend()
      } catch {}
    }
    for (let n = 0; n < 1_000; n++) spend()
    expect(budget.opened).toBe(PAGE.burst)
    expect(budget.refused).toBe(1_000 - PAGE.burst)
    expect(() => budget.spend()).toThrow(/in an hour/)
    for (let n = 0; n < 3_600; n++) {
      world.run(1_000)
      spend()
    }
    expect(Math.abs(budget.opened - PAGE.burst - PAGE.perHour)).toBeLessThanOrEqual(1)
  })
})
