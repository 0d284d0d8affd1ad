/** Keeping and finding registrations over real connections: among honest peers, liars, and with few links to spare. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Ed25519PrivateKey, Libp2p, PeerId } from '@libp2p/interface'
import { type KadDHT, kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { describe, expect, it, onTestFinished } from 'vitest'
import { signed } from '#node/contingency/right'
import { DIALS, PROTOCOL, type RegistrationDht, registrationDht } from '#node/registration/dht'
import { keyOf, MAX_BYTES, open, type Reason, Refused, seal } from '#node/registration/envelope'
import { Registry, type RegistryInit } from '#node/registration/registry'
import type { Delegation } from '#protocols/contingency/index'
import { type Draft, HORIZON, LIFE } from '#protocols/registration/index'
import { metric, open as openBootstrap } from '../bootstrap/harness.ts'

const keyAt = (seed: number) => generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed))
const [ana, ben, mallory] = await Promise.all([keyAt(1), keyAt(2), keyAt(66)])
const idOf = (key: Ed25519PrivateKey) => key.publicKey.toString()

describe('an envelope', () => {
  it('brings what was signed', async () => {
    const draft = of(ana)
    const now = Date.now()
    expect(await open(idOf(ana), await seal(draft, ana, now), now)).toEqual({ ...draft, expires: now + LIFE })
    const right = await standingIn()
    expect(await open(idOf(ana), await seal(right, ben, now), now)).toMatchObject({ chain: right.chain })
  })

  it('of which a single byte was changed brings nothing, or nothing else', async () => {
    const now = Date.now()
    const bytes = await seal(await standingIn(), ben, now)
    const before = await open(idOf(ana), bytes, now)
    for (let at = 0; at < bytes.byteLength; at++) {
      const bent = Uint8Array.from(bytes)
      bent[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      const opened = await open(idOf(ana), bent, now).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Refused)
        return before
      })
      expect(opened).toEqual(before)
    }
  })

  it('cut short anywhere, or too long, brings nothing', async () => {
    const bytes = await seal(of(ana), ana, Date.now())
    for (let end = 0; end < bytes.byteLength; end += 7) {
      await expect(open(idOf(ana), bytes.subarray(0, end), Date.now())).rejects.toThrow(Refused)
    }
    const long = new Uint8Array(MAX_BYTES + 1)
    long.set(bytes)
    await expect(open(idOf(ana), long, Date.now())).rejects.toMatchObject({ reason: 'malformed' })
  })
})

describe('what must not be believed', () => {
  it('is kept by nobody, and refused for its reason', async () => {
    const hub = await honest()
    const liar = await dishonest()
    await meet(liar.libp2p, hub.libp2p)
    for (const [reason, value] of await lies()) {
      const before = hub.made.refused.get(reason) ?? 0
      await put(liar.dht, idOf(ana), value)
      expect(hub.made.refused.get(reason), reason).toBe(before + 1)
    }
    expect(hub.made.shelf.size).toBe(0)
  })

  it('is counted by a bootstrap', async () => {
    const bootstrap = await openBootstrap()
    const liar = await dishonest()
    await liar.libp2p.dial(multiaddr(bootstrap.addresses[0]))
    await eventually(async () => table(liar.libp2p).size > 0)
    for (const [, value] of await lies()) await put(liar.dht, idOf(ana), value)
    expect(await metric(bootstrap, 'colonia_registrations_refused_total{reason="bad-right"}')).toBe(3)
    expect(await metric(bootstrap, 'colonia_registrations_refused_total{reason="unproven"}')).toBe(1)
    expect(bootstrap.counts().registrations).toBe(0)
    await put(liar.dht, idOf(ana), await seal(of(ana), ana, Date.now()))
    expect(await metric(bootstrap, 'colonia_registrations')).toBe(1)
  })

  it('is believed by nobody who finds it', async () => {
    const liar = await dishonest()
    const seeker = await registry()
    await meet(seeker.libp2p, liar.libp2p)
    for (const [reason, value] of await lies()) {
      // The liar asks the seeker, too, to keep it.
      await put(liar.dht, idOf(ana), value)
      const before = seeker.registry.refused.get(reason) ?? 0
      expect(await seeker.registry.find(idOf(ana)), reason).toBeUndefined()
      expect(seeker.registry.refused.get(reason), reason).toBeGreaterThan(before)
    }
  })

  it('does not hide what is true', async () => {
    const [hub, liar, seeker] = [await honest(), await dishonest(), await registry()]
    await meet(seeker.libp2p, hub.libp2p)
    await meet(seeker.libp2p, liar.libp2p)
    const writer = await dishonest()
    await meet(writer.libp2p, hub.libp2p)
    const stale = await seal(of(ana), ana, Date.now())
    await put(writer.dht, idOf(ana), await seal({ ...of(ana), sequence: 2 }, ana, Date.now()))
    // Neither from a liar nor from one who is late.
    for (const value of [stale, ...(await lies()).map(([, lie]) => lie)]) {
      await put(liar.dht, idOf(ana), value)
      expect(await seeker.registry.find(idOf(ana))).toMatchObject({ sequence: 2 })
    }
  })
})

describe('what is kept', () => {
  it('is not replaced by what is older, and by what is newer it is', async () => {
    const [hub, peer] = [await honest(), await dishonest()]
    await meet(peer.libp2p, hub.libp2p)
    const sequenceAfter = async (draft: Draft, key: Ed25519PrivateKey) => {
      await put(peer.dht, idOf(ana), await seal(draft, key, Date.now()))
      const kept = hub.made.shelf.of(idOf(ana))
      return kept && (await open(idOf(ana), kept, Date.now()))
    }
    expect(await sequenceAfter({ ...of(ana), sequence: 2 }, ana)).toMatchObject({ sequence: 2 })
    expect(await sequenceAfter(of(ana), ana)).toMatchObject({ sequence: 2 })
    expect(await sequenceAfter({ ...of(ana), sequence: 3, gone: true }, ana)).toMatchObject({ gone: true })
    expect(await sequenceAfter(await standingIn(), ben)).toMatchObject({ epoch: { writer: idOf(ben) } })
    expect(await sequenceAfter({ ...of(ana), sequence: 9 }, ana)).toMatchObject({
      epoch: { writer: idOf(ben) },
    })
    expect(hub.made.shelf.size).toBe(1)
  })

  it('is bounded: what is farthest from who keeps it goes first', async () => {
    const hub = await honest({ keep: 3 })
    const peer = await dishonest()
    await meet(peer.libp2p, hub.libp2p)
    const owners = await Promise.all([11, 12, 13, 14, 15, 16].map(keyAt))
    for (const key of owners) await put(peer.dht, idOf(key), await seal(of(key), key, Date.now()))
    const near = await sorted(owners.map(idOf), hub.libp2p.peerId)
    expect(near.filter((owner) => hub.made.shelf.of(owner) !== undefined)).toEqual(near.slice(0, 3))
  })

  it('is nothing but registrations', async () => {
    const [hub, peer] = [await honest(), await dishonest()]
    await meet(peer.libp2p, hub.libp2p)
    const publicKey = new Uint8Array([
      ...new TextEncoder().encode('/pk/'),
      ...peer.libp2p.peerId.toMultihash().bytes,
    ])
    for await (const _ of peer.dht.put(
      publicKey,
      peer.libp2p.peerId.publicKey?.raw ?? new Uint8Array(),
      soon(),
    ));
    expect(hub.made.shelf.size).toBe(0)
  })
})

describe('a registry', () => {
  it('publishes what its peer writes, and gives whoever is further to contingency', async () => {
    const hub = await honest()
    const hints: object[] = []
    const duty = { part: 'writing', epoch: { n: 5, writer: idOf(ana), session: 's1' } } as const
    const owner = await registry(ana, { duties: { duty: () => duty, hint: (hint) => hints.push(hint) } })
    const seeker = await registry()
    await meet(owner.libp2p, hub.libp2p)
    await meet(seeker.libp2p, hub.libp2p)
    const change = {
      type: 'changed',
      owner: idOf(ana),
      part: 'writing',
      epoch: duty.epoch,
      chain: [],
    } as const
    owner.registry.changed({ ...change, roster: [idOf(ben)] })
    await eventually(async () => (await seeker.registry.find(idOf(ana))) !== undefined)
    expect(hints).toEqual([])
    // Ben took over, and says so by somebody else; the next put of Ana finds it.
    const other = await dishonest()
    await meet(other.libp2p, hub.libp2p)
    await put(other.dht, idOf(ana), await seal(await standingIn(), ben, Date.now()))
    owner.registry.changed({ ...change, roster: [] })
    await eventually(async () => hints.length > 0)
    const epoch = { n: 6, writer: idOf(ben), session: 's2' }
    expect(hints).toEqual([{ owner: idOf(ana), peer: idOf(ben), epoch }])
    expect(await seeker.registry.find(idOf(ana))).toMatchObject({ epoch })
  })

  it('withdraws at goodbye', async () => {
    const hub = await honest()
    const [owner, seeker] = [await registry(ana), await registry()]
    await meet(owner.libp2p, hub.libp2p)
    await meet(seeker.libp2p, hub.libp2p)
    const epoch = { n: 5, writer: idOf(ana), session: 's1' }
    owner.registry.changed({
      type: 'changed',
      owner: idOf(ana),
      part: 'writing',
      epoch,
      roster: [],
      chain: [],
    })
    await eventually(async () => (await seeker.registry.find(idOf(ana)))?.gone === false)
    await owner.registry.stop()
    expect(await seeker.registry.find(idOf(ana))).toMatchObject({ gone: true, epoch })
  })

  it('finds nothing, at once, when there is nobody to ask', async () => {
    const { registry: alone } = await registry()
    expect(await alone.find(idOf(ana))).toBeUndefined()
    await alone.stop()
  })

  it('gives up when its caller does', async () => {
    const { registry: alone } = await registry()
    const reason = new Error('changed my mind')
    await expect(alone.find(idOf(ana), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('makes few links for a look-up, and none for anything else', async () => {
    const hub = await honest()
    const others = await Promise.all(Array.from({ length: DIALS + 6 }, () => honest()))
    for (const other of others) await meet(other.libp2p, hub.libp2p)
    await eventually(async () => hub.made.dht.routingTable.size >= others.length)
    // Looking for itself, as it does when it comes, is another errand.
    const asked = new Map<object, number>()
    const seeker = await registry(ben, {}, (_peer, allowance) => {
      allowance.dials -= 1
      asked.set(allowance, (asked.get(allowance) ?? 0) + 1)
    })
    await meet(seeker.libp2p, hub.libp2p)
    expect(await seeker.registry.find(idOf(ana))).toBeUndefined()
    expect(Math.max(...asked.values())).toBe(DIALS)
    await eventually(async () => [...asked.values()].filter((links) => links === DIALS).length === 2)
    asked.clear()
    await seeker.made.dht.refreshRoutingTable()
    for await (const _ of seeker.made.dht.getClosestPeers(keyOf(idOf(ana)), soon()));
    expect(asked.size).toBe(0)
  })

  it('forgets who disconnects', async () => {
    const [hub, seeker] = [await honest(), await registry()]
    await meet(seeker.libp2p, hub.libp2p)
    await hub.libp2p.stop()
    await eventually(async () => seeker.made.dht.routingTable.size === 0)
  })
})

/** What `key` registers, writing its own state. */
function of(key: Ed25519PrivateKey): Draft {
  const owner = idOf(key)
  const epoch = { n: 5, writer: owner, session: 's1' }
  return {
    type: 'registration',
    owner,
    epoch,
    sequence: 1,
    gone: false,
    relays: [],
    contingents: [],
    chain: [],
  }
}

