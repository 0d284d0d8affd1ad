/** Which registrations count, and which of them stands. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareEpochs } from '#protocols/contingency/index'
import {
  compareRegistrations,
  type Fault,
  faultOf,
  HORIZON,
  MAX_COUNT,
  type Registration,
  select,
} from '#protocols/registration/index'
import { anyRegistration, link, MINUTE, next, now, own, standIn } from './records.ts'

const seen = (registration: Registration) => ({ owner: 'A', signer: registration.epoch.writer, now })

describe('a registration', () => {
  test('of the owner counts, and of whoever it lets stand in, and of whoever that one does', () => {
    for (const each of [own, standIn, next, { ...own, gone: true, sequence: 9 }]) {
      expect(faultOf(each, seen(each))).toBeUndefined()
    }
  })

  const refused: [string, Registration, Partial<ReturnType<typeof seen>>, Fault][] = [
    ['that is about somebody else', own, { owner: 'B' }, 'wrong-owner'],
    ['that somebody else signed', own, { signer: 'B' }, 'wrong-signer'],
    ['that has expired', { ...own, expires: now }, {}, 'expired'],
    ['that would not expire for days', { ...own, expires: now + HORIZON + 1 }, {}, 'expires-late'],
    ['with a sequence beyond all others', { ...own, sequence: MAX_COUNT + 1 }, {}, 'far-count'],
    [
      'with an epoch beyond all others',
      { ...own, epoch: { ...own.epoch, n: MAX_COUNT + 1 } },
      {},
      'far-count',
    ],
    ['of a stranger', { ...standIn, epoch: { ...standIn.epoch, writer: 'M' } }, {}, 'unproven'],
    ['of a stranger without a chain', { ...standIn, chain: [] }, {}, 'unproven'],
    [
      'of a stand-in in an epoch from the future',
      { ...standIn, epoch: { ...standIn.epoch, n: 11 } },
      {},
      'unproven',
    ],
    [
      'of a stand-in at a rank that it was not given',
      { ...standIn, epoch: { ...standIn.epoch, n: 7 } },
      {},
      'unproven',
    ],
    ['with a chain that has a gap', { ...next, chain: next.chain.slice(1) }, {}, 'unproven'],
    [
      'with a chain about another owner',
      { ...standIn, chain: [{ ...link('A', 'B', 5, 's1'), owner: 'X' }] },
      {},
      'unproven',
    ],
  ]
  test.each(refused)('%s is refused', (_, registration, differs, fault) => {
    expect(faultOf(registration, { ...seen(registration), ...differs })).toBe(fault)
  })

  test('counts for nobody without its signature, and for a stranger only with a chain that leads to it', () => {
    fc.assert(
      fc.property(anyRegistration, fc.constantFrom('A', 'B', 'C', 'M'), (registration, signer) => {
        const fault = faultOf({ ...registration, expires: now + 1 }, { owner: 'A', signer, now })
        if (fault !== undefined) return
        expect(signer).toBe(registration.epoch.writer)
        if (signer !== 'A') expect(registration.chain[0]?.by).toBe('A')
      }),
    )
  })
})

describe('of several registrations', () => {
  const order = [
    own,
    { ...own, sequence: 2 },
    { ...own, sequence: 3, gone: true },
    standIn,
    { ...standIn, sequence: 2 },
    next,
    { ...own, epoch: { n: 11, writer: 'A', session: 's0' } },
  ]

  test('the greatest epoch stands, and in it what was said last', () => {
    for (const [at, each] of order.entries()) {
      for (const later of order.slice(at + 1)) {
        expect(compareRegistrations(later, each)).toBeGreaterThan(0)
        expect(compareRegistrations(each, later)).toBeLessThan(0)
      }
    }
    expect(select([])).toBeUndefined()
  })

  test('all choose the same, in whatever order they see them, and never a stale one', () => {
    fc.assert(
      fc.property(fc.array(anyRegistration, { minLength: 1, maxLength: 6 }), fc.nat(), (all, turn) => {
        const chosen = select(all) as Registration
        const shuffled = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)].reverse()
        expect(select(shuffled)).toEqual(chosen)
        // In two steps, as when one of them was kept and the other comes later.
        const half = all.length >> 1
        const steps = [select(all.slice(0, half)), select(all.slice(half))].filter(
          (each) => each !== undefined,
        )
        expect(select(steps)).toEqual(chosen)
        for (const each of all) {
          const epochs = compareEpochs(chosen.epoch, each.epoch)
          expect(epochs).toBeGreaterThanOrEqual(0)
          if (epochs === 0) expect(chosen.sequence).toBeGreaterThanOrEqual(each.sequence)
        }
      }),
    )
  })

  test('two are alike only when they say the same', () => {
    fc.assert(
      fc.property(anyRegistration, anyRegistration, (a, b) => {
        expect(Math.sign(compareRegistrations(a, b))).toBe(-Math.sign(compareRegistrations(b, a)) + 0)
        if (compareRegistrations(a, b) === 0) expect(a).toEqual(b)
        expect(compareRegistrations(a, { ...a, expires: a.expires === 0 ? 1 : a.expires - 1 })).not.toBe(0)
      }),
    )
  })

  test('one that expires a minute later is not the one that stands', () => {
    expect(select([{ ...own, expires: now + 2 * MINUTE }, standIn])).toBe(standIn)
  })
})
