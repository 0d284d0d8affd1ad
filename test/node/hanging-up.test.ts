/** Hanging up, by parts: what is relayed ends first, nobody calls back, and a bootstrap that lies gains nothing. */
import { type Connection, KEEP_ALIVE, type Libp2p, type Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Clock } from '#node/driver'
import { askToLeave, hangUp, idle } from '#node/entrance/hanging-up'
import { watchStrays } from '#node/entrance/strays'
import { VERSION, wire } from '#protocols/introduction/index'
import { client, folder, metric, open, settle, until as soon } from '../bootstrap/harness.ts'
import { entrance, introduced } from './harness.ts'

const patience = () => AbortSignal.timeout(5_000)

describe('hanging up', () => {
  it('waits until nothing is relayed any more', async () => {
    const bootstrap = await open()
    const [ana, ben] = [await client(), await client()]
    await ana.handle('/talk', closeWithThem, { runOnLimitedConnection: true })
    await settle(ana, bootstrap)
    const [connection] = ana.getConnections() as [Connection]
    await idle(ana, connection, {})
    await ben.dial(multiaddr(bootstrap.addresses[0]))
    const way = multiaddr(`${bootstrap.addresses[0]}/p2p-circuit/p2p/${ana.peerId}`)
    const relayed = await ben.dial(way)
    await soon(() => ana.getConnections(ben.peerId).length === 1)
    // Nobody says anything on it.
    await idle(ana, connection, {})
    const talk = await relayed.newStream('/talk', { runOnLimitedConnection: true })
    await soon(() => ana.getConnections(ben.peerId)[0]?.streams.length === 1)

    let free = false
    const waiting = idle(ana, connection, {}).then(() => {
      free = true
    })
    // A round trip on the same connection: whatever would have been decided by now is.
    await askToLeave(connection, patience())
    expect(free).toBe(false)
    await expect(idle(ana, connection, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    )
    await talk.close()
    await waiting
  })

  it('is not undone by libp2p, which dials relays again that it has lost', async () => {
    const bootstrap = await open()
    const ana = await client()
    await settle(ana, bootstrap)
    const [connection] = ana.getConnections() as [Connection]
    const dials: string[] = []
    ana.addEventListener('connection:open', ({ detail }) => dials.push(detail.remotePeer.toString()))
    await hangUp(connection)
    await soon(() => bootstrap.counts().connections === 0)
    const { tags } = await ana.peerStore.get(connection.remotePeer)
    expect([...tags.keys()].filter((tag) => tag.startsWith(KEEP_ALIVE))).toEqual([])
    // Its attempt would come at once, and before this one.
    await settle(await client(), bootstrap)
    expect(dials).toEqual([])
    expect(bootstrap.counts()).toMatchObject({ connections: 1, reservations: 1 })
  })
})

describe('a bootstrap that is asked', () => {
  it('lets go who is of no use, and is not impressed by someone who asks in a loop', async () => {
    const bootstrap = await open({ anchors: 1 })
    const ana = await client()
    const connection = await ana.dial(multiaddr(bootstrap.addresses[0]))
    for (let n = 0; n < 30; n++) expect(await askToLeave(connection, patience())).toBe('go')
    await expect(askToLeave(connection, patience())).rejects.toThrow('refused')
    expect(await metric(bootstrap, 'colonia_leaves_total{answer="full"}')).toBe(1)
    expect(connection.status).toBe('open')
    // Nobody else is kept waiting by that.
    const ben = await client()
    await settle(ben, bootstrap)
    expect(await askToLeave(ben.getConnections()[0] as Connection, patience())).toBeGreaterThan(0)
    expect(bootstrap.counts().anchors).toBe(1)
    await ben.stop()
    await soon(() => bootstrap.counts().anchors === 0)
  })

  const limits = { relayMillis: 0, relayBytes: 0 }
  const stay = wire.encode({ type: 'stay', millis: 1 })
  it.each<[string, Uint8Array]>([
    ['nonsense', Uint8Array.of(4, 0xc1, 0xc1, 0xc1, 0xc1)],
    ['half an answer', framed(stay.subarray(0, -1))],
    ['a stay of less than nothing', framed(Uint8Array.from([...stay.subarray(0, -1), 0xff]))],
    ['a stay of how long?', framed(Uint8Array.from([...stay.subarray(0, -1), 0xc0]))],
    [
      'an introduction',
      framed(wire.encode({ type: 'introduction', version: VERSION, peers: [], iceServers: [], limits })),
    ],
    ['its own question', framed(wire.encode({ type: 'leave' }))],
    ['something new', framed(Uint8Array.of(0x81, 0xa4, 0x74, 0x79, 0x70, 0x65, 0xa1, 0x78))],
    ['too much', Uint8Array.of(0xff, 0xff, 0xff, 0x7f)],
  ])('and answers with %s has not let anyone go', async (_, bytes) => {
    const liar = await server((stream) => void stream.send(bytes))
    const connection = await (await client()).dial(liar.getMultiaddrs())
    await expect(askToLeave(connection, patience())).rejects.toThrow()
    expect(connection.status).toBe('open')
  })

  it('and does not answer at all is waited for no longer than is meant', async () => {
    const mute = await server(() => {})
    const connection = await (await client()).dial(mute.getMultiaddrs())
    await expect(askToLeave(connection, AbortSignal.timeout(50))).rejects.toThrow()
  })

  it('under the same address and with another identity is a new entrance, and the former one is none', async () => {
    const before = await open()
    const node = await introduced({ bootstraps: [before.url] })
    await before.stop()
    await entrance(node, 'lost')
    const after = await open({ port: before.port, identity: `${await folder()}/another.key` })
    await entrance(node, 'connected')
    const { entrances } = (node as unknown as { parts: { entrances: { has(peer: string): boolean } } }).parts
    expect([entrances.has(before.peerId), entrances.has(after.peerId)]).toEqual([false, true])
    await soon(() => after.counts().reservations === 1)
  })
})

describe('a stray', () => {
  it('is a relay that nobody wanted as an entrance: hung up on when its handshake is over', async () => {
    const bootstrap = await open()
    const [ana, ben] = [await client(), await client()]
    await settle(ana, bootstrap)
    const { clock, ring } = alarms()
    const stopped = new AbortController()
    let wanted = true
    watchStrays(ben, () => wanted, stopped.signal, clock)
    const relayed = await ben.dial(multiaddr(`${bootstrap.addresses[0]}/p2p-circuit/p2p/${ana.peerId}`))
    const stray = () => ben.getConnections().filter(({ limits: limited }) => limited === undefined)
    await soon(() => ring.length === 1)
    // An entrance is kept.
    ring.shift()?.()
    await relayed.close()
    await soon(() => ring.length === 1)
    expect(stray()).toHaveLength(1)
    wanted = false
    ring.shift()?.()
    await soon(() => bootstrap.counts().connections === 1)
    expect(stray()).toEqual([])
    stopped.abort()
  })
})

/** A libp2p node that takes connections and does with a question what it likes. */
async function server(answer: (stream: Stream) => void): Promise<Libp2p> {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  await node.handle(wire.protocol, answer)
  onTestFinished(async () => node.stop())
  return node
}

/** A clock whose alarms ring by hand. */
function alarms(): { clock: Clock; ring: (() => void)[] } {
  const ring: (() => void)[] = []
  const after: Clock['after'] = (_, callback) => {
    ring.push(callback)
    return () => {}
  }
  return { clock: { now: () => 0, after }, ring }
}

function closeWithThem(stream: Stream): void {
  stream.addEventListener('remoteCloseWrite', () => void stream.close())
}

function framed(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(bytes.length, ...bytes)
}
