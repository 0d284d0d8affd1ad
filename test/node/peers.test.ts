import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { type Message, wire } from '#protocols/call/index'
import { client, folder, open } from '../bootstrap/harness.ts'
import { until } from '../support/until.ts'
import { entrance, incoming, introduced, linked, peer, phase } from './harness.ts'

describe('joining', () => {
  it('introduces a newcomer to those who are there, and they link directly', async () => {
    const bootstraps = [(await open()).url]
    const first = await introduced({ bootstraps })
    // The bootstrap knows of a peer's reservation about a second after it is made (libp2p's debounce).
    const second = await introduced({ bootstraps })
    const third = await peer({ bootstraps })
    await until(third, 'link', () => third.links.filter(({ direct }) => direct).length > 0)
    expect([first.id, second.id]).toContain(third.links[0]?.peer)
  })

  it('keeps its identity in a file', async () => {
    const identity = `${await folder()}/peer.key`
    const before = await peer({ identity })
    await before.stop()
    const after = await peer({ identity })
    expect(after.id).toBe(before.id)
  })

  it('takes the loss of its bootstrap as an event, and comes back when the bootstrap does', async () => {
    const identity = `${await folder()}/bootstrap.key`
    const before = await open({ identity })
    const [one, two] = [
      await introduced({ bootstraps: [before.url], links: 0 }),
      await introduced({ bootstraps: [before.url], links: 0 }),
    ]
    await one.connect(two.id)
    await before.stop()
    await entrance(one, 'lost')
    expect(one.entrances[0]?.reason).toMatch(/closed/)
    expect(one.links).toMatchObject([{ peer: two.id, direct: true }])

    await open({ identity, port: Number(new URL(before.url).port) })
    await entrance(one, 'connected')
    // Reachable again, too: its reservation was made anew.
    await entrance(two, 'connected')
    const stranger = await introduced({ bootstraps: [before.url], links: 0 })
    await stranger.connect(one.id)
  })

  it('refuses options that are unknown or ill-typed, naming them', async () => {
    await expect(peer({ links: 49 })).rejects.toThrow(/links/)
    await expect(peer({ bootstraps: ['ftp://example.org'] })).rejects.toThrow(/bootstraps.*http/)
    await expect(peer({ bootstrap: 'x' } as object)).rejects.toThrow(/bootstrap.*known options/)
  })
})