/** What Ben registers, standing in for Ana by her leave. */
async function standingIn(by = ana): Promise<Draft> {
  const { owner } = of(ana)
  const link = { owner, by: idOf(by), to: idOf(ben), n: 5, session: 's1', rank: 1 }
  const chain = await signedChain({ ...link, expires: 0, proof: new Uint8Array() }, by)
  return { ...of(ana), epoch: { n: 6, writer: idOf(ben), session: 's2' }, chain }
}

async function signedChain(
  link: Delegation,
  by: Ed25519PrivateKey,
  wall = Date.now(),
): Promise<Delegation[]> {
  const epoch = { n: link.n, writer: link.by, session: link.session }
  const turn = { turn: 1, rank: 1, roster: [], bytes: 0 }
  const message = await signed(
    { type: 'appoint', owner: link.owner, epoch, ...turn, chain: [link] },
    by,
    wall,
  )
  return 'chain' in message ? message.chain : []
}

/** Registrations of Ana that do not count, each with the reason. */
async function lies(): Promise<(readonly [Reason, Uint8Array])[]> {
  const now = Date.now()
  const right = await standingIn()
  const [link] = right.chain as [Delegation]
  const own = await seal(of(ana), ana, now)
  const bent = Uint8Array.from(own)
  bent[own.byteLength - 1] = (own.at(-1) ?? 0) ^ 1
  const old = await signedChain({ ...link, proof: new Uint8Array() }, ana, now - 30 * 24 * 3_600_000)
  const forged = [{ ...link, proof: new Uint8Array(64) }]
  const writer = { n: 6, writer: idOf(mallory), session: 's2' }
  const given = [{ ...link, to: idOf(mallory) }]
  return [
    ['malformed', Uint8Array.of(1, 2, 3)],
    ['wrong-owner', await seal(of(ben), ben, now)],
    ['wrong-signer', await seal(of(ana), mallory, now)],
    ['bad-signature', bent],
    ['expired', await seal(of(ana), ana, now - LIFE - 1)],
    ['expires-late', await seal(of(ana), ana, now + HORIZON)],
    ['far-count', await seal({ ...of(ana), sequence: Number.MAX_SAFE_INTEGER }, ana, now)],
    // An epoch from the future, and one by a stranger: nothing proves them.
    ['unproven', await seal({ ...right, epoch: { ...right.epoch, n: 99 } }, ben, now)],
    ['bad-right', await seal({ ...right, chain: forged }, ben, now)],
    ['bad-right', await seal({ ...right, chain: old }, ben, now)],
    ['bad-right', await seal({ ...right, epoch: writer, chain: given }, mallory, now)],
  ]
}

