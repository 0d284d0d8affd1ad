/** An introduction full of dead peers, forged records and noise: it costs a few attempts, and the one who is there is found. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify, identifyPush } from '@libp2p/identify'
import type { Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { expect, it, onTestFinished } from 'vitest'
import { openChannel } from '#node/channel'
import { MAX_PEERS, VERSION, wire } from '#protocols/introduction/index'
import { introduced, linked } from './harness.ts'

it('is seen through', async () => {
  const records: Uint8Array<ArrayBuffer>[] = []
  const { url, node } = await liar(records)
  const told = new Promise<Uint8Array>((resolve) => {
    node.addEventListener('peer:update', ({ detail: { peer } }) => {
      const reachable = peer.addresses.some(({ multiaddr: address }) => `${address}`.includes('p2p-circuit'))
      if (reachable && peer.peerRecordEnvelope !== undefined) resolve(peer.peerRecordEnvelope)
    })
  })
  const ben = await introduced({ bootstraps: [url] })
  // Those who were here, as far as anyone can prove, and are not.
  for (let n = 0; n < 9; n++) records.push(await recordOf(node))
  for (let n = 0; n < 3; n++) {
    const forged = await recordOf(node)
    forged[forged.byteLength - 1] = (forged.at(-1) ?? 0) ^ 1
    records.push(forged)
  }
  for (let n = 0; n < 3; n++) records.push(Uint8Array.of(1, 2, 3))
  records.push(Uint8Array.from(await told))
  expect(records).toHaveLength(MAX_PEERS)

  const ana = await introduced({ bootstraps: [url] })
  await linked(ana, ben)
  expect(ana.links.filter(({ direct }) => direct).map(({ peer }) => peer)).toEqual([ben.id])
  // To those who are not there not even a handshake came about. Node may have lost a first packet, and ben dials, too.
  expect(ana.counts.peerConnections).toBeLessThanOrEqual(6)
  await expect(ana.find(ben.id)).resolves.toMatchObject({ how: 'link' })
})

/** A bootstrap that introduces everyone to `records`. */
async function liar(records: readonly Uint8Array<ArrayBuffer>[]): Promise<{ url: string; node: Libp2p }> {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 1_000 },
    services: { identify: identify(), push: identifyPush(), relay: circuitRelayServer() },
  })
  const answer = async (stream: Stream) => {
    const channel = openChannel(stream, wire)
    const asked = await channel.receive()
    if (asked.type !== 'introduce') return stream.abort(new Error('asked for something else'))
    const limits = { relayMillis: 120_000, relayBytes: 262_144 }
    await channel.send({
      type: 'introduction',
      version: VERSION,
      peers: [...records],
      iceServers: [],
      limits,
    })
    await stream.close()
  }
  await node.handle(wire.protocol, (stream) => void answer(stream).catch(() => {}))
  const addresses = node.getMultiaddrs().map(String)
  const plate = { peerId: node.peerId.toString(), addresses, lowest: VERSION, highest: VERSION }
  const server = createServer((_, response) => void response.end(JSON.stringify(plate)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    await node.stop()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, node }
}

/** What somebody signed who is gone by now. */
async function recordOf(relay: Libp2p): Promise<Uint8Array<ArrayBuffer>> {
  const key = await generateKeyPair('Ed25519')
  const multiaddrs = relay.getMultiaddrs().map((each) => multiaddr(`${each}/p2p-circuit`))
  const record = new PeerRecord({ peerId: peerIdFromPrivateKey(key), multiaddrs })
  return Uint8Array.from((await RecordEnvelope.seal(record, key)).marshal())
}
