/** The registrar through its life: it joins, publishes, republishes, changes, fails, stands in, and says goodbye. */
import { describe, expect, test } from 'vitest'
import {
  type Config,
  type Draft,
  defaultTiming,
  type Input,
  LIFE,
  Machine,
  type Output,
  type Writing,
} from '#protocols/registration/index'
import { Random } from '../../../simulations/random.ts'
import { World } from '../../../simulations/world.ts'
import { link } from './records.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('a registrar', () => {
  test('publishes what its peer writes, a moment after it knows', () => {
    const town = new Registrar()
    town.give({ type: 'ways', ways: { relays: ['/relay'], name: 'Ada' } })
    town.give(writes('A', own))
    town.run(defaultTiming.begin - 1)
    expect(town.puts).toEqual([])
    town.run(2)
    const said = { owner: 'A', epoch: own.epoch, sequence: 1, gone: false, chain: [] }
    expect(town.puts).toMatchObject([{ ...said, relays: ['/relay'], contingents: ['B'], name: 'Ada' }])
  })

  test('says it again soon, then ever more rarely, and always long before it expires', () => {
    const town = new Registrar()
    town.give(writes('A', own))
    town.run(24 * HOUR)
    const waits = town.waits('A')
    expect(waits[0]).toBeLessThanOrEqual(defaultTiming.again + SECOND)
    expect(Math.max(...waits)).toBeLessThan(LIFE / 4)
    expect(Math.min(...waits.slice(10))).toBeGreaterThan(defaultTiming.republish / 2)
    expect(town.puts.map(({ sequence }) => sequence)).toEqual(town.puts.map((_, index) => index + 1))
  })

  test('makes one of several changes, does not wait for their end, and says them ever more rarely', () => {
    const town = new Registrar()
    town.give(writes('A', own))
    town.run(HOUR)
    const before = town.puts.length
    // Something else every tenth of a second, for two minutes.
    for (let n = 0; n < 1_200; n++) {
      town.give(writes('A', { ...own, contingents: [`B${n}`] }))
      town.run(100)
    }
    town.run(defaultTiming.calm)
    const waits = town.waits('A').slice(before)
    expect(waits[0]).toBeLessThanOrEqual(2 * defaultTiming.coalesce + 100)
    expect(waits.length).toBeLessThanOrEqual(9)
    expect(Math.max(...waits)).toBeLessThanOrEqual(defaultTiming.calm + 100)
    expect(town.puts.at(-1)?.contingents).toEqual(['B1199'])
    // Once it has stayed as it is, the next change is said at once again.
    town.run(HOUR)
    const then = town.puts.length
    town.give(writes('A', { ...own, contingents: ['C'] }))
    town.run(defaultTiming.coalesce + 1)
    expect(town.puts).toHaveLength(then + 1)
  })

  test('does not try again sooner for having something else to say', () => {
    const steady = new Registrar({}, () => 0)
    const restless = new Registrar({}, () => 0)
    for (const town of [steady, restless]) town.give(writes('A', own))
    for (let n = 0; n < 600; n++) {
      restless.give(writes('A', { ...own, contingents: [`B${n}`] }))
      for (const town of [steady, restless]) town.run(SECOND)
    }
    expect(restless.puts.length).toBeLessThanOrEqual(steady.puts.length + 2)
  })

  test('publishes at once when the ways to it change, and not when they are said again', () => {
    const town = new Registrar()
    town.give({ type: 'ways', ways: { relays: ['/one'] } })
    town.give(writes('A', own))
    town.run(HOUR)
    const before = town.puts.length
    town.give({ type: 'ways', ways: { relays: ['/one'] } })
    town.give(writes('A', { ...own }))
    town.run(2 * SECOND)
    expect(town.puts).toHaveLength(before)
    town.give({ type: 'ways', ways: { relays: ['/two'] } })
    town.run(2 * SECOND)
    expect(town.puts.slice(before)).toMatchObject([{ relays: ['/two'] }])
  })

  test('tries again when nobody took it, ever more rarely up to a cap', () => {
    const town = new Registrar({}, () => 0)
    town.give(writes('A', own))
    town.run(HOUR)
    const waits = town.waits('A')
    expect(waits[0]).toBeLessThanOrEqual(defaultTiming.retry + SECOND)
    expect(Math.max(...waits)).toBeLessThanOrEqual(defaultTiming.retryCap + SECOND)
    expect(Math.min(...waits.slice(8))).toBeGreaterThan(defaultTiming.retryCap / 2)
    // And at once when there is somebody.
    const before = town.puts.length
    town.give({ type: 'company' })
    town.run(defaultTiming.coalesce + 1)
    expect(town.puts).toHaveLength(before + 1)
  })

  test('takes an answer that never comes for a failure', () => {
    const town = new Registrar({}, () => undefined)
    town.give(writes('A', own))
    town.run(2 * defaultTiming.patience)
    expect(town.puts).toHaveLength(2)
  })

  test('heeds no answer to what was changed since', () => {
    const machine = new Machine({ ...defaultTiming, self: 'A', random: () => 0 })
    machine.handle(writes('A', own), 0)
    machine.handle({ type: 'tick' }, SECOND)
    machine.handle(writes('A', { ...own, contingents: [] }), SECOND + 1)
    const due = machine.nextDeadline()
    machine.handle({ type: 'put', owner: 'A', sequence: 1, copies: 8 }, SECOND + 2)
    machine.handle({ type: 'put', owner: 'Z', sequence: 1, copies: 8 }, SECOND + 2)
    expect(machine.nextDeadline()).toBe(due)
  })

  test('registers every owner for whom its peer stands in, without its own name, until it yields', () => {
    const town = new Registrar({ self: 'B' })
    town.give({ type: 'ways', ways: { relays: [], name: 'Ben' } })
    town.give(writes('B', { ...own, epoch: { n: 9, writer: 'B', session: 's2' } }))
    const right = {
      epoch: { n: 6, writer: 'B', session: 's2' },
      contingents: ['C'],
      chain: [link('A', 'B', 5, 's1')],
    }
    town.give(writes('A', right))
    town.run(2 * SECOND)
    expect(town.of('A')).toMatchObject([{ ...right, sequence: 1 }])
    expect(town.of('A')[0]).not.toHaveProperty('name')
    town.give({ type: 'yields', owner: 'A' })
    town.run(HOUR)
    expect(town.of('A')).toHaveLength(1)
    expect(town.of('B').length).toBeGreaterThan(5)
  })

  test('counts from one again in each epoch', () => {
    const town = new Registrar()
    town.give(writes('A', own))
    town.run(MINUTE)
    town.give(writes('A', { ...own, epoch: { ...own.epoch, n: 10 } }))
    town.run(2 * SECOND)
    expect(town.puts.at(-1)).toMatchObject({ epoch: { n: 10 }, sequence: 1 })
  })

  test('looks up itself and all whose copies are held when there is somebody to ask, then one of these in five minutes', () => {
    const town = new Registrar()
    town.give({ type: 'holds', owners: ['X', 'Y', 'Z'] })
    town.give({ type: 'company' })
    expect(town.looks).toEqual(['A', 'X', 'Y', 'Z'])
    town.looks.length = 0
    town.run(45 * MINUTE)
    expect(town.looks.length).toBeGreaterThanOrEqual(9)
    expect(town.looks.length).toBeLessThanOrEqual(12)
    expect(town.looks.slice(0, 6)).toEqual(['X', 'Y', 'Z', 'X', 'Y', 'Z'])
    // Whoever comes does not push the others back.
    town.give({ type: 'holds', owners: ['W', 'X', 'Y', 'Z'] })
    town.looks.length = 0
    town.run(20 * MINUTE)
    expect(new Set(town.looks)).toEqual(new Set(['W', 'X', 'Y', 'Z']))
    town.give({ type: 'holds', owners: [] })
    town.looks.length = 0
    town.run(HOUR)
    expect(town.looks).toEqual([])
  })

  test('withdraws all that it published at goodbye, and says nothing more', () => {
    const town = new Registrar()
    town.give(writes('A', own))
    town.run(2 * SECOND)
    town.give(writes('X', { ...own, epoch: { n: 6, writer: 'A', session: 's1' } }))
    town.puts.length = 0
    town.give({ type: 'leave' })
    // X was never put.
    expect(town.puts).toMatchObject([
      { owner: 'A', epoch: own.epoch, sequence: 2, gone: true, contingents: ['B'] },
    ])
    town.give(writes('Y', own))
    town.run(HOUR)
    expect(town.puts).toHaveLength(1)
  })

  test('is never in step with others', () => {
    const all = Array.from({ length: 200 }, (_, seed) => {
      const random = new Random(seed)
      const town = new Registrar({ random: () => random.unit() })
      town.give(writes('A', own))
      town.run(HOUR)
      return town.at.at(-1) ?? 0
    })
    const seconds = new Map<number, number>()
    for (const at of all)
      seconds.set(Math.floor(at / SECOND), (seconds.get(Math.floor(at / SECOND)) ?? 0) + 1)
    expect(Math.max(...seconds.values())).toBeLessThan(20)
  })
})

