/** The ideal static figure, against networks small enough to be worked out by hand. */
import { describe, expect, test } from 'vitest'
import { Random } from '../../simulations/random.ts'
import { meanRounds, roundsOf, some, tableOf } from './mesh/ideal.ts'

/** All keys of so many bits, at the head of a key. */
const all = (bits: number) => Array.from({ length: 2 ** bits }, (_, key) => BigInt(key) << BigInt(64 - bits))

describe('a table', () => {
  test('has so many of each bucket, and all of one that has no more', () => {
    const keys = all(4)
    const [self] = keys as [bigint]
    // Buckets of 8, 4, 2 and 1.
    const buckets = tableOf(self, keys, 3, new Random(1)).map(
      (key) => 3 - Math.floor(Math.log2(Number(key >> 60n))),
    )
    expect(buckets.sort()).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 3])
  })

  test('has each of a bucket as often as the other', () => {
    const random = new Random(2)
    const counts = new Map<string, number>()
    for (let n = 0; n < 6_000; n++) {
      for (const each of some(['a', 'b', 'c'], 2, random)) counts.set(each, (counts.get(each) ?? 0) + 1)
    }
    for (const each of ['a', 'b', 'c']) expect((counts.get(each) ?? 0) / 6_000).toBeCloseTo(2 / 3, 1)
  })
})

describe('a look-up', () => {
  const [a, b, c, d] = all(2) as [bigint, bigint, bigint, bigint]

  test('takes no round to whom one knows, and one for each step that one has to be told', () => {
    const tables = new Map([
      [a, [b, c]],
      [b, [a, d]],
      [c, [d, a]],
      [d, [c, b]],
    ])
    expect(roundsOf(a, b, tables, 1, 1)).toBe(0)
    // c is nearer to d than b is, and knows it.
    expect(roundsOf(a, d, tables, 1, 1)).toBe(1)
  })

  test('asks alpha at a time, so that the second of two who knows costs no round of its own', () => {
    const [k0, , , k3, k4, k5, k6, k7] = all(3) as [bigint, ...bigint[]]
    const tables = new Map<bigint, bigint[]>([
      [k0, [k6 as bigint, k5 as bigint]],
      // The nearest to 7 does not know it; the other does.
      [k6 as bigint, [k4 as bigint, k3 as bigint]],
      [k5 as bigint, [k7 as bigint, k3 as bigint]],
      [k4 as bigint, [k3 as bigint]],
      [k3 as bigint, [k4 as bigint]],
    ])
    expect(roundsOf(k0, k7 as bigint, tables, 2, 2)).toBe(1)
    expect(roundsOf(k0, k7 as bigint, tables, 2, 1)).toBe(2)
  })

  test('that leads nowhere is no look-up of the ideal', () => {
    expect(() => roundsOf(a, d, new Map([[a, [b]]]), 1, 1)).toThrow('nowhere')
  })
})

describe('the mean', () => {
  /** Over networks, since one draws its tables once. */
  const mean = (bits: number, k: number, alpha: number, networks: number, pairs: number) => {
    const random = new Random(3)
    const means = Array.from({ length: networks }, () =>
      meanRounds({ keys: all(bits), k, alpha, random }, pairs),
    )
    return means.reduce((sum, each) => sum + each, 0) / networks
  }

  test('is 0 where everyone knows everyone, and with nobody to find', () => {
    expect(mean(3, 8, 3, 1, 500)).toBe(0)
    expect(meanRounds({ keys: all(0), k: 8, alpha: 3, random: new Random(4) })).toBe(0)
  })

  test('of four with buckets of one is 1/3: two are known, the third is told by its neighbour', () => {
    expect(mean(2, 1, 1, 20, 3_000)).toBeCloseTo(1 / 3, 2)
  })

  // The neighbour: 0. The two of the next bucket: 0 or 1, as likely. The four of the last: the one that is known
  // is the target (1/4, 0 rounds), or its neighbour (1/4, 1), or of the other two (1/2), which know the target
  // or its neighbour, as likely: 1 or 2. So (0 + 2 · 1/2 + 4 · 1) / 7.
  test('of eight with buckets of one is 5/7', () => {
    expect(mean(3, 1, 1, 400, 400)).toBeCloseTo(5 / 7, 2)
  })
})
