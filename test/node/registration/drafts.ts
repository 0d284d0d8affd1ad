/** Registrations for tests with real keys: what Ana and her stand-in Ben register, and what nobody must believe. */

import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { RecordEnvelope } from '@libp2p/peer-record'
import { encode } from '@msgpack/msgpack'
import { signed } from '#node/contingency/right'
import { type Reason, seal } from '#node/registration/envelope'
import type { Delegation } from '#protocols/contingency/index'
import { type Draft, HORIZON, LIFE, wire } from '#protocols/registration/index'

export const keyAt = (seed: number) => generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed))
export const [ana, ben, mallory] = await Promise.all([keyAt(1), keyAt(2), keyAt(66)])
export const idOf = (key: Ed25519PrivateKey) => key.publicKey.toString()

/** What `key` registers, writing its own state. */
export function of(key: Ed25519PrivateKey): Draft {
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
export async function standingIn(by = ana): Promise<Draft> {
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
  const turn = { turn: 1, rank: 1, roster: [], bytes: 0, have: 0, digest: '0'.repeat(16) }
  const message = await signed(
    { type: 'appoint', owner: link.owner, epoch, ...turn, chain: [link] },
    by,
    wall,
  )
  return 'chain' in message ? message.chain : []
}

/** Ana's, with a hundred addresses of relays, which no door would let out. */
async function crowded(now: number): Promise<Uint8Array> {
  const relays = Array.from({ length: 100 }, (_, n) => `/ip4/10.0.0.${n}/tcp/80/ws/p2p/${idOf(ben)}`)
  const payload = encode({ ...of(ana), relays, expires: now + LIFE })
  const codec = new TextEncoder().encode(wire.protocol)
  const record = { domain: wire.protocol, codec, marshal: () => payload, equals: () => false }
  return (await RecordEnvelope.seal(record, ana)).marshal()
}

/** Registrations of Ana that do not count, each with the reason. */
export async function lies(): Promise<(readonly [Reason, Uint8Array])[]> {
  const now = Date.now()
  const right = await standingIn()
  const [link] = right.chain as [Delegation]
  const own = await seal(of(ana), ana, now)
  const bent = Uint8Array.from(own)
  bent[own.byteLength - 1] = (own.at(-1) ?? 0) ^ 1
  const old = await signedChain({ ...link, proof: new Uint8Array() }, ana, now - 90 * 24 * 3_600_000)
  const forged = [{ ...link, proof: new Uint8Array(64) }]
  const writer = { n: 6, writer: idOf(mallory), session: 's2' }
  const given = [{ ...link, to: idOf(mallory) }]
  return [
    ['malformed', Uint8Array.of(1, 2, 3)],
    ['malformed', await crowded(now)],
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
