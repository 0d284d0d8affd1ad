import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { type Bootstrap, createBootstrap, defaultConfig } from '../../bootstrap/index.ts'
import { createLog } from '../../bootstrap/log.ts'
import { client, folder, knock, metric, mute, open, refusal, until } from './harness.ts'

describe('who may open a WebSocket', () => {
  it('is a page of the same origin, of an allowed one, or who is no browser', async () => {
    const bootstrap = await open({ origins: ['https://friend.example'], announce: [] })
    await knock(bootstrap)
    await knock(bootstrap, { headers: { origin: bootstrap.url } })
    await knock(bootstrap, { headers: { origin: 'https://friend.example' } })
    expect(bootstrap.counts().connections).toBe(3)
  })

  it.each(['https://stranger.example', 'null', 'http://localhost:1', 'nonsense'])(
    'is not a page of %s, which gets 403',
    async (origin) => {
      const bootstrap = await open()
      expect(await refusal(bootstrap, { origin })).toBe(403)
      expect(await metric(bootstrap, 'colonia_upgrades_total{admission="origin"}')).toBe(1)
    },
  )

  it('is any page when the operator says so', async () => {
    await knock(await open({ origins: ['*'] }), { headers: { origin: 'https://stranger.example' } })
  })

  it('is not one address for ever: a flood from it gets 429, until a place is free', async () => {
    const bootstrap = await open({ maxConnectionsPerAddress: 2 })
    const first = await knock(bootstrap)
    await knock(bootstrap)
    for (let i = 0; i < 20; i++) expect(await refusal(bootstrap)).toBe(429)
    expect(bootstrap.counts()).toMatchObject({ connections: 2, addressGroups: 1 })
    first.websocket.close()
    await first.closed
    await until(() => bootstrap.counts().connections === 1)
    await knock(bootstrap)
  })

  it('is not more than the house holds, whatever the address', async () => {
    const bootstrap = await open({ maxConnections: 2, trustedProxies: ['127.0.0.1'] })
    await knock(bootstrap, { headers: { 'x-forwarded-for': '192.0.2.1' } })
    await knock(bootstrap, { headers: { 'x-forwarded-for': '192.0.2.2' } })
    expect(await refusal(bootstrap, { 'x-forwarded-for': '192.0.2.3' })).toBe(429)
  })

  it('is counted by X-Forwarded-For behind a trusted proxy, and by the socket otherwise', async () => {
    const headers = (n: number) => ({ 'x-forwarded-for': `192.0.2.${n}` })
    const proxied = await open({ maxConnectionsPerAddress: 1, trustedProxies: ['127.0.0.1'] })
    await knock(proxied, { headers: headers(1) })
    await knock(proxied, { headers: headers(2) })
    expect(await refusal(proxied, headers(2))).toBe(429)
    const direct = await open({ maxConnectionsPerAddress: 1 })
    await knock(direct, { headers: headers(1) })
    expect(await refusal(direct, headers(2))).toBe(429)
  })
})