interface Honest {
  libp2p: Libp2p
  made: RegistrationDht
}

/** A node that keeps registrations as every peer does, and listens. */
async function honest({ keep }: { keep?: number } = {}): Promise<Honest> {
  let made: RegistrationDht | undefined
  const dht = registrationDht(keep === undefined ? {} : { keep }, (each) => {
    made = each
  })
  const libp2p = await node(await keyAt(++seeds), dht)
  return { libp2p, made: made as RegistrationDht }
}

/** A node that keeps whatever it is given, and tells it to whoever asks. */
async function dishonest(): Promise<{ libp2p: Libp2p; dht: KadDHT }> {
  let made: KadDHT | undefined
  const libp2p = await node(await keyAt(++seeds), (components) => {
    const any = { validators: { colonia: () => {}, pk: () => {} }, selectors: { colonia: () => 0 } }
    const options = { protocol: PROTOCOL, clientMode: false, allowQueryWithZeroPeers: true }
    made = kadDHT({ ...options, ...any, peerInfoMapper: passthroughMapper })(components)
    return made
  })
  return { libp2p, dht: made as KadDHT }
}

/** A registry; `linked` hears of each link that it would make. */
async function registry(
  key?: Ed25519PrivateKey,
  init: Partial<RegistryInit> = {},
  linked: (peer: PeerId, allowance: { dials: number }) => void = () => {},
): Promise<Honest & { registry: Registry }> {
  const own = key ?? (await keyAt(++seeds))
  let made: RegistrationDht | undefined
  const link = async (peer: PeerId, { allowance }: { allowance: { dials: number } }) => {
    if (allowance.dials > 0) linked(peer, allowance)
    throw new Error('no links in this test')
  }
  const libp2p = await node(
    own,
    registrationDht({ link }, (each) => {
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
async function meet(one: Libp2p, other: Libp2p): Promise<void> {
  await one.dial(other.getMultiaddrs())
  const knows = async (a: Libp2p, b: Libp2p) =>
    (await (table(a) as unknown as { find(id: PeerId): Promise<unknown> }).find(b.peerId)) !== undefined
  await eventually(async () => (await knows(one, other)) && (await knows(other, one)))
}

function table({ services }: Libp2p): RegistrationDht['dht']['routingTable'] {
  return (services as unknown as { dht: RegistrationDht['dht'] }).dht.routingTable
}

/** Puts `value` as the registration of `owner`, whatever others say to it. */
async function put(dht: KadDHT, owner: string, value: Uint8Array): Promise<void> {
  for await (const _ of dht.put(keyOf(owner), value, soon()));
}

function soon(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(5_000) }
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Those nearest to `self` in the keyspace first. */
async function sorted(owners: readonly string[], self: PeerId): Promise<string[]> {
  const at = async (bytes: Uint8Array) =>
    BigInt(`0x${Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex')}`)
  const here = await at(self.toMultihash().bytes)
  const far = await Promise.all(
    owners.map(async (owner) => ({ owner, distance: (await at(keyOf(owner))) ^ here })),
  )
  return far.sort((a, b) => (a.distance < b.distance ? -1 : 1)).map(({ owner }) => owner)
}
