/** What strangers may try with a peer that holds for others: refused, counted, bounded, and no concern of others. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { describe, expect, it } from 'vitest'
import { ALL } from '#node/contingency/allowance'
import { type Refusal, refusalOf } from '#node/contingency/refusal'
import { Seal } from '#node/state/seal'
import { type Message, wire } from '#protocols/contingency/index'
import { until } from '../support/until.ts'
import { DAY, framed, type House, house, Stranger } from './neighbours.ts'

const DIGEST = '0123456789abcdef'

describe('a holder', () => {
  it('takes an appointment that the owner signed', async () => {
    const home = await house({ copies: 0 })
    const ada = await Stranger.at(home)
    await ada.say(await ada.appointment())
    await ada.told('accept')
    expect(holds(home)).toEqual([ada.id])
  })

  it('refuses a delegation that someone else signed', async () => {
    const { home, mallory, goesOn } = await village()
    await mallory.say(await mallory.appointment({ signer: await generateKeyPair('Ed25519') }))
    await goesOn({ forged: 1 })
    expect(holds(home)).not.toContain(mallory.id)
  })

  it('refuses a delegation whose time is over, or much too far ahead', async () => {
    const { home, mallory, goesOn } = await village()
    await mallory.say(await mallory.appointment({ expires: Date.now() - 1 }))
    await mallory.say(await mallory.appointment({ expires: Date.now() + 365 * DAY }))
    await goesOn({ expired: 2 })
    expect(holds(home)).not.toContain(mallory.id)
  })

  it('refuses what the owner once said when another says it again', async () => {
    const { home, ada, mallory, goesOn } = await village()
    await mallory.say(await ada.appointment())
    const chain = [await ada.lets(mallory.id, { n: 4 }), await ada.lets(home.libp2p.peerId.toString())]
    const epoch = { n: 6, writer: mallory.id, session: 's2' }
    await mallory.say({ type: 'fenced', owner: ada.id, epoch, chain })
    await mallory.say({ type: 'held', owner: ada.id, epoch, have: 9, digest: DIGEST, chain: chain.slice(1) })
    await goesOn({ baseless: 3 })
    expect(home.contingency.view.holding).toEqual([{ owner: ada.id, standingIn: false }])
  })

  it('does not follow into an epoch of the future that nothing proves', async () => {
    const { ada, mallory, goesOn } = await village()
    const epoch = { n: 1e12, writer: mallory.id, session: 's2' }
    await mallory.say({ type: 'fenced', owner: ada.id, epoch, chain: [await ada.lets(mallory.id)] })
    await goesOn({ baseless: 1 })
    // Without any chain it is news to ask about: it is told who writes, and no more.
    await mallory.say({ type: 'beat', owner: ada.id, epoch, have: 1, digest: DIGEST })
    expect((await mallory.told('fenced')).epoch).toEqual({ n: 5, writer: ada.id, session: 's1' })
    await goesOn({ baseless: 1 })
  })

  it('refuses entries that the owner did not sign', async () => {
    const { home, ada, mallory, goesOn } = await village()
    const entry = { key: 'public/name', n: 9, by: 's1', body: new Uint8Array(80).fill(2) }
    const delta = { type: 'delta', from: 0, to: 9, last: true, entries: [entry] } as const
    const epoch = { n: 5, writer: mallory.id, session: 's1' }
    await mallory.say({ ...delta, owner: ada.id, epoch, entries: [entry] })
    await goesOn({ forged: 1 })
    expect(holds(home)).toEqual([ada.id])
  })

  it('refuses a state that turns out larger than it was said to be', async () => {
    const { home, mallory, goesOn } = await village({ capacity: { owners: 4, bytes: 100_000 } })
    await mallory.say(await mallory.appointment({}, 10))
    await mallory.told('accept')
    const seal = await Seal.of(mallory.key)
    const epoch = { n: 5, writer: mallory.id, session: 's1' }
    for (let n = 1; n <= 3; n++) {
      const draft = { name: `${n}`, packed: new Uint8Array(60_000), public: true }
      const entries = [await seal.seal(draft, { n, by: 's1' })]
      await mallory.say({ type: 'delta', owner: mallory.id, epoch, from: n - 1, to: n, last: true, entries })
    }
    expect((await mallory.told('refuse')).reason).toBe('full')
    await goesOn({ full: 2 })
    expect(holds(home)).toContain(mallory.id)
  })

  it('has room for as many owners as it says, however many are made up', async () => {
    const { home, mallory, goesOn } = await village({ capacity: { owners: 4, bytes: 100_000 } })
    for (let n = 0; n < 50; n++) {
      const key = await generateKeyPair('Ed25519')
      const owner = key.publicKey.toString()
      const toMallory = await mallory.lets(mallory.id, { owner, by: owner, signer: key })
      const toHome = await mallory.lets(home.libp2p.peerId.toString(), { owner, n: 6 })
      const epoch = { n: 6, writer: mallory.id, session: 's1' }
      const chain = [toMallory, toHome]
      const copy = { have: 0, digest: DIGEST, bytes: 0 }
      await mallory.say({ type: 'appoint', owner, epoch, turn: 1, rank: 1, roster: [], chain, ...copy })
    }
    await goesOn({ full: 47 })
    expect(holds(home)).toHaveLength(4)
  })

  it('closes a stream of bytes that are no message, and of words that were not said', async () => {
    const { mallory, goesOn } = await village()
    const nonsense = [
      framed(Uint8Array.of(0xc1, 0xc1, 0xc1)),
      framed(new Uint8Array(16), 1_000_000),
      framed(new Uint8Array(5_000).fill(0x91)),
      framed(wire.encode({ type: 'again', of: 3 })),
    ]
    for (const [index, bytes] of nonsense.entries()) {
      await mallory.utter(bytes)
      await mallory.cutOff()
      await goesOn({ malformed: index + 1 })
    }
  })

  it('loses nothing by a stream that stops half-way', async () => {
    const { home, mallory, goesOn } = await village()
    const whole = framed(wire.encode(await mallory.appointment()))
    await mallory.utter(whole.subarray(0, -5))
    await mallory.hangUp()
    await goesOn({})
    expect(holds(home)).not.toContain(mallory.id)
    await mallory.utter(whole)
    await mallory.told('accept')
  })

  it('ignores what it does not know, and counts it', async () => {
    const { mallory, goesOn } = await village()
    // A map of one pair: "type" is "x".
    await mallory.utter(framed(Uint8Array.of(0x81, 0xa4, 0x74, 0x79, 0x70, 0x65, 0xa1, 0x78)))
    await goesOn({ unknown: 1 })
  })

  it('closes the stream of who says too much, and of the next when it goes on', async () => {
    const { ada, mallory, goesOn } = await village()
    const epoch = { n: 1, writer: mallory.id, session: 's1' }
    // Nothing is answered to this, so that what takes time is the reading.
    const left = framed(wire.encode({ type: 'left', owner: ada.id, epoch }))
    const many = Uint8Array.from(Array.from({ length: 100 }, () => [...left]).flat())
    for (let n = 0; n < (2 * ALL.burst) / 100; n++) await mallory.utter(many)
    await mallory.cutOff()
    await goesOn({ flood: 1 })
    for (let n = 0; n < ALL.burst / 100; n++) await mallory.utter(many)
    await mallory.cutOff()
    await goesOn({ flood: 2 })
  })
})

describe('an owner', () => {
  it('does not keep a holder whose copy is never the same', async () => {
    const home = await house({ copies: 1, answer: 20, beat: 50, margin: 5_000 })
    await home.state.put('name', 'Ada')
    const liar = await Stranger.at(home)
    const { epoch, turn, owner } = await liar.told('appoint')
    const lie = { owner, epoch, turn, have: 1e12, digest: DIGEST }
    await liar.say({ type: 'accept', ...lie })
    const gone = () => {
      void liar.say({ type: 'stored', ...lie })
      return !home.contingency.view.holders.some(({ peer }) => peer === liar.id)
    }
    await until(liar, 'message', gone, { what: 'being dropped' })
  })

  it('takes back what it had given, though the right of who has it is over', async () => {
    const home = await house({ copies: 0 })
    const [ada, holder] = [await Stranger.at(home), await Stranger.at(home)]
    const old = await ada.lets(holder.id, { expires: Date.now() - DAY })
    const epoch = { n: 5, writer: ada.id, session: 's1' }
    const said = { owner: ada.id, epoch, chain: [old] }
    const held: Message = { type: 'held', ...said, have: 0, digest: DIGEST }
    expect(await refusalOf(holder.id, held, Date.now())).toBeUndefined()
    expect(await refusalOf(ada.id, held, Date.now())).toBe('baseless')
    expect(await refusalOf(holder.id, { type: 'fenced', ...said }, Date.now())).toBe('expired')
  })

  it('that cannot keep what it holds says so, and acknowledges nothing', async () => {
    const { home, ada } = await village()
    await ada.say(await ada.appointment())
    await ada.told('accept')
    home.keep.write = () => Promise.reject(new Error('the disk is full'))
    const from = ada.heard.length
    const seal = await Seal.of(ada.key)
    const entry = await seal.seal({ name: 'a', packed: new Uint8Array(9), public: true }, { n: 9, by: 's1' })
    const epoch = { n: 5, writer: ada.id, session: 's1' }
    await ada.say({ type: 'delta', owner: ada.id, epoch, from: 0, to: 9, last: true, entries: [entry] })
    expect((await ada.told('refuse', from)).reason).toBe('leaving')
    expect(ada.heard.slice(from).map(({ type }) => type)).not.toContain('stored')
  })

  it('shows a right of its own that others believe', async () => {
    const home = await house({ copies: 1 })
    const behind = await Stranger.at(home)
    const { owner } = await behind.told('appoint')
    const epoch = { n: 0, writer: owner, session: 'old' }
    await behind.say({ type: 'fenced', owner, epoch, chain: [] })
    const { chain } = await behind.told('fenced')
    expect(chain).toMatchObject([{ by: owner, to: owner }])
    const witness = await house({ copies: 0 })
    const speaker = await Stranger.at(witness)
    // Whoever says it: this is about the signature.
    await speaker.say({
      type: 'fenced',
      owner,
      epoch: { ...epoch, n: chain[0]?.n ?? 0, session: chain[0]?.session ?? '' },
      chain,
    })
    await speaker.told('left')
    expect(witness.contingency.view.refused).toMatchObject({ forged: 0, expired: 0, baseless: 0 })
  })

  it('gives a new holder all of a full state, in order and with nothing left out', async () => {
    const home = await house({ copies: 1 })
    const names = Array.from({ length: 1_000 }, (_, n) => `record/${n}`)
    for (let at = 0; at < names.length; at += 50) {
      const writes = names.slice(at, at + 50)
      await home.state.bulk(
        writes.map((name) => ({ type: 'put', name, value: new Uint8Array(800), public: true })),
      )
    }
    const holder = await Stranger.at(home)
    const { owner, epoch, turn } = await holder.told('appoint')
    await holder.say({ type: 'accept', owner, epoch, turn, have: 0, digest: '0000000000000000' })
    const deltas = () => holder.heard.filter((message) => message.type === 'delta')
    await until(holder, 'message', () => deltas().some(({ last }) => last), { what: 'the last of it' })
    expect(deltas().length).toBeGreaterThan(15)
    expect(deltas()[0]?.from).toBe(0)
    for (const [index, { to }] of deltas().slice(0, -1).entries()) expect(deltas()[index + 1]?.from).toBe(to)
    expect(new Set(deltas().flatMap(({ entries }) => entries.map(({ key }) => key)))).toEqual(
      new Set(names.map((name) => `public/${name}`)),
    )
  })
})

/** A house that holds for Ada, and Mallory. */
async function village(config: Parameters<typeof house>[0] = {}) {
  const home = await house({ copies: 0, ...config })
  const [ada, mallory] = [await Stranger.at(home), await Stranger.at(home)]
  await ada.say(await ada.appointment())
  await ada.told('accept')
  /** Until so much was refused, and no more; and Ada is served as ever. */
  const goesOn = async (refused: Partial<Record<Refusal, number>>) => {
    const beat: Message = {
      ...{ type: 'beat', owner: ada.id, epoch: { n: 5, writer: ada.id, session: 's1' } },
      ...{ have: 0, digest: DIGEST },
    }
    const enough = () =>
      Object.entries(refused).every(([why, n]) => home.contingency.view.refused[why as Refusal] >= n)
    while (true) {
      const from = ada.heard.length
      await ada.say(beat)
      await ada.told('stored', from)
      if (enough()) break
    }
    const none = { malformed: 0, unknown: 0, forged: 0, expired: 0, baseless: 0, unfit: 0, flood: 0, full: 0 }
    expect(home.contingency.view.refused).toEqual({ ...none, ...refused })
  }
  return { home, ada, mallory, goesOn }
}

function holds(home: House): string[] {
  return home.contingency.view.holding.map(({ owner }) => owner)
}
