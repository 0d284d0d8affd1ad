/** Nodes with a mesh relay, linked over WebSockets on this machine; and some that carry as they please. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'
import { type Channel, openChannel } from '#node/channel'
import { addressOf } from '#node/relay/address'
import { type Components, MeshRelay } from '#node/relay/transport'
import { type Message, wire } from '#protocols/relay/index'

export interface Villager {
  libp2p: Libp2p
  relay: MeshRelay
  id: string
  /** Dials `target` through others, nearest first. */
  through(path: readonly Villager[], target: Villager, signal?: AbortSignal): Promise<Connection>
}

/** @param carry how it answers who asks it to carry, in place of what is right */
export async function villager(
  carry?: (channel: Channel<Message>, asked: Message) => Promise<void>,
): Promise<Villager> {
  let relay: MeshRelay | undefined
  let transports: TransportManager | undefined
  const libp2p = await createLibp2p({
    privateKey: await generateKeyPair('Ed25519'),
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [
      (components) => {
        relay = new MeshRelay(components as unknown as Components)
        return relay
      },
      webSockets(),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: { inboundConnectionThreshold: 1_000 },
    services: {
      inside: (components: { transportManager: TransportManager }) => {
        transports = components.transportManager
        return {}
      },
    },
  })
  onTestFinished(async () => libp2p.stop())
  if (relay === undefined || transports === undefined) throw new Error('no relay was made')
  const made = transports
  if (carry !== undefined) {
    await libp2p.unhandle(wire.protocol)
    const serve = async (stream: Stream) => {
      const channel = openChannel(stream, wire)
      const asked = await channel.receive()
      if (asked.type !== 'unknown') await carry(channel, asked).catch(() => {})
    }
    await libp2p.handle(wire.protocol, (stream) => void serve(stream))
  }
  const id = libp2p.peerId.toString()
  return {
    ...{ libp2p, relay, id },
    through: (path, target, signal = AbortSignal.timeout(10_000)) =>
      made.dial(addressOf([...path.map((each) => each.id), target.id]), { signal }),
  }
}

/** Each is linked to the next. */
export async function chain(...villagers: readonly Villager[]): Promise<void> {
  for (const [index, one] of villagers.entries()) {
    const next = villagers[index + 1]
    if (next !== undefined) await one.libp2p.dial(next.libp2p.getMultiaddrs())
  }
}

/** A stream from one to another over that connection, and what is said on it comes back. */
export async function echo(connection: Connection, target: Villager, bytes: Uint8Array): Promise<Uint8Array> {
  const protocol = '/echo/1'
  await target.libp2p.handle(
    protocol,
    (stream) => {
      stream.addEventListener('message', ({ data }) => void stream.send(data))
    },
    { runOnLimitedConnection: true, force: true },
  )
  const stream = await connection.newStream(protocol, { runOnLimitedConnection: true })
  return await new Promise((resolve, reject) => {
    const heard: Uint8Array[] = []
    stream.addEventListener('message', ({ data }) => {
      heard.push(data.subarray())
      if (heard.reduce((sum, { byteLength }) => sum + byteLength, 0) >= bytes.byteLength)
        resolve(Buffer.concat(heard))
    })
    stream.addEventListener('close', ({ error }) => reject(error ?? new Error('closed')))
    for (let at = 0; at < bytes.byteLength; at += 16_384) stream.send(bytes.slice(at, at + 16_384))
  })
}
