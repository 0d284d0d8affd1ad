import type { Libp2p, Stream } from '@libp2p/interface'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { encode } from '@msgpack/msgpack'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { openChannel } from '#node/channel'
import { type Message, VERSION, wire } from '#protocols/introduction/index'
import type { Bootstrap } from '../../bootstrap/index.ts'
import { client, metric, open, settle, until } from './harness.ts'

const hello = { type: 'introduce', lowest: VERSION, highest: VERSION, want: 8 } as const

describe('the introducer', () => {
  it('gives the first newcomer nobody, but ICE servers, limits, the version and other bootstraps', async () => {
    const iceServers = [{ urls: ['stun:stun.example.org'] }]
    const bootstraps = ['https://other.example.org']
    const bootstrap = await open({ iceServers, relaySeconds: 60, relayBytes: 65_536, bootstraps })
    expect(await ask(await client(), bootstrap)).toEqual({
      type: 'introduction',
      version: VERSION,
      peers: [],
      iceServers,
      limits: { relayMillis: 60_000, relayBytes: 65_536 },
      entrances: bootstraps,
    })
  })

  it('introduces those who are here to each other by their own signed records, never to themselves', async () => {
    const bootstrap = await open()
    const [ann, ben, newcomer] = [await client(), await client(), await client()]
    await settle(ann, bootstrap)
    await settle(ben, bootstrap)
    expect(await introduced(ann, bootstrap)).toEqual([ben.peerId.toString()])
    const both = [ann.peerId.toString(), ben.peerId.toString()].sort()
    expect((await introduced(newcomer, bootstrap)).sort()).toEqual(both)
  })

  it('gives as many as are wanted and no more', async () => {
    const bootstrap = await open()
    await settle(await client(), bootstrap)
    await settle(await client(), bootstrap)
    expect(await introduced(await client(), bootstrap, { ...hello, want: 1 })).toHaveLength(1)
  })

  it('lets a newcomer reach whom it met through the relay', async () => {
    const bootstrap = await open()
    const [ann, newcomer] = [await client(), await client()]
    await settle(ann, bootstrap)
    await newcomer.dial(multiaddr(bootstrap.addresses[0]))
    const way = multiaddr(`${bootstrap.addresses[0]}/p2p-circuit/p2p/${ann.peerId}`)
    const connection = await newcomer.dial(way)
    expect(connection.remotePeer.equals(ann.peerId)).toBe(true)
    expect(Number(connection.limits?.bytes)).toBeLessThanOrEqual(262_144)
  })

  it('forgets who left, and frees its reservation', async () => {
    const bootstrap = await open()
    const ann = await client()
    await settle(ann, bootstrap)
    expect(bootstrap.counts()).toMatchObject({ connections: 1, peers: 1, reservations: 1 })
    await ann.stop()
    await until(() => bootstrap.counts().connections === 0)
    expect(bootstrap.counts()).toMatchObject({ addressGroups: 0, peers: 0, reservations: 0 })
    expect(await introduced(await client(), bootstrap)).toEqual([])
  })

  it('takes the newer connection of a peer that comes twice', async () => {
    const bootstrap = await open()
    const ann = await client()
    const address = multiaddr(bootstrap.addresses[0])
    await ann.dial(address)
    await until(() => bootstrap.counts().connections === 1)
    const second = await ann.dial(address, { force: true })
    await until(() => ann.getConnections().length === 1)
    expect(ann.getConnections()[0]?.id).toBe(second.id)
    await until(() => bootstrap.counts().connections === 1)
  })

  it.each([
    ['version from the future', VERSION + 1, 'This server is older than the page.'],
    ['version of the past', 0, 'This page is older than the server.'],
  ])('refuses a %s with a reason that a page can show', async (_, version, reason) => {
    const bootstrap = await open()
    const reply = await ask(await client(), bootstrap, { ...hello, lowest: version, highest: version })
    expect(reply).toMatchObject({ type: 'refused', code: 'version', lowest: VERSION, highest: VERSION })
    expect(reply.type === 'refused' && reply.reason).toContain(reason)
  })

  it('refuses an impatient peer after thirty requests in a minute, and nobody else', async () => {
    const bootstrap = await open()
    const ann = await client()
    for (let i = 0; i < 30; i++) expect((await ask(ann, bootstrap)).type).toBe('introduction')
    expect(await ask(ann, bootstrap)).toMatchObject({ type: 'refused', code: 'full' })
    expect((await ask(await client(), bootstrap)).type).toBe('introduction')
  })

  it('passes over a message of a type that it does not know', async () => {
    const bootstrap = await open()
    const stream = await streamTo(await client(), bootstrap)
    stream.send(frame(encode({ type: 'sing', song: 1 })))
    const channel = openChannel(stream, wire)
    await channel.send(hello)
    expect(await channel.receive()).toMatchObject({ type: 'introduction' })
  })

  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
  it.each([
    ['garbage', frame(new Uint8Array(64).fill(0xc1))],
    ['a truncated message', frame(wire.encode(hello).subarray(0, -1))],
    ['a length beyond the limit', new Uint8Array([0xff, 0xff, 0xff, 0x7f])],
    ['deep nesting', frame(encode({ type: 'introduce', a: nested(60) }))],
    ['an ill-typed field', frame(encode({ ...hello, want: 'all' }))],
    ['a list of four thousand million', frame(new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]))],
  ])('closes the stream, and only that, at %s', async (_, bytes) => {
    const bootstrap = await open()
    const ann = await client()
    const stream = await streamTo(ann, bootstrap)
    const closed = new Promise<void>((resolve) => stream.addEventListener('close', () => resolve()))
    stream.send(bytes)
    await closed
    expect(await metric(bootstrap, 'colonia_introductions_total{outcome="breach"}')).toBe(1)
    expect((await ask(ann, bootstrap)).type).toBe('introduction')
  })
})

async function streamTo(node: Libp2p, bootstrap: Bootstrap): Promise<Stream> {
  const connection = await node.dial(multiaddr(bootstrap.addresses[0]))
  return connection.newStream(wire.protocol)
}

async function ask(node: Libp2p, bootstrap: Bootstrap, request: Message = hello) {
  const channel = openChannel(await streamTo(node, bootstrap), wire)
  await channel.send(request)
  const reply = await channel.receive()
  await channel.stream.close()
  return reply
}

/** The PeerIDs of those introduced, once their signatures are verified. */
async function introduced(node: Libp2p, bootstrap: Bootstrap, request: Message = hello): Promise<string[]> {
  const reply = await ask(node, bootstrap, request)
  if (reply.type !== 'introduction') throw new TypeError(`answered ${reply.type}`)
  return Promise.all(
    reply.peers.map(async (bytes) => {
      const { payload } = await RecordEnvelope.openAndCertify(bytes, PeerRecord.DOMAIN)
      const { peerId, multiaddrs } = PeerRecord.createFromProtobuf(payload)
      expect(multiaddrs.join(' ')).toContain(`/p2p/${bootstrap.peerId}/p2p-circuit`)
      return peerId.toString()
    }),
  )
}

/** Behind its length, as a varint of one or two bytes. */
function frame(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  const head = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
  return Uint8Array.of(...head, ...bytes)
}
