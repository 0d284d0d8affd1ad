/** Nodes over WebSockets on this machine that keep registrations: honest ones, liars, and those with a registry. */

import { identify } from '@libp2p/identify'
import type { Ed25519PrivateKey, Libp2p, PeerId } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'
import { PROTOCOL, type RegistrationDht, registrationDht } from '#node/registration/dht'
import { keyOf } from '#node/registration/envelope'
import { Registry, type RegistryInit } from '#node/registration/registry'
import { keyAt } from './drafts.ts'

export interface Honest {
  libp2p: Libp2p
  made: RegistrationDht
}

/** A node that keeps registrations as every peer does, and listens. */
export async function honest({ keep }: { keep?: number } = {}): Promise<Honest> {
  let made: RegistrationDht | undefined
  const dht = registrationDht(keep === undefined ? {} : { keep }, (each) => {
    made = each
  })
  const libp2p = await node(await keyAt(++seeds), dht)
  return { libp2p, made: made as RegistrationDht }
}

/** A node that keeps whatever it is given, and tells it to whoever asks. */
export async function dishonest(): Promise<{ libp2p: Libp2p; dht: KadDHT }> {
  let made: KadDHT | undefined
  const libp2p = await node(await keyAt(++seeds), (components) => {
    const any = { validators: { colonia: () => {}, pk: () => {} }, selectors: { colonia: () => 0 } }
    const options = { protocol: PROTOCOL, clientMode: false, allowQueryWithZeroPeers: true }
    made = kadDHT({ ...options, ...any, peerInfoMapper: passthroughMapper })(components)
    return made
  })
  return { libp2p, dht: made as KadDHT }
}

/** A registry; `linked` hears of each connection that it would have carried. */
export async function registry(
  key?: Ed25519PrivateKey,
  init: Partial<RegistryInit> = {},
  linked: (peer: PeerId, allowance: { carries: number }) => void = () => {},
): Promise<Honest & { registry: Registry }> {
  const own = key ?? (await keyAt(++seeds))
  let made: RegistrationDht | undefined
  const carried = async (peer: PeerId, { allowance }: { allowance: { carries: number } }) => {
    if (allowance.carries > 0) linked(peer, allowance)
    throw new Error('nobody carries in this test')
  }
  const libp2p = await node(
    own,
    registrationDht({ carried }, (each) => {
      made = each
    }),
  )
  const dht = made as RegistrationDht
  const found = new Registry({ key: own, dht, duties: { duty: () => undefined, hint: () => {} }, ...init })
  onTestFinished(() => found.stop())
  return { libp2p, made: dht, registry: found }
}

let seeds = 100

async function node(privateKey: Ed25519PrivateKey, dht: ReturnType<typeof kadDHT>): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    privateKey,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: { inboundConnectionThreshold: 100 },
    services: { identify: identify(), ping: ping(), dht },
  })
  onTestFinished(async () => libp2p.stop())
  return libp2p
}

/** Connects them; each knows then that the other keeps registrations. */
export async function meet(one: Libp2p, other: Libp2p): Promise<void> {
  await one.dial(other.getMultiaddrs())
  const knows = async (a: Libp2p, b: Libp2p) =>
    (await (table(a) as unknown as { find(id: PeerId): Promise<unknown> }).find(b.peerId)) !== undefined
  await eventually(async () => (await knows(one, other)) && (await knows(other, one)))
}

export function table({ services }: Libp2p): RegistrationDht['dht']['routingTable'] {
  return (services as unknown as { dht: RegistrationDht['dht'] }).dht.routingTable
}

/** Puts `value` as the registration of `owner`, whatever others say to it. */
export async function put(dht: KadDHT, owner: string, value: Uint8Array): Promise<void> {
  for await (const _ of dht.put(keyOf(owner), value, soon()));
}

export function soon(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(5_000) }
}

export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}