describe('a client that vanishes', () => {
  it('in the middle of its upgrade leaves no place taken and nothing broken', async () => {
    const bootstrap = await open()
    for (let i = 0; i < 50; i++) {
      const socket = connect(bootstrap.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(
        'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      socket.resetAndDestroy()
    }
    await knock(bootstrap)
    await until(() => bootstrap.counts().connections === 1)
    await until(() => bootstrap.counts().places === 1)
  })
})

describe('what is read from a WebSocket', () => {
  it('is messages up to the limit; one that is longer is closed with 1009', async () => {
    const bootstrap = await open()
    const { websocket, closed } = await knock(bootstrap)
    websocket.send(new Uint8Array(65_537))
    expect((await closed).code).toBe(1009)
    expect(await ending(bootstrap)).toBe('breach')
  })

  it('is not one message in ever more fragments', async () => {
    const { websocket, closed } = await knock(await open({ maxMessageBytes: 4096 }))
    for (let i = 0; i < 5; i++) websocket.send(new Uint8Array(1024), { fin: false })
    expect((await closed).code).toBe(1009)
  })

  it('is binary; text is closed with 1003', async () => {
    const { websocket, closed } = await knock(await open())
    websocket.send('hello')
    expect(await closed).toEqual({ code: 1003, reason: 'binary frames only' })
  })

  it('is Noise; garbage is closed with 1002', async () => {
    const { websocket, closed } = await knock(await open())
    websocket.send(Uint8Array.from([0, 32, ...randomBytes(32)]))
    expect((await closed).code).toBe(1002)
  })

  it('is a frame as RFC 6455 has it; a broken one is closed with 1002', async () => {
    const bootstrap = await open()
    const socket = await mute(bootstrap)
    // Not masked, and of a reserved kind.
    socket.write(Uint8Array.from([0x8f, 0x01, 0x00]))
    const frame = await new Promise<Buffer>((resolve) => socket.once('data', resolve).resume())
    expect([...frame.subarray(0, 1), frame.readUInt16BE(2)]).toEqual([0x88, 1002])
  })

  it('begins with a handshake in time, or is closed with 1008', async () => {
    const bootstrap = await open({ handshakeSeconds: 0.05 })
    const { closed } = await knock(bootstrap)
    expect(await closed).toEqual({ code: 1008, reason: 'handshake not done in 0.05 s' })
    expect(await ending(bootstrap)).toBe('handshake')
  })

  it('leaves nothing behind when garbage comes again and again', async () => {
    const bootstrap = await open()
    for (let i = 0; i < 100; i++) {
      const { websocket, closed } = await knock(bootstrap)
      websocket.send(randomBytes(1 + i * 10))
      websocket.send(i % 2 ? 'text' : new Uint8Array(70_000))
      await closed
    }
    await until(() => bootstrap.counts().connections === 0)
    expect(bootstrap.counts()).toEqual({
      connections: 0,
      places: 0,
      addressGroups: 0,
      peers: 0,
      anchors: 0,
      reservations: 0,
      registrations: 0,
    })
  })
})

describe('a peer that is silent or slow', () => {
  it('stays while it answers pings, however long it says nothing else', async () => {
    const bootstrap = await open({ pingSeconds: 0.02, silenceSeconds: 0.5 })
    const { websocket, closed } = await knock(bootstrap)
    let pings = 0
    websocket.on('ping', () => pings++)
    // Twice the silence that would be its end.
    await until(() => pings >= 50)
    expect(bootstrap.counts().connections).toBe(1)
    websocket.close()
    expect((await closed).code).toBe(1005)
  })

  it('is cut when it answers none for as long as it may', async () => {
    const bootstrap = await open({ pingSeconds: 0.05, silenceSeconds: 0.2 })
    const began = performance.now()
    const { closed } = await knock(bootstrap, { autoPong: false })
    expect((await closed).code).toBe(1006)
    expect(performance.now() - began).toBeGreaterThanOrEqual(195)
    expect(await ending(bootstrap)).toBe('silence')
  })

  it('is dead after 90 s at most, by default, and pinged every 30 s', () => {
    expect(defaultConfig).toMatchObject({ pingSeconds: 30, silenceSeconds: 90 })
  })

  it('is cut when it floods us with pings and does not take the answers', async () => {
    const bootstrap = await open()
    const socket = await mute(bootstrap)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(Buffer.concat(Array<Buffer>(10_000).fill(ping(125))))
    await closed
    await until(() => bootstrap.counts().connections === 0)
  })
})

describe('the log', () => {
  it('names people at debug and never at info', async () => {
    for (const [level, named] of [
      ['info', false],
      ['debug', true],
    ] as const) {
      let lines = ''
      const sink = new Writable({
        write(chunk, _, done) {
          lines += chunk
          done()
        },
      })
      const headers = { 'x-forwarded-for': '192.0.2.77' }
      const bootstrap = await createBootstrap(
        {
          port: 0,
          identity: `${await folder()}/bootstrap.key`,
          trustedProxies: ['127.0.0.1'],
          maxConnectionsPerAddress: 1,
        },
        createLog(level, sink),
      )
      const { closed } = await knock(bootstrap, { headers })
      expect(await refusal(bootstrap, headers)).toBe(429)
      const peer = await client()
      await peer.dial(multiaddr(bootstrap.addresses[0]))
      await bootstrap.drain()
      await closed
      expect(lines.includes('192.0.2.77')).toBe(named)
      if (!named) expect(lines).not.toMatch(/127\.0\.0\.1|12D3KooW/)
    }
  })
})

/** Why the only connection there was ended, as the server sees it, which is a little later than the client. */
async function ending(bootstrap: Bootstrap): Promise<string | undefined> {
  await until(() => bootstrap.counts().connections === 0)
  const text = await bootstrap.metrics.registry.metrics()
  return /^colonia_endings_total\{ending="(\w+)"\} 1$/m.exec(text)?.[1]
}

/** A masked ping with `length` bytes of zeros, at most 125. */
function ping(length: number): Buffer {
  return Buffer.concat([Uint8Array.from([0x89, 0x80 | length, 0, 0, 0, 0]), Buffer.alloc(length)])
}
