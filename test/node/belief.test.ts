/** What is believed of a message in someone's inbox: nobody signs its counter, so that is bounded. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { encode } from '@msgpack/msgpack'
import { describe, expect, it } from 'vitest'
import { Belief } from '#node/contingency/belief'
import { signed } from '#node/contingency/right'
import { sealLetter } from '#node/state/inbox'
import type { Message, Said } from '#protocols/contingency/index'
import { type Entry, SPAN } from '#protocols/state/index'

const keyOf = (seed: number) => generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed))
const [ana, ben, eve] = await Promise.all([keyOf(1), keyOf(2), keyOf(3)])
const [anaId, benId, eveId] = [ana, ben, eve].map(({ publicKey }) => publicKey.toString()) as [
  string,
  string,
  string,
]

type Appoint = Extract<Message, { type: 'appoint' }>

/** As a stand-in puts it there. */
async function deposited(id: string, value: unknown, { n = 5 } = {}): Promise<Entry> {
  const body = await sealLetter(ben, { owner: anaId, id }, value)
  return { key: `inbox/${benId}/${id}`, n, by: 'inbox', body }
}

/** Whether it is believed that `from` says so. */
async function takes(belief: Belief, message: Said, from: string): Promise<boolean> {
  return (await belief.refusal(from, message, Date.now())) === undefined
}

describe('what is believed of a letter', () => {
  const epoch = (n: number) => ({ n, writer: benId, session: 's' })
  const delta = (n: number, entry: Entry, owner = anaId): Message => {
    return { type: 'delta', owner, epoch: epoch(n), from: 0, to: entry.n, last: true, entries: [entry] }
  }
  /** What Ben shows who stands in for Ana, in the epoch after `n`, by right of her delegation. */
  async function held(n: number): Promise<Message> {
    const link = {
      owner: anaId,
      by: anaId,
      to: benId,
      n,
      session: 'a',
      rank: 1,
      expires: 0,
      proof: new Uint8Array(),
    }
    const head = { owner: anaId, epoch: { n, writer: anaId, session: 'a' } }
    const appoint: Appoint = {
      type: 'appoint',
      ...head,
      turn: 1,
      rank: 1,
      roster: [benId],
      chain: [link],
      bytes: 0,
      have: 0,
      digest: '0'.repeat(16),
    }
    const { chain } = (await signed(appoint, ana, Date.now())) as Appoint
    return {
      type: 'held',
      owner: anaId,
      epoch: epoch(n + 1),
      have: 0,
      digest: '0'.repeat(16),
      chain: [...chain],
    }
  }
  const of = (part: 'returning' | 'writing' | 'holding', n: number, self = anaId) =>
    new Belief(self, () => ({ part, epoch: { n } }))

  it('a counter near where numbers end is refused, at the owner and at every holder', async () => {
    const far = await deposited('a', 'x', { n: Number.MAX_SAFE_INTEGER - 1 })
    for (const belief of [of('writing', 7), of('returning', 0), of('holding', 7, eveId)]) {
      for (const said of [0, 7]) expect(await takes(belief, delta(said, far), benId)).toBe(false)
    }
  })

  it('a holder takes what was taken in by its epoch, and no later one', async () => {
    const belief = of('holding', 7, eveId)
    expect(await takes(belief, delta(7, await deposited('a', 'x', { n: 8 * SPAN - 1 })), benId)).toBe(true)
    expect(await takes(belief, delta(7, await deposited('a', 'x', { n: 8 * SPAN })), benId)).toBe(false)
  })

  it('an owner that knows nothing any more takes what lies in an epoch that it is shown to have begun', async () => {
    const belief = of('returning', 0)
    const entry = await deposited('a', 'x', { n: 8 * SPAN + 5 })
    expect(await takes(belief, delta(8, entry), benId)).toBe(false)
    // Somebody else's proof, shown by who neither wrote nor holds by it, is none.
    expect(await takes(belief, { ...(await held(7)), type: 'fenced' } as Message, eveId)).toBe(true)
    expect(await takes(belief, delta(8, entry), benId)).toBe(false)
    expect(await takes(belief, await held(7), benId)).toBe(true)
    expect(await takes(belief, delta(8, entry), benId)).toBe(true)
    expect(await takes(belief, delta(9, { ...entry, n: 9 * SPAN }), benId)).toBe(false)
  })

  it('while the owner writes, nothing is taken in for it: no letter is younger than its epoch', async () => {
    const belief = of('writing', 9)
    expect(await takes(belief, delta(8, await deposited('a', 'x', { n: 9 * SPAN - 1 })), benId)).toBe(true)
    expect(await takes(belief, delta(8, await deposited('a', 'x', { n: 9 * SPAN })), benId)).toBe(false)
  })

  it('what the machine will not take anyway is left to it, which asks for proof', async () => {
    const later = await deposited('a', 'x', { n: 12 * SPAN })
    expect(await takes(of('holding', 7, eveId), delta(12, later), benId)).toBe(true)
    expect(await takes(of('writing', 7), delta(12, later), benId)).toBe(true)
    expect(await takes(of('returning', 7), delta(12, later), benId)).toBe(false)
  })

  it('a stranger cannot leave what the owner would refuse together with all that lies beside it', async () => {
    const { body } = await deposited('a', 'x')
    const deposit = (id: string, bytes = body): Message => ({
      type: 'deposit',
      owner: anaId,
      id,
      body: bytes,
    })
    const belief = of('writing', 7, eveId)
    expect(await takes(belief, deposit('a'), benId)).toBe(true)
    expect(await takes(belief, deposit('a/b'), benId)).toBe(false)
    expect(await takes(belief, deposit('a', new Uint8Array(200)), benId)).toBe(false)
    expect(await takes(belief, deposit('a', body.slice(0, 50)), benId)).toBe(false)
    expect(await takes(belief, deposit('a', encode('no letter') as typeof body), benId)).toBe(false)
  })
})
