/** A machine that asks for its candidates when it looks for somebody, and hears of links only where these matter. */
import { describe, expect, test } from 'vitest'
import {
  type Candidate,
  defaultConfig,
  type Input,
  Machine,
  type Message,
  type Of,
  type Output,
} from '#protocols/contingency/index'

const SECOND = 1_000
const MINUTE = 60 * SECOND

function alone() {
  let now = 0
  const said: { to: string; message: Message }[] = []
  const linked: Candidate[] = []
  const world = {
    asked: 0,
    machine: new Machine({
      self: 'A',
      session: 'a',
      config: { ...defaultConfig, copies: 1, watch: 'told' },
      neighbours: {
        candidates: () => {
          world.asked += 1
          return linked
        },
      },
    }),
    give(input: Input): void {
      const sent = (output: Output) => (output.type === 'send' ? [output] : [])
      said.push(...world.machine.handle(input, now).flatMap(sent))
    },
    /** Ticks when the machine wants it, as its driver would. */
    pass(span: number): void {
      const end = now + span
      for (let due = world.machine.nextDeadline(); due !== undefined && due <= end; ) {
        now = Math.max(now, due)
        world.give({ type: 'tick' })
        due = world.machine.nextDeadline()
      }
      now = end
    },
    link(id: string): void {
      linked.push({ id, up: MINUTE, load: 0, rtt: 0 })
      world.give({ type: 'linked', peer: id })
    },
    unlink(id: string): void {
      linked.splice(0, linked.length, ...linked.filter((one) => one.id !== id))
      world.give({ type: 'closed', peer: id })
    },
    /** Of a type, to somebody, since it was last asked. */
    said: <Type extends Message['type']>(type: Type, to: string): Of<Type>[] =>
      said
        .splice(0)
        .flatMap((each) => (each.to === to && each.message.type === type ? (each.message as Of<Type>) : [])),
  }
  world.give({ type: 'start', entries: [], n: 0, known: [] })
  world.pass(SECOND / 2)
  return world
}

function held() {
  const world = alone()
  world.link('B')
  const [appoint] = world.said('appoint', 'B')
  if (appoint === undefined) throw new Error('B was not asked')
  const { owner, epoch, turn, have, digest } = appoint
  world.give({ type: 'message', from: 'B', message: { type: 'accept', owner, epoch, turn, have, digest } })
  return world
}

describe('a machine that asks for its candidates', () => {
  test('appoints whoever is linked while a place is free', () => {
    const world = alone()
    expect(world.machine.duties.wanting).toBe(true)
    expect(world.machine.duties.concern('B')).toBe(true)
    world.link('B')
    expect(world.said('appoint', 'B').map(({ rank }) => rank)).toEqual([1])
  })

  test('asks for none when nobody is looked for, and a stranger who is linked does not concern it', () => {
    const world = held()
    expect(world.machine.duties.wanting).toBe(false)
    expect(['B', 'C'].map((id) => world.machine.duties.concern(id))).toEqual([true, false])
    const before = world.asked
    world.link('C')
    world.pass(MINUTE)
    expect(world.asked).toBe(before)
    world.unlink('B')
    expect(world.said('appoint', 'C')).toHaveLength(1)
  })
})

describe('whoever is lost', () => {
  test('is told who writes again and again, but seldom once its link is gone, and appointed when there is one', () => {
    const world = held()
    world.give({ type: 'silent', peer: 'B' })
    expect(world.said('fenced', 'B')).toHaveLength(1)
    world.pass(10 * SECOND)
    expect(world.said('fenced', 'B').length).toBeGreaterThan(1)
    world.unlink('B')
    world.pass(100 * SECOND)
    expect(world.said('fenced', 'B')).toEqual([])
    world.pass(MINUTE)
    expect(world.said('fenced', 'B')).toHaveLength(1)
    // It has a place free still.
    world.link('B')
    expect(world.said('appoint', 'B')).toHaveLength(1)
  })
})
