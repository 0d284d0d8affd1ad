/** Whom a peer tries when nothing better answers: nobody while something does, then one after the other. */
import { describe, expect, test } from 'vitest'
import { Reserve } from '#protocols/entrance/index'
import { Random } from '../../simulations/random.ts'
import { World } from '../../simulations/world.ts'

type Input = Reserve.Input<string>
type Output = Reserve.Output<string>

const { patience, stall } = Reserve.otherPeers

/** A peer and when it tries whom; `answer` is what becomes of an attempt, a while after it. */
function play(seed: number, answer: (id: string) => Input | undefined = () => undefined) {
  const world = new World(seed)
  const tried: [id: string, at: number][] = []
  const random = new Random(seed)
  const machine = new Reserve.Reserve<string>({ ...Reserve.otherPeers, random: () => random.unit() })
  const drive = world.host<Input, Output>('peer', machine, ({ id }) => {
    tried.push([id, world.now()])
    world.after(10, () => {
      const input = answer(id)
      if (input !== undefined) drive.give(input)
    })
  })
  return { world, tried, drive, ids: () => tried.map(([id]) => id) }
}

describe('those in reserve', () => {
  test('are left alone while something better answers in time', () => {
    const { world, drive, tried } = play(1)
    drive.give({ type: 'needed', ids: ['a', 'b'] })
    world.after(patience - 1, () => drive.give({ type: 'content' }))
    world.run(60_000)
    expect(tried).toEqual([])
  })

  test('are tried after a while, best first, each once, and no two at one moment', () => {
    const { world, drive, tried, ids } = play(1)
    drive.give({ type: 'needed', ids: ['a', 'b', 'c'] })
    world.run(60_000)
    expect(ids()).toEqual(['a', 'b', 'c'])
    expect(tried[0]?.[1]).toBeGreaterThanOrEqual(patience)
    expect(tried[0]?.[1]).toBeLessThanOrEqual(1.5 * patience)
    expect((tried[1]?.[1] ?? 0) - (tried[0]?.[1] ?? 0)).toBe(stall)
  })

  test('cost no more than a moment each when they are dead and say so', () => {
    const { world, drive, tried, ids } = play(1, (id) => ({ type: 'failed', id }))
    drive.give({ type: 'needed', ids: ['a', 'b', 'c', 'd'] })
    world.run(60_000)
    expect(ids()).toEqual(['a', 'b', 'c', 'd'])
    expect((tried[3]?.[1] ?? 0) - (tried[0]?.[1] ?? 0)).toBe(30)
  })

  test('are tried no further once one has answered, and anew when that one is gone', () => {
    const { world, drive, ids } = play(1, () => ({ type: 'content' }))
    drive.give({ type: 'needed', ids: ['a', 'b'] })
    world.run(60_000)
    expect(ids()).toEqual(['a'])
    drive.give({ type: 'needed', ids: ['b'] })
    world.run(120_000)
    expect(ids()).toEqual(['a', 'b'])
  })

  test('may change while one waits, which does not begin the wait anew; a late failure hurries nobody', () => {
    const { world, drive, tried } = play(1)
    drive.give({ type: 'needed', ids: ['a'] })
    world.after(patience - 1, () => drive.give({ type: 'needed', ids: ['b', 'a', 'c'] }))
    world.after(1.5 * patience + stall + 1, () => drive.give({ type: 'failed', id: 'b' }))
    world.run(60_000)
    expect(tried.map(([id]) => id)).toEqual(['b', 'a', 'c'])
    expect(tried[0]?.[1]).toBeLessThanOrEqual(1.5 * patience)
  })

  test('of peers who lost the same entrance are not all tried at one moment', () => {
    const first = Array.from({ length: 50 }, (_, seed) => {
      const { world, drive, tried } = play(seed)
      drive.give({ type: 'needed', ids: ['a'] })
      world.run(60_000)
      return tried[0]?.[1] ?? 0
    })
    expect(new Set(first).size).toBeGreaterThan(40)
  })
})
