/** The parts of messages for an absent owner, each by itself and without a network. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { describe, expect, it, vi } from 'vitest'
import { Allowances } from '#node/contingency/allowance'
import { holdersOf } from '#node/letters/holders'
import { Inbox, type Letter } from '#node/letters/inbox'
import { type Answer, Inquiries, type Question } from '#node/letters/inquiry'
import { Letters, NAME } from '#node/letters/letters'
import { sealLetter } from '#node/state/inbox'
import { Seal } from '#node/state/seal'
import { packValue } from '#node/state/value'
import type { Registration } from '#protocols/registration/index'
import type { Entry } from '#protocols/state/index'
import { until } from '../support/until.ts'
import { MemoryPort } from './state-port.ts'

const keyOf = (seed: number) => generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed))
const [ana, ben, eve] = await Promise.all([keyOf(1), keyOf(2), keyOf(3)])
const [anaId, benId, eveId] = [ana, ben, eve].map(({ publicKey }) => publicKey.toString()) as [
  string,
  string,
  string,
]
const seal = await Seal.of(ana)

/** As a stand-in puts it there. */
async function deposited(
  id: string,
  value: unknown,
  { by = ben, sender = benId, n = 5 } = {},
): Promise<Entry> {
  const body = await sealLetter(by, { owner: anaId, id }, value)
  return { key: `inbox/${sender}/${id}`, n, by: 'inbox', body }
}

const note = (value: unknown, at = 1_000) => ({ at, value })