const own: Writing = { epoch: { n: 5, writer: 'A', session: 's1' }, contingents: ['B'], chain: [] }

function writes(owner: string, writing: Writing): Input {
  return { type: 'writes', owner, writing }
}

/** One registrar on virtual time, whose puts `copies` others keep a moment later. */
class Registrar {
  readonly puts: Draft[] = []
  readonly at: number[] = []
  readonly looks: string[] = []
  readonly #world = new World(1)
  readonly #drive

  constructor(config: Partial<Config> = {}, copies: () => number | undefined = () => 8) {
    const random = new Random(1)
    const machine = new Machine({ ...defaultTiming, self: 'A', random: () => random.unit(), ...config })
    this.#drive = this.#world.host<Input, Output>('registrar', machine, (output) => {
      if (output.type === 'look') return void this.looks.push(output.owner)
      const { draft } = output
      this.puts.push(draft)
      this.at.push(this.#world.now())
      const kept = copies()
      if (kept === undefined) return
      const { owner, sequence } = draft
      this.#world.after(100, () => this.#drive.give({ type: 'put', owner, sequence, copies: kept }))
    })
  }

  give(input: Input): void {
    this.#drive.give(input)
  }

  run(span: number): void {
    this.#world.run(span)
  }

  of(owner: string): Draft[] {
    return this.puts.filter((draft) => draft.owner === owner)
  }

  waits(owner: string): number[] {
    const at = this.at.filter((_, index) => this.puts[index]?.owner === owner)
    return at.slice(1).map((each, index) => each - (at[index] ?? 0))
  }
}
