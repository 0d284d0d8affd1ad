import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, sample } from '../../bootstrap/sample.ts'

const MINUTE = 60_000
const nobody = { id: 'nobody', key: 0 }

describe('the choice of whom a newcomer meets', () => {
  it('prefers who has been up longest', () => {
    const old = peer('old', { since: 0 })
    const young = peer('young', { since: 60 * MINUTE })
    expect(names([young, old], 1, 100 * MINUTE)).toEqual(['old'])
  })

  it('prefers who was asked to stay, because the others are about to hang up', () => {
    const anchor = peer('anchor', { since: 99 * MINUTE, introduced: 9, anchor: true })
    expect(names([peer('old', { since: 0 }), anchor], 1, 100 * MINUTE)).toEqual(['anchor'])
  })

  it('prefers who was introduced least among peers of like age', () => {
    const tired = peer('a', { introduced: 3 })
    const fresh = peer('b', { since: 1000, introduced: 2 })
    expect(names([tired, fresh], 1, 100 * MINUTE)).toEqual(['b'])
  })

  it('takes the best of every quarter of the ring before a second of any', () => {
    const quarter = 2 ** 30
    const crowd = Array.from({ length: 20 }, (_, i) => peer(`crowd${i}`, { key: i }))
    const far = [1, 2, 3].map((arc) => peer(`far${arc}`, { key: arc * quarter, since: 99 * MINUTE }))
    expect(names([...crowd, ...far], 4, 100 * MINUTE).sort()).toEqual(['crowd0', 'far1', 'far2', 'far3'])
  })

  it('is, whoever is here: distinct, without the asker, and as many as wanted if there are', () => {
    const candidates = fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 3 }),
        key: fc.nat({ max: 2 ** 32 - 1 }),
        since: fc.nat(),
        introduced: fc.nat(),
      }),
      { selector: ({ id }) => id, maxLength: 40 },
    )
    fc.assert(
      fc.property(candidates, fc.nat({ max: 16 }), fc.nat({ max: 2 ** 32 - 1 }), (here, want, key) => {
        const asker = { id: here[0]?.id ?? 'a', key }
        const ids = sample(here, asker, want, 2 ** 31).map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids).not.toContain(asker.id)
        expect(ids).toHaveLength(Math.min(want, Math.max(0, here.length - 1)))
      }),
    )
  })

  it('spreads many newcomers over peers of like age', () => {
    const crowd = Array.from({ length: 32 }, (_, i) => ({
      ...peer(`p${i}`, { key: i * 2 ** 27 }),
      introduced: 0,
    }))
    for (let i = 0; i < 64; i++) {
      const asker = { id: 'new', key: (i * 2654435761) % 2 ** 32 }
      for (const picked of sample(crowd, asker, 8, 10 * MINUTE)) picked.introduced++
    }
    // 64 newcomers meet 8 each: 16 is the fair share of each of 32.
    expect(Math.max(...crowd.map(({ introduced }) => introduced))).toBeLessThanOrEqual(20)
  })
})

function peer(id: string, given: Partial<Candidate> = {}): Candidate {
  return { id, key: 0, since: 0, introduced: 0, ...given }
}

function names(candidates: Candidate[], want: number, now: number): string[] {
  return sample(candidates, nobody, want, now).map(({ id }) => id)
}
