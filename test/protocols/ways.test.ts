/** Which way next: hedged, in order, never the same twice, and to an end. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dead, defaultConfig, type Input, Machine, type Output } from '#protocols/ways/index'
import { Random } from '../../simulations/random.ts'
import { World } from '../../simulations/world.ts'
import { forSeeds } from '../simulations/seeds.ts'

const { stall, parallel, most } = defaultConfig

function make(dead = new Dead()): Machine {
  return new Machine({ ...defaultConfig, dead })
}

function known(way: string, rank = 0): Input {
  return { type: 'known', way, rank }
}

function tried(outputs: readonly Output[]): string[] {
  return outputs.flatMap((output) => (output.type === 'try' ? output.way : []))
}

describe('a search', () => {
  test('tries the first way that it hears of at once, and the next when that is silent', () => {
    const machine = make()
    expect(tried(machine.handle(known('a'), 0))).toEqual(['a'])
    expect(tried(machine.handle(known('b'), 10))).toEqual([])
    expect(machine.nextDeadline()).toBe(stall)
    expect(tried(machine.handle({ type: 'tick' }, stall))).toEqual(['b'])
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('takes the likeliest of those that it knows, and among equals the first', () => {
    const machine = make()
    machine.handle(known('a', 5), 0)
    for (const [way, rank] of [
      ['b', 3],
      ['c', 1],
      ['d', 1],
    ] as const)
      machine.handle(known(way, rank), 0)
    expect(tried(machine.handle({ type: 'failed', way: 'a' }, 1))).toEqual(['c'])
    expect(tried(machine.handle({ type: 'failed', way: 'c' }, 1))).toEqual(['d'])
    expect(tried(machine.handle({ type: 'failed', way: 'd' }, 1))).toEqual(['b'])
  })

  test('tries no more at once than it may', () => {
    const machine = make()
    for (let n = 0; n < 9; n++) machine.handle(known(`${n}`), 0)
    for (let at = stall; at < 9 * stall; at += stall) machine.handle({ type: 'tick' }, at)
    expect(machine.nextDeadline()).toBeUndefined()
    expect(tried(machine.handle({ type: 'failed', way: '0' }, 9 * stall))).toEqual([`${parallel}`])
  })

  test('gives up when all have failed and no more will be known, and not before', () => {
    const machine = make()
    machine.handle(known('a'), 0)
    expect(machine.handle({ type: 'failed', way: 'a' }, 1)).toEqual([])
    expect(machine.handle({ type: 'all-known' }, 2)).toEqual([{ type: 'give-up' }])
    expect(machine.handle(known('b'), 3)).toEqual([])
    const nobody = make()
    expect(nobody.handle({ type: 'all-known' }, 0)).toEqual([{ type: 'give-up' }])
  })

  test('does not try a dead way twice in a row: it comes after all others, until it may have come back', () => {
    const dead = new Dead()
    const first = make(dead)
    first.handle(known('a'), 0)
    first.handle({ type: 'failed', way: 'a' }, 100)
    const second = make(dead)
    second.handle(known('x', 1), 200)
    second.handle(known('a', 0), 200)
    second.handle(known('b', 9), 200)
    expect(tried(second.handle({ type: 'failed', way: 'x' }, 201))).toEqual(['b'])
    expect(tried(second.handle({ type: 'failed', way: 'b' }, 202))).toEqual(['a'])
    const later = make(dead)
    later.handle(known('y', 1), 60_000)
    later.handle(known('a', 0), 60_000)
    later.handle(known('b', 9), 60_000)
    expect(tried(later.handle({ type: 'failed', way: 'y' }, 60_001))).toEqual(['a'])
  })

  test('is not delayed by a flood of addresses', () => {
    const machine = make()
    const flood = Array.from({ length: 1_000 }, (_, n) => machine.handle(known(`${n}`), 0))
    let count = tried(flood.flat()).length
    for (let n = 0; n < 1_000; n++) count += tried(machine.handle({ type: 'failed', way: `${n}` }, 0)).length
    expect(count).toBe(most)
  })
})

describe('the dead', () => {
  test('are dead for longer each time, up to a minute, and alive when they were reached', () => {
    const dead = new Dead()
    const times = [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].map((time) => {
      dead.bury('a', 0)
      return [dead.has('a', time - 1), dead.has('a', time)]
    })
    expect(times.every(([before, after]) => before && !after)).toBe(true)
    dead.revive('a')
    expect(dead.has('a', 0)).toBe(false)
  })

  test('are not remembered without end', () => {
    const dead = new Dead()
    for (let n = 0; n < 10_000; n++) dead.bury(`${n}`, 0)
    expect(dead.size).toBeLessThanOrEqual(256)
    expect(dead.has('9999', 0)).toBe(true)
  })
})

test('whatever becomes known when, and fails when: each way once, in bounds, and an end', () => {
  const input = fc.oneof(
    fc.record({
      type: fc.constant('known' as const),
      way: fc.integer({ min: 0, max: 30 }).map(String),
      rank: fc.nat(9),
    }),
    fc.record({ type: fc.constant('failed' as const), way: fc.integer({ min: 0, max: 30 }).map(String) }),
    fc.constant({ type: 'tick' as const }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(input, fc.nat(2_000))), (steps) => {
      const machine = make()
      const ever = new Set<string>()
      const trying = new Set<string>()
      let now = 0
      const perform = (outputs: readonly Output[]) => {
        for (const way of tried(outputs)) {
          expect(ever.has(way)).toBe(false)
          ever.add(way)
          trying.add(way)
          expect(trying.size).toBeLessThanOrEqual(parallel)
        }
        return outputs.some(({ type }) => type === 'give-up')
      }
      for (const [step, wait] of steps) {
        now += wait
        if (step.type === 'failed') trying.delete(step.way)
        expect(perform(machine.handle(step, now))).toBe(false)
        if (step.type === 'tick')
          expect(machine.nextDeadline() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now)
      }
      let over = perform(machine.handle({ type: 'all-known' }, now))
      for (let n = 0; !over && n <= most; n++) {
        const [way] = trying
        if (way !== undefined) trying.delete(way)
        over = perform(machine.handle(way === undefined ? { type: 'tick' } : { type: 'failed', way }, ++now))
      }
      expect(over).toBe(true)
    }),
  )
})

test('with one living way among dead ones it is found within a stall for each rank before it', () =>
  forSeeds(200, (seed) => {
    const world = new World(seed)
    const random = new Random(seed)
    const count = 1 + random.below(most)
    const alive = `${random.below(count)}`
    let foundAt: number | undefined
    const drive = world.host<Input, Output>('me', make(), (output) => {
      if (output.type === 'give-up') throw new Error('gave up')
      const { way } = output
      // The dead are silent for ten seconds or refuse at once.
      if (way === alive)
        world.after(100, () => {
          foundAt ??= world.now()
        })
      else world.after(random.chance(0.5) ? 10_000 : 30, () => drive.give({ type: 'failed', way }))
    })
    for (let n = 0; n < count; n++)
      world.after(random.below(300), () => drive.give(known(`${n}`, random.below(5))))
    world.after(400, () => drive.give({ type: 'all-known' }))
    world.run(60_000)
    // Three silent ones hold all places until the first of them fails.
    expect(foundAt).toBeLessThanOrEqual(400 + Math.ceil(count / parallel) * 10_000 + count * stall)
  }))
