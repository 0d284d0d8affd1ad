/** When a peer knocks at a bootstrap: at once, then later each time, never in step with others. */
import { describe, expect, test } from 'vitest'
import { type Config, defaultTiming, type Input, Machine, type Output } from '#protocols/entrance/index'
import { Random } from '../../simulations/random.ts'
import { World } from '../../simulations/world.ts'

const lost: Input = { type: 'lost', reason: 'closed' }
const MINUTE = 60_000

function make(seed = 1, config: Partial<Config> = {}): Machine {
  const random = new Random(seed)
  return new Machine({ ...defaultTiming, random: () => random.unit(), ...config })
}

function types(outputs: readonly Output[]): string[] {
  return outputs.map((output) => (output.type === 'changed' ? output.state : output.type))
}

/** Knocks of one peer at an entrance that `answers`, for `span`. */
function knocks(seed: number, answers: () => Input | undefined, span: number): number[] {
  const world = new World(seed)
  const at: number[] = []
  const drive = world.host<Input, Output>('peer', make(seed), (output) => {
    if (output.type !== 'knock') return
    at.push(world.now())
    world.after(10, () => {
      const answer = answers()
      if (answer !== undefined) drive.give(answer)
    })
  })
  drive.give({ type: 'start' })
  world.run(span)
  return at
}

describe('an entrance', () => {
  test('is knocked at, opens, is lost, and is knocked at again', () => {
    const machine = make()
    expect(types(machine.handle({ type: 'start' }, 0))).toEqual(['connecting', 'knock'])
    expect(machine.nextDeadline()).toBeUndefined()
    expect(types(machine.handle({ type: 'opened' }, 10))).toEqual(['connected'])
    expect(types(machine.handle(lost, MINUTE))).toEqual(['lost'])
    const retry = machine.nextDeadline() ?? 0
    expect(retry - MINUTE).toBeGreaterThanOrEqual(defaultTiming.first)
    expect(retry - MINUTE).toBeLessThanOrEqual(2 * defaultTiming.first)
    expect(types(machine.handle({ type: 'tick' }, retry - 1))).toEqual([])
    expect(types(machine.handle({ type: 'tick' }, retry))).toEqual(['connecting', 'knock'])
  })

  test('says when it will be knocked at again', () => {
    const machine = make()
    machine.handle({ type: 'start' }, 0)
    expect(machine.handle(lost, 5)).toEqual([
      { type: 'changed', state: 'lost', reason: 'closed', retryAt: machine.nextDeadline() },
    ])
  })

  test('that stays closed is knocked at ever more rarely, and at the cap for ever', () => {
    const at = knocks(1, () => lost, 60 * MINUTE)
    const waits = at.slice(1).map((each, index) => each - (at[index] ?? 0))
    waits.forEach((wait, index) => {
      const ceiling = Math.min(2 * defaultTiming.first * 2 ** index, defaultTiming.cap)
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2)
      expect(wait).toBeLessThanOrEqual(ceiling + 11)
    })
    expect(waits.length).toBeGreaterThan(3600 / 31)
  })

  test('that opens and throws out at once gains nothing by it', () => {
    const machine = make()
    let now = 0
    let waited = 0
    for (let n = 0; n < 10; n++) {
      machine.handle({ type: n === 0 ? 'start' : 'tick' }, now)
      machine.handle({ type: 'opened' }, now)
      machine.handle(lost, now)
      waited = (machine.nextDeadline() ?? 0) - now
      now += waited
    }
    expect(waited).toBeGreaterThanOrEqual(defaultTiming.cap / 2)
  })

  test('that stood open for a while is knocked at soon', () => {
    const machine = make()
    machine.handle({ type: 'start' }, 0)
    for (let n = 0; n < 8; n++) {
      machine.handle(lost, n * MINUTE)
      machine.handle({ type: 'tick' }, machine.nextDeadline() ?? 0)
    }
    machine.handle({ type: 'opened' }, 10 * MINUTE)
    machine.handle(lost, 10 * MINUTE + defaultTiming.cap)
    expect((machine.nextDeadline() ?? 0) - 10 * MINUTE - defaultTiming.cap).toBeLessThanOrEqual(1000)
  })

  test('lost twice is lost once', () => {
    const machine = make()
    machine.handle({ type: 'start' }, 0)
    machine.handle(lost, 0)
    const retry = machine.nextDeadline()
    expect(machine.handle(lost, 100)).toEqual([])
    expect(machine.nextDeadline()).toBe(retry)
  })

  test('that opens while we wait is not knocked at', () => {
    const machine = make()
    machine.handle({ type: 'start' }, 0)
    machine.handle(lost, 0)
    const retry = machine.nextDeadline() ?? 0
    machine.handle({ type: 'opened' }, 1)
    expect(types(machine.handle({ type: 'tick' }, retry))).toEqual([])
  })

  test('that refuses us is not knocked at again, whatever comes', () => {
    const machine = make()
    machine.handle({ type: 'start' }, 0)
    expect(types(machine.handle({ type: 'refused', reason: 'version' }, 0))).toEqual(['refused'])
    for (const input of [
      lost,
      { type: 'hurry' },
      { type: 'start' },
      { type: 'opened' },
      { type: 'tick' },
    ] as Input[]) {
      expect(machine.handle(input, MINUTE)).toEqual([])
    }
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('is knocked at without waiting when there is a hurry, once', () => {
    const machine = make()
    machine.handle({ type: 'start' }, 0)
    expect(machine.handle({ type: 'hurry' }, 0)).toEqual([])
    machine.handle(lost, 0)
    expect(types(machine.handle({ type: 'hurry' }, 1))).toEqual(['connecting', 'knock'])
    expect(machine.handle({ type: 'hurry' }, 2)).toEqual([])
    machine.handle({ type: 'opened' }, 3)
    expect(machine.handle({ type: 'hurry' }, 4)).toEqual([])
  })

  test('is asked for more peers soon, then ever more rarely, and never while it is lost', () => {
    const world = new World(1)
    const asked: number[] = []
    const drive = world.host<Input, Output>('peer', make(), ({ type }) => {
      if (type === 'ask') asked.push(world.now())
    })
    drive.give({ type: 'start' })
    drive.give({ type: 'opened' })
    world.run(60 * MINUTE)
    expect(asked[0]).toBeLessThanOrEqual(1.5 * defaultTiming.ask)
    const waits = asked.slice(1).map((each, index) => each - (asked[index] ?? 0))
    expect(Math.max(...waits)).toBeLessThanOrEqual(1.5 * defaultTiming.askCap + 1)
    expect(waits.slice(-3).every((wait) => wait >= defaultTiming.askCap)).toBe(true)
    drive.give(lost)
    const before = asked.length
    world.run(60 * MINUTE)
    expect(asked.length).toBe(before)
  })
})

test('a thousand peers who lost the same entrance at once do not come back in step', () => {
  const all = Array.from({ length: 1000 }, (_, seed) => knocks(seed, () => lost, 2 * MINUTE).slice(1)).flat()
  const busiest = (from: number, to: number) => {
    const slots = new Map<number, number>()
    for (const at of all.filter((each) => each >= from && each < to)) {
      const slot = Math.floor(at / 100)
      slots.set(slot, (slots.get(slot) ?? 0) + 1)
    }
    return Math.max(...slots.values())
  }
  // The first return spreads over half a second, later ones over fifteen: a tenth of a second never sees all.
  expect(busiest(0, MINUTE)).toBeLessThan(300)
  expect(busiest(MINUTE, 2 * MINUTE)).toBeLessThan(50)
})