describe('an inbox', () => {
  async function opened(...entries: Entry[]) {
    const port = new MemoryPort('session')
    port.merge(entries)
    const came: Letter[] = []
    const inbox = await Inbox.open({ key: ana, seal, port, onLetter: (letter) => void came.push(letter) })
    return { port, inbox, came }
  }

  it('shows what lies there, the last that was taken in first, and tells of what comes', async () => {
    const { port, inbox, came } = await opened(
      await deposited('a', note('one'), { n: 5 }),
      await deposited('b', note('two'), { n: 6, by: eve, sender: eveId }),
    )
    expect(inbox.list()).toEqual([
      { id: 'b', sender: eveId, value: 'two', at: 1_000 },
      { id: 'a', sender: benId, value: 'one', at: 1_000 },
    ])
    expect(came).toEqual([])
    port.merge([await deposited('c', note('three'), { n: 7 })])
    await until(inbox, 'change', () => came.length > 0)
    expect(came).toMatchObject([{ id: 'c', value: 'three' }])
    expect(inbox.list().map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  })

  it('does not let a sender be ahead of the clock', async () => {
    const { inbox } = await opened(await deposited('a', note('one', Date.now() + 1e9)))
    expect(inbox.list()[0]?.at).toBeLessThanOrEqual(Date.now())
  })

  it('erases and counts a forged letter, one under another name, and one that is no letter', async () => {
    const mine = await deposited('good', note('one'))
    const forged = await deposited('forged', note('one'), { n: 6 })
    forged.body[100] = (forged.body[100] ?? 0) ^ 1
    const { port, inbox } = await opened(
      mine,
      forged,
      // Eve wrote it, and whoever stands in says that it was Ben.
      await deposited('name', note('from Ben, really'), { by: eve, n: 7 }),
      // Ben wrote it, and it was put under another id, to be there twice.
      { ...mine, key: `inbox/${benId}/again`, n: 8 },
      await deposited('bare', 'no envelope', { n: 9 }),
    )
    expect(inbox.list().map(({ id }) => id)).toEqual(['good'])
    expect(inbox.refused).toBe(4)
    expect(port.live()).toEqual([mine.key])
  })

  it('deletes for good what is removed, here and where it was seen before', async () => {
    const entry = await deposited('a', note('one'))
    const { port, inbox } = await opened(entry)
    const elsewhere = await opened(entry)
    await inbox.remove(inbox.list()[0] as Letter)
    await inbox.remove({ sender: benId, id: 'a' })
    expect(inbox.list()).toEqual([])
    expect(port.live()).toEqual([])
    elsewhere.port.merge([...port.entries()])
    await until(elsewhere.inbox, 'change', () => elsewhere.inbox.list().length === 0)
    // A holder that was asleep still has it: an old entry, that does not win.
    port.merge([entry])
    await inbox.stop()
    expect(inbox.list()).toEqual([])
  })

  it('keeps a letter when its deletion cannot be kept', async () => {
    const { port, inbox } = await opened(await deposited('a', note('one')))
    const { ColoniaError } = await import('#node/errors')
    port.fault = new ColoniaError('storage', 'the disk is full')
    await expect(inbox.remove(inbox.list()[0] as Letter)).rejects.toMatchObject({ code: 'storage' })
    expect(inbox.list()).toHaveLength(1)
  })
})

describe('a question', () => {
  const ask = { type: 'ask', owner: anaId } as const
  const tell = { type: 'tell', owner: anaId, presence: 'unknown' } as const

  it('is answered by whom it was put to, about whom it was put, and by nobody else', async () => {
    const inquiries = new Inquiries(() => {})
    const answer = inquiries.ask(benId, ask)
    inquiries.hear(eveId, { ...tell, presence: 'away' })
    inquiries.hear(benId, { ...tell, owner: eveId, presence: 'away' })
    inquiries.hear(benId, { type: 'deposited', owner: anaId, id: 'x', outcome: 'kept' })
    expect(inquiries.unasked).toBe(3)
    inquiries.hear(benId, tell)
    expect(await answer).toEqual(tell)
    inquiries.hear(benId, tell)
    expect(inquiries.unasked).toBe(4)
  })

  it('that is not answered ends with patience, and one that is not wanted any more with its reason', async () => {
    vi.useFakeTimers()
    try {
      const inquiries = new Inquiries(() => {})
      const none = inquiries.ask(benId, ask)
      const over = new AbortController()
      const unwanted = inquiries.ask(eveId, ask, { signal: over.signal })
      over.abort(new Error('enough'))
      await expect(unwanted).rejects.toThrow('enough')
      await vi.advanceTimersByTimeAsync(10_000)
      expect(await none).toBeUndefined()
      inquiries.hear(benId, tell)
      expect(inquiries.unasked).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('asking for someone', () => {
  /** Letters of Ben's whose questions are answered at once. */
  function asking(
    answers: Record<string, (question: Question) => Answer | undefined>,
    rounds: readonly string[][] = [Object.keys(answers)],
  ) {
    const asked: [to: string, type: string][] = []
    const letters: Letters = new Letters({
      key: ben,
      // Who waits for a change has waited.
      clock: {
        now: () => 0,
        after(wait, act) {
          if (wait === 1_000) queueMicrotask(act)
          return () => {}
        },
      },
      holdersOf: async function* () {
        yield* rounds
      },
      say: (to, question) => {
        asked.push([to, question.type])
        const answer = answers[to]?.(question)
        if (answer !== undefined) queueMicrotask(() => letters.hear(to, answer))
      },
    })
    return { letters, asked }
  }

  const tells = (presence: 'present' | 'away' | 'unknown', entry?: Entry) => (): Answer => {
    return {
      type: 'tell',
      owner: anaId,
      presence,
      ...(presence === 'away' ? { away: 60_000 } : {}),
      ...(entry && { entry }),
    }
  }
  const takes =
    (outcome: 'kept' | 'full' | 'present' | 'unknown') =>
    (question: Question): Answer => {
      return question.type === 'ask'
        ? tells('away')()
        : { type: 'deposited', owner: anaId, id: question.id, outcome }
    }

  it('believes the first who knows, and a name only if its owner signed just that record', async () => {
    const version = { n: 1, by: 's' }
    const open = { public: true, packed: packValue('Ana') }
    const name = await seal.seal({ name: NAME, ...open }, version)
    const other = await seal.seal({ name: 'profile/motto', ...open }, version)
    const forged = await (await Seal.of(eve)).seal(
      { name: NAME, public: true, packed: packValue('Eve') },
      version,
    )
    const named = async (entry: Entry) =>
      asking({ x: tells('unknown'), h: tells('away', entry) }).letters.presence(anaId)
    const presence = await named(name)
    expect(presence).toMatchObject({ presence: 'away', by: 'h', name: 'Ana' })
    expect(Math.abs(Date.now() - 60_000 - ('since' in presence ? (presence.since ?? 0) : 0))).toBeLessThan(
      5_000,
    )
    for (const entry of [other, forged]) expect(await named(entry)).not.toHaveProperty('name')
  })

  it('asks eight at most, and the rest of the links only if none of the registered knows', async () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`h${at}`, tells('unknown')]))
    const rounds = [Object.keys(many), ['link']]
    const { letters, asked } = asking({ ...many, link: tells('away') }, rounds)
    expect(await letters.presence(anaId)).toMatchObject({ presence: 'away', by: 'link' })
    expect(asked.map(([to]) => to)).toEqual([...Array.from({ length: 8 }, (_, at) => `h${at}`), 'link'])
    const known = asking({ registered: tells('away'), link: tells('present') }, [['registered'], ['link']])
    expect(await known.letters.presence(anaId)).toMatchObject({ by: 'registered' })
    expect(known.asked).toEqual([['registered', 'ask']])
  })

  it('asks whoever is registered first, with the owner at their head', async () => {
    const registration = { epoch: { writer: 'w' }, contingents: ['c', 'me'] } as unknown as Registration
    const asks = (found: Registration | undefined, linked: string[]) =>
      Array.fromAsync(holdersOf({ self: 'me', find: async () => found, links: () => linked }, anaId, {}))
    expect(await asks(registration, ['c', 'l'])).toEqual([[anaId, 'me', 'w', 'c'], ['l']])
    expect(await asks(undefined, ['c', 'l'])).toEqual([
      [anaId, 'me'],
      ['c', 'l'],
    ])
    // A link that nobody has closed may lead to nobody.
    expect(await asks(registration, ['l', anaId])).toEqual([[anaId, 'me'], ['w', 'c'], ['l']])
  })

  it('leaves a message only with those who say that the owner is away', async () => {
    const { letters, asked } = asking({ a: tells('unknown'), b: takes('unknown'), c: takes('kept') })
    expect(await letters.leave(anaId, 'hi')).toEqual({ kept: ['c'] })
    expect(asked.filter(([, type]) => type === 'deposit').map(([to]) => to)).toEqual(['b', 'c'])
  })

  it('tries again while the place of the one who stands in changes hands', async () => {
    let turn = 0
    const late = (question: Question): Answer => {
      return takes(question.type === 'deposit' && ++turn > 1 ? 'kept' : 'unknown')(question)
    }
    expect(await asking({ a: tells('present'), b: late }).letters.leave(anaId, 'hi')).toEqual({ kept: ['b'] })
  })

  it.each([
    ['present', { [anaId]: tells('present'), a: takes('full') }],
    ['present', { a: tells('present'), b: takes('unknown') }],
    ['inbox-full', { a: tells('present'), b: takes('full') }],
    ['nobody-stands-in', { a: tells('unknown'), b: takes('unknown') }],
    ['nobody-stands-in', {}],
  ])('says in a word why no message was kept: %s', async (code, answers) => {
    await expect(asking(answers).letters.leave(anaId, 'hi')).rejects.toMatchObject({ code })
  })

  it('refuses a message that is too long, or named what no key can hold', async () => {
    const { letters } = asking({ c: takes('kept') })
    await expect(letters.leave(anaId, 'x'.repeat(4_096))).rejects.toMatchObject({ code: 'record-too-large' })
    await expect(letters.leave(anaId, 'hi', { id: 'a/b' })).rejects.toMatchObject({ code: 'bad-record' })
  })
})

describe('a rate', () => {
  it('lets a burst through, then so many a second, and does not make others wait', () => {
    const rate = new Allowances({ burst: 3, perSecond: 1 })
    expect([0, 0, 0, 0].map((at) => rate.spend('flood', 1, at))).toEqual([true, true, true, false])
    expect(rate.spend('other', 1, 0)).toBe(true)
    expect([900, 1_100, 1_200, 2_200].map((at) => rate.spend('flood', 1, at))).toEqual([
      false,
      true,
      false,
      true,
    ])
  })

  it('remembers the busiest, however many others come by', () => {
    const rate = new Allowances({ burst: 1, perSecond: 0 })
    for (let other = 0; other < 1_000; other++) {
      rate.spend('flood', 1, other)
      rate.spend(`other ${other}`, 1, other)
    }
    expect(rate.spend('flood', 1, 1_000)).toBe(false)
  })
})
