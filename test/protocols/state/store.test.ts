/** A store: whatever order copies meet in, they end equal; and strangers cannot fill it for good. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEPOSITED, type Entry, INBOX, isTrace, MAX_TRACES, SPAN, Store } from '#protocols/state/index'

const entry = (key: string, n: number, by: string, bytes = 1): Entry => ({
  ...{ key, n, by },
  body: new Uint8Array(bytes),
})

/** Few keys, sessions and counters, so that they meet; many letters, so that their traces are too many. */
const entries = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(8), fc.constantFrom('s1', 's2'), fc.nat(3)),
    fc.tuple(
      fc.nat(2 * MAX_TRACES).map((id) => `${INBOX}eve/${id}`),
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom('s1', 's2', DEPOSITED),
      fc.nat(3),
    ),
  ),
  { maxLength: 400 },
)

describe('copies', () => {
  test('end equal, whatever order entries come in and however often', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.nat(), { maxLength: 400 }), (drawn, order) => {
        const all = drawn.map(([key, n, by, bytes]) => entry(key, n, by, bytes))
        const [one, other] = [new Store(), new Store()]
        one.merge(all)
        const shuffled = [...all].sort((a, b) => (order[all.indexOf(a)] ?? 0) - (order[all.indexOf(b)] ?? 0))
        for (const each of shuffled) other.merge([each])
        for (const store of [one, other]) store.merge([...one.all(), ...other.all()])
        expect(other.digest).toBe(one.digest)
        expect(other.bytes).toBe(one.bytes)
      }),
      { numRuns: 200 },
    )
  })

  test('merge says what it took, and nothing of what it let go again', () => {
    const store = new Store()
    const traces = Array.from({ length: MAX_TRACES }, (_, at) => entry(`${INBOX}eve/${at}`, 100 + at, 's1'))
    expect(store.merge(traces)).toHaveLength(MAX_TRACES)
    const before = store.digest
    expect(store.merge([entry(`${INBOX}eve/old`, 1, 's1')])).toEqual([])
    expect(store.digest).toBe(before)
  })
})

describe('room', () => {
  test('is taken by what is new alone: a copy of what is there needs none', () => {
    const store = new Store()
    store.merge([entry('a', 1, 's1', 1_000), entry('b', 2, 's1', 1_000)])
    expect(store.growth([entry('a', 1, 's1', 1_000), entry('b', 1, 's1', 9_000)])).toBe(0)
    const before = store.bytes
    const fresh = [entry('b', 3, 's1', 1_500), entry('c', 4, 's1', 100)]
    const growth = store.growth(fresh)
    store.merge(fresh)
    expect(store.bytes - before).toBe(growth)
    expect(growth).toBeGreaterThan(600)
  })
})

describe('strangers', () => {
  test('whose letters are read and deleted leave a bounded number of traces', () => {
    const store = new Store()
    for (let at = 0; at < 1_000; at++) {
      store.merge([entry(`${INBOX}eve/${at}`, 2 * at + 1, DEPOSITED, 4_096)])
      store.merge([entry(`${INBOX}eve/${at}`, SPAN + 2 * at + 2, 's1', 65)])
    }
    expect(store.size).toBe(MAX_TRACES)
    expect([...store.all()].every(isTrace)).toBe(true)
    expect(store.bytes).toBeLessThan(MAX_TRACES * 200)
  })

  test('cannot make a record of the owner fade', () => {
    const store = new Store()
    store.merge([entry('private/a', 1, 's1')])
    for (let at = 0; at < 200; at++) store.merge([entry(`${INBOX}eve/${at}`, SPAN + at, 's1')])
    expect(store.get('private/a')).toBeDefined()
  })
})

describe('what was written in one epoch', () => {
  test('by one session only is told from what several wrote', () => {
    const store = new Store()
    expect(store.written(0, 's1')).toBe(true)
    store.merge([entry('a', SPAN + 1, 's1'), entry('b', 3, 's2')])
    expect(store.written(SPAN + 1, 's1')).toBe(true)
    expect(store.written(SPAN + 1, 's2')).toBe(false)
    expect(store.written(3, 's2')).toBe(true)
  })
})