describe('connecting', () => {
  it('links two peers that never met, and gives the same link to all who ask', async () => {
    const bootstraps = [(await open()).url]
    const one = await introduced({ bootstraps, links: 0 })
    const two = await introduced({ bootstraps, links: 0 })
    const links = await Promise.all([one.connect(two.id), one.connect(two.id)])
    expect(links).toMatchObject([
      { peer: two.id, direct: true },
      { peer: two.id, direct: true },
    ])
    await linked(two, one)
  })

  it('says that nobody is there, that there is no entrance, and that a PeerID is none', async () => {
    const one = await introduced({ bootstraps: [(await open()).url] })
    const stranger = await peer({})
    await expect(one.connect(stranger.id)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(stranger.connect(one.id)).rejects.toMatchObject({ code: 'no-entrance' })
    await expect(one.connect('12D3KooWnonsense')).rejects.toMatchObject({ code: 'bad-peer-id' })
    expect(() => one.call(one.id)).toThrow(/itself/)
  })
})

describe('calling', () => {
  it('rings, is accepted, moves from the relay to a direct link, and ends on both sides', async () => {
    const bootstraps = [(await open()).url]
    const ada = await introduced({ bootstraps, links: 0, name: 'Ada' })
    const bo = await introduced({ bootstraps, links: 0, name: 'Bo' })
    const ringing = incoming(bo)
    const call = ada.call(bo.id)
    const theirs = await ringing
    expect(theirs).toMatchObject({ peer: ada.id, peerName: 'Ada', phase: 'incoming' })
    await phase(call, 'ringing')
    theirs.accept()
    await Promise.all([phase(call, 'active'), phase(theirs, 'active')])
    expect(call.peerName).toBe('Bo')
    await Promise.all([linked(ada, bo), linked(bo, ada)])
    theirs.hangUp()
    await phase(call, 'ended')
    expect([call.end, theirs.end]).toEqual(['they-hung-up', 'hung-up'])
    expect([...ada.calls, ...bo.calls]).toEqual([])
  })

  it('declines, cancels, and is busy for a third', async () => {
    const bootstraps = [(await open()).url]
    const [ada, bo, cy] = [
      await introduced({ bootstraps, links: 0 }),
      await introduced({ bootstraps, links: 0 }),
      await introduced({ bootstraps, links: 0 }),
    ]
    const first = incoming(bo)
    const declined = ada.call(bo.id)
    const theirs = await first
    theirs.decline()
    await phase(declined, 'ended')
    expect(declined.end).toBe('declined')

    const second = incoming(bo)
    const cancelled = ada.call(bo.id)
    const rung = await second
    const busy = cy.call(bo.id)
    await phase(busy, 'ended')
    expect(busy.end).toBe('busy')
    expect(() => ada.call(cy.id)).toThrow(/another call/)
    cancelled.hangUp()
    await phase(rung, 'ended')
    expect(rung.end).toBe('cancelled')
  })

  it('ends as unreachable when nobody is there, and as no-entrance when there is no way out', async () => {
    const one = await introduced({ bootstraps: [(await open()).url] })
    const stranger = await peer({})
    const [unreachable, stuck] = [one.call(stranger.id), stranger.call(one.id)]
    await Promise.all([phase(unreachable, 'ended'), phase(stuck, 'ended')])
    expect([unreachable.end, stuck.end]).toEqual(['unreachable', 'no-entrance'])
  })

  it('goes on when the bootstrap dies', async () => {
    const bootstrap = await open()
    const options = { bootstraps: [bootstrap.url], links: 0 }
    const [ada, bo] = [await introduced(options), await introduced(options)]
    const ringing = incoming(bo)
    const call = ada.call(bo.id)
    const theirs = await ringing
    theirs.accept()
    await Promise.all([phase(call, 'active'), linked(ada, bo), linked(bo, ada)])
    await bootstrap.stop()
    await entrance(ada, 'lost')
    expect(call.phase).toBe('active')
    call.hangUp()
    await phase(theirs, 'ended')
    expect(theirs.end).toBe('they-hung-up')
  })
})

describe('a peer that breaks the protocol', () => {
  const invite: Message = {
    type: 'invite',
    call: 'c'.repeat(32),
    seq: 1,
    ack: 0,
    media: { audio: true, video: true },
  }
  const framed = (body: Uint8Array, claimed = body.byteLength) => {
    const length: number[] = []
    for (let rest = claimed; ; rest >>>= 7) {
      length.push(rest > 127 ? (rest & 127) | 128 : rest)
      if (rest <= 127) return Uint8Array.from([...length, ...body])
    }
  }
  const cases: Record<string, Uint8Array> = {
    garbage: framed(Uint8Array.of(0xc1, 0xc1, 0xc1)),
    'a truncated message': framed(wire.encode(invite).slice(0, -3)),
    'an oversized frame': framed(new Uint8Array(16), 1_000_000),
    'deep nesting': framed(new Uint8Array(5_000).fill(0x91)),
    'an ill-typed field': framed(
      Uint8Array.from([...wire.encode(invite)].map((byte) => (byte === 0xc3 ? 1 : byte))),
    ),
  }

  it.each(Object.entries(cases))(
    'that sends %s loses its stream, and nobody else notices',
    async (_, bytes) => {
      const bootstrap = await open()
      const options = { bootstraps: [bootstrap.url], links: 0 }
      const [ada, bo] = [await introduced(options), await introduced(options)]
      const mallory = await client()
      const way = multiaddr(`${bootstrap.addresses[0]}/p2p-circuit/p2p/${bo.id}`)
      await mallory.dial(multiaddr(bootstrap.addresses[0] as string))
      const stream = await mallory.dialProtocol(way, wire.protocol, { runOnLimitedConnection: true })
      const closed = new Promise((resolve) => stream.addEventListener('close', resolve, { once: true }))
      stream.send(bytes)
      await closed

      const ringing = incoming(bo)
      const call = ada.call(bo.id)
      const theirs = await ringing
      theirs.accept()
      await phase(call, 'active')
    },
  )

  it('answers a call with nonsense: the call fails, the caller goes on', async () => {
    const bootstrap = await open()
    const ada = await introduced({ bootstraps: [bootstrap.url], links: 0 })
    const mallory = await client()
    const address = multiaddr(bootstrap.addresses[0] as string)
    await mallory.handle(wire.protocol, (stream) => void stream.send(cases['garbage'] as Uint8Array), {
      runOnLimitedConnection: true,
    })
    await mallory.dial(address)
    const inside = mallory as unknown as {
      components: { transportManager: { listen(a: unknown[]): Promise<void> } }
    }
    await inside.components.transportManager.listen([address.encapsulate('/p2p-circuit')])
    const call = ada.call(mallory.peerId.toString())
    await phase(call, 'ended')
    expect(call.end).toBe('failed')
    expect(ada.calls).toEqual([])
  })
})
