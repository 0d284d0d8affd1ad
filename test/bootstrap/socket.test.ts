import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Socket } from '../../bootstrap/socket.ts'
import { client, until } from './harness.ts'

/** Never reached in these tests. */
const patient = { pingSeconds: 1000, silenceSeconds: 1000, writeSeconds: 1000, maxBufferedBytes: 1 << 20 }

describe('a socket whose peer is slow', () => {
  it('says when it can take no more, and when it can again', async () => {
    const { socket, peer } = await pair(patient)
    peer.pause()
    await fill(socket)
    expect(socket.writableNeedsDrain).toBe(true)
    const drained = once(socket as unknown as EventTarget, 'drain')
    peer.resume()
    await drained
    expect(socket.send(new Uint8Array(1))).toBe(true)
  })

  it('is cut when nothing is taken in time', async () => {
    const { socket, peer } = await pair({ ...patient, writeSeconds: 0.1 })
    peer.pause()
    await fill(socket)
    expect(await socket.ended).toBe('slow')
    expect(socket.status).toBe('reset')
  })

  it('is cut when more waits than may', async () => {
    const { socket, peer } = await pair(patient)
    peer.pause()
    await fill(socket)
    expect(() => socket.send(new Uint8Array(patient.maxBufferedBytes))).not.toThrow()
    expect(await socket.ended).toBe('slow')
    expect(socket.status).toBe('aborted')
  })

  it('stays when the peer takes what it is sent, however long that goes on', async () => {
    const { socket, peer } = await pair({ ...patient, writeSeconds: 0.5 })
    let received = 0
    peer.on('message', (data: Buffer) => {
      received += data.byteLength
    })
    const total = 64 * 65_536
    const end = performance.now() + 1000
    for (let sent = 0; sent < total || performance.now() < end; sent += 65_536) {
      socket.send(new Uint8Array(65_536))
      await socket.onDrain()
      await new Promise(setImmediate)
    }
    await until(() => received >= total)
    expect(socket.status).toBe('open')
  })
})

describe('a socket', () => {
  it('hands on what arrives, and sends one frame for each write', async () => {
    const { socket, peer } = await pair(patient)
    const arrived = new Promise<number>((resolve) =>
      socket.addEventListener('message', ({ data }) => resolve(data.byteLength), { once: true }),
    )
    peer.send(new Uint8Array(100))
    expect(await arrived).toBe(100)
    const frame = once(peer, 'message')
    socket.send(new Uint8Array(200))
    expect((await frame)[0]).toHaveLength(200)
  })

  it('closes with 1000 when libp2p closes it, and ends when the peer leaves', async () => {
    const one = await pair(patient)
    const closed = once(one.peer, 'close')
    await one.socket.close()
    expect((await closed)[0]).toBe(1000)
    expect(await one.socket.ended).toBe('closed')
    const other = await pair(patient)
    other.peer.close()
    expect(await other.socket.ended).toBe('left')
    expect(other.socket.status).toBe('closed')
  })

  it('does not blame the peer for silence while it does not read', async () => {
    const { socket, peer } = await pair({ ...patient, pingSeconds: 0.02, silenceSeconds: 0.5 })
    let pings = 0
    peer.on('ping', () => pings++)
    socket.pause()
    await until(() => pings >= 40)
    socket.resume()
    await until(() => pings >= 80)
    expect(socket.status).toBe('open')
  })
})

async function pair(limits: typeof patient): Promise<{ socket: Socket; peer: WebSocket }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const peer = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [websocket] = await once(server, 'connection')
  await (peer.readyState === WebSocket.OPEN ? undefined : once(peer, 'open'))
  onTestFinished(() => {
    peer.terminate()
    websocket.terminate()
    server.close()
  })
  const remoteAddr = multiaddr('/ip4/127.0.0.1/tcp/1/ws')
  const log = (await client()).logger.forComponent('test')
  return { socket: new Socket({ websocket, limits, remoteAddr, direction: 'inbound', log }), peer }
}

/** Sends until no more is taken, which the buffers of the system put off by some megabytes. */
async function fill(socket: Socket): Promise<void> {
  while (socket.send(new Uint8Array(65_536))) await new Promise(setImmediate)
}
