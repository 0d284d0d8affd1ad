import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Anchors, ASK_AGAIN, type Member, TERM } from '../../bootstrap/anchors.ts'

const QUARTER = 2 ** 30

describe('the choice of who stays', () => {
  it('keeps everyone while there are too few, and lets go who comes after', () => {
    const here = town(peer('a'), peer('b', { key: QUARTER * 2 }), peer('c'))
    const anchors = new Anchors(2)
    expect([ask(anchors, here, 'a'), ask(anchors, here, 'b'), ask(anchors, here, 'c')]).toEqual([
      'stay',
      'stay',
      'go',
    ])
    expect(anchors.ask('a', here, 1)).toEqual({ type: 'stay', millis: ASK_AGAIN })
    expect([anchors.has('a'), anchors.has('c'), anchors.size]).toEqual([true, false, 2])
  })

  it('gives the place of one that is gone to the next who asks', () => {
    const here = town(peer('a'), peer('b'))
    const anchors = new Anchors(1)
    ask(anchors, here, 'a')
    here.delete('a')
    anchors.gone('a')
    expect(ask(anchors, here, 'b')).toBe('stay')
  })

  it('asks nobody to stay when it is to have none', () => {
    expect(ask(new Anchors(0), town(peer('a')), 'a')).toBe('go')
  })

  it('does not keep who cannot be introduced', () => {
    expect(ask(new Anchors(2), town(), 'a')).toBe('go')
  })

  it('lets a tired anchor go once somebody else is here, who has its place from then on', () => {
    const here = town(peer('a'))
    const anchors = new Anchors(1)
    ask(anchors, here, 'a')
    expect(ask(anchors, here, 'a', TERM - 1)).toBe('stay')
    // Nobody else: the last one never goes.
    expect(ask(anchors, here, 'a', 10 * TERM)).toBe('stay')
    here.set('b', peer('b', { since: 10 * TERM }))
    here.set('c', peer('c', { since: 9 * TERM }))
    expect(ask(anchors, here, 'a', 10 * TERM)).toBe('go')
    expect([anchors.has('a'), anchors.has('b'), anchors.has('c')]).toEqual([false, false, true])
    here.delete('a')
    anchors.gone('a')
    expect([ask(anchors, here, 'b', 10 * TERM), ask(anchors, here, 'c', 10 * TERM)]).toEqual(['go', 'stay'])
  })

  it('has a fresh one take over from a tired one, which goes when it asks next', () => {
    const here = town(peer('a'))
    const anchors = new Anchors(1)
    ask(anchors, here, 'a')
    here.set('b', peer('b'))
    expect(ask(anchors, here, 'b', TERM)).toBe('stay')
    expect(ask(anchors, here, 'a', TERM + 1)).toBe('go')
  })

  it('prefers who stands where the ring of keys is empty, and lets the youngest of the crowded go', () => {
    const crowd = [peer('old', { since: 0 }), peer('young', { since: 5 }), peer('middle', { since: 3 })]
    const here = town(...crowd, peer('far', { key: 3 * QUARTER }), peer('again'))
    const anchors = new Anchors(3)
    for (const { id } of crowd) ask(anchors, here, id)
    expect(ask(anchors, here, 'again', 10)).toBe('go')
    expect(ask(anchors, here, 'far', 10)).toBe('stay')
    expect(ask(anchors, here, 'young', 10)).toBe('go')
    expect([ask(anchors, here, 'old', 10), ask(anchors, here, 'middle', 10)]).toEqual(['stay', 'stay'])
  })

  it('does not let one machine with many identities be all that newcomers meet', () => {
    const liars = Array.from({ length: 32 }, (_, i) => peer(`liar${i}`, { group: 'x', key: i * 2 ** 27 }))
    const others = Array.from({ length: 24 }, (_, i) => peer(`p${i}`, { group: `g${i % 3}`, since: 50 }))
    const here = town(...liars, ...others)
    const anchors = new Anchors(32)
    for (const { id } of liars) ask(anchors, here, id)
    // They ask and ask; the others come by now and then.
    for (let round = 0; round < 60; round++) {
      for (const { id } of [...others, ...liars]) ask(anchors, here, id, 100 + round * ASK_AGAIN)
    }
    expect(liars.filter(({ id }) => anchors.has(id)).length).toBeLessThanOrEqual(9)
  })

  it('never lets go so many at once that, once settled, more than a tenth are connected besides', () => {
    const olds = Array.from({ length: 32 }, (_, i) => peer(`old${i}`, { key: i * 2 ** 27 }))
    const here = town(...olds)
    const anchors = new Anchors(32)
    for (const { id } of olds) ask(anchors, here, id)
    // All are tired at once, and as many newcomers stand.
    const stayed = Array.from({ length: 32 }, (_, i) => {
      here.set(`new${i}`, peer(`new${i}`, { key: i * 2 ** 27, since: TERM }))
      return ask(anchors, here, `new${i}`, TERM)
    })
    expect(stayed.filter((answer) => answer === 'stay')).toHaveLength(3)
  })

  it('keeps a tired one while there are too few, though somebody else is here', () => {
    // Seed -637230385 of the property below.
    const here = town(peer('a'))
    const anchors = new Anchors(2)
    ask(anchors, here, 'a')
    here.set('b', peer('b', { since: TERM }))
    expect(ask(anchors, here, 'a', TERM)).toBe('stay')
    expect(ask(anchors, here, 'b', TERM)).toBe('stay')
    here.set('c', peer('c', { since: TERM }))
    expect(ask(anchors, here, 'a', TERM)).toBe('go')
    expect([anchors.has('b'), anchors.has('c'), anchors.size]).toEqual([true, true, 2])
  })

  it('whoever asks, comes and goes: never more than allowed, and whoever is let go leaves enough behind', () => {
    const step = fc.record({
      who: fc.nat({ max: 12 }),
      what: fc.constantFrom('come', 'ask', 'ask', 'ask', 'vanish'),
      wait: fc.constantFrom(0, 10, ASK_AGAIN, TERM),
    })
    fc.assert(
      fc.property(fc.nat({ max: 4 }), fc.array(step, { maxLength: 120 }), (max, steps) => {
        const anchors = new Anchors(max)
        const here = town()
        let now = 0
        const part = (id: string) => {
          here.delete(id)
          anchors.gone(id)
        }
        for (const { who, what, wait } of steps) {
          now += wait
          const id = `p${who}`
          if (what === 'come' && !here.has(id)) {
            here.set(id, peer(id, { key: (who * 0x9e3779b1) % 2 ** 32, group: `g${who % 3}`, since: now }))
          }
          if (what === 'vanish') part(id)
          if (what === 'ask' && here.has(id) && ask(anchors, here, id, now) === 'go') {
            part(id)
            expect(here.size).toBeGreaterThanOrEqual(max)
            expect(anchors.size).toBe(max)
          }
          expect(anchors.size).toBeLessThanOrEqual(max)
          for (const each of Array.from({ length: 13 }, (_, i) => `p${i}`)) {
            if (anchors.has(each)) expect(here.has(each)).toBe(true)
          }
        }
      }),
    )
  })
})

function ask(anchors: Anchors, here: ReadonlyMap<string, Member>, id: string, now = 0): string {
  return anchors.ask(id, here, now).type
}

function town(...peers: Member[]): Map<string, Member> {
  return new Map(peers.map((each) => [each.id, each]))
}

function peer(id: string, given: Partial<Member> = {}): Member {
  return { id, key: 0, since: 0, introduced: 0, group: 'g', ...given }
}
