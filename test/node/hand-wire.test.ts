/** A data channel as a raw connection: what it does when the channel is full, closed, or speaks nonsense. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Logger } from '@libp2p/interface'
import { expect, it } from 'vitest'
import { Wire } from '#node/hand/wire'

it('waits while the channel is full, and goes on when it is not', async () => {
  const { wire, channel } = await open()
  channel.bufferedAmount = 300_000
  expect(wire.send(new Uint8Array(20_000))).toBe(false)
  expect(channel.sent).toEqual([16_384])
  channel.bufferedAmount = 0
  channel.dispatchEvent(new Event('bufferedamountlow'))
  await Promise.resolve()
  expect(channel.sent).toEqual([16_384, 3_616])
})

it('ends quietly when the channel is closed and has not said so', async () => {
  const { wire, channel, connection } = await open()
  channel.send = () => {
    throw new Error('DataChannel is closed')
  }
  wire.send(Uint8Array.of(1))
  await Promise.resolve()
  expect(wire.status).toBe('closed')
  expect(connection.connectionState).toBe('closed')
})

it('ends when the connection fails, but not when it may come back', async () => {
  const { wire, connection } = await open()
  connection.become('disconnected')
  expect(wire.status).toBe('open')
  connection.become('failed')
  expect(wire.status).toBe('closed')
})

it('ends at a message that is not binary', async () => {
  const { wire, channel } = await open()
  channel.dispatchEvent(new MessageEvent('message', { data: 'text' }))
  expect(wire.status).toBe('aborted')
})

class Channel extends EventTarget {
  readyState = 'open'
  bufferedAmount = 0
  sent: number[] = []
  send(data: Uint8Array): void {
    this.sent.push(data.byteLength)
  }
}

class Connection extends EventTarget {
  connectionState = 'connected'
  become(state: string): void {
    this.connectionState = state
    this.dispatchEvent(new Event('connectionstatechange'))
  }
  close(): void {
    this.connectionState = 'closed'
  }
}

async function open() {
  const [channel, connection] = [new Channel(), new Connection()]
  const peer = (await generateKeyPair('Ed25519')).publicKey.toString()
  const silent = () => {}
  const log = Object.assign(silent, {
    error: silent,
    trace: silent,
    enabled: false,
    newScope: () => log,
  }) as Logger
  const wire = new Wire({
    connection: connection as unknown as RTCPeerConnection,
    channel: channel as unknown as RTCDataChannel,
    ...{ peer, direction: 'outbound', log },
  })
  return { wire, channel, connection }
}
