/** Which connections are dead after a change of network, and which are only slow. */
import { describe, expect, test } from 'vitest'
import { Survey } from '#protocols/links/index'
import { World } from '../../simulations/world.ts'

const { timing } = Survey

/** A peer with these connections; the bootstrap's is called `entrance`. */
function peer(...ids: string[]) {
  const world = new World(1)
  const asked: string[] = []
  const alone: number[] = []
  const dead: { id: string; at: number }[] = []
  const drive = world.host<Survey.Input<string>, Survey.Output<string>>(
    'me',
    new Survey.Survey<string>(),
    (output) => {
      if (output.type === 'probe') asked.push(output.id)
      else if (output.type === 'dead') dead.push({ id: output.id, at: world.now() })
      else alone.push(world.now())
    },
  )
  const doubt = (rtt?: number, why: Survey.Why = 'moved') =>
    drive.give({ type: 'doubt', why, open: ids.map((id) => ({ id, rtt, cheap: id === 'entrance' })) })
  return { world, asked, alone, dead, doubt, give: drive.give }
}

describe('a peer whose network may have changed', () => {
  test('asks all, and keeps whoever answers', () => {
    const { world, asked, dead, doubt, give } = peer('a', 'b', 'entrance')
    doubt()
    expect(asked).toEqual(['a', 'b', 'entrance'])
    world.run(timing.moved.usual - 1)
    for (const id of asked) give({ type: 'answered', id })
    world.run(60_000)
    expect(dead).toEqual([])
  })

  test('lets go of whoever is silent while another answers, as soon as patience is out', () => {
    const { world, dead, doubt, give } = peer('a', 'b')
    doubt()
    give({ type: 'answered', id: 'b' })
    world.run(60_000)
    expect(dead).toEqual([{ id: 'a', at: timing.dear.usual }])
  })

  test('and of one that was silent before the other answered, when that does', () => {
    const { world, dead, doubt, give } = peer('a', 'b')
    doubt()
    world.run(timing.dear.usual + 500)
    give({ type: 'answered', id: 'b' })
    expect(dead).toEqual([{ id: 'a', at: timing.dear.usual + 500 }])
  })

  test('keeps its links when nobody answers: it may be cut off itself, for a moment', () => {
    const { world, alone, dead, doubt, give } = peer('a', 'b')
    doubt()
    world.run(timing.forget + 1)
    // It is told once to look whether there is a network.
    expect(alone).toEqual([timing.dear.usual])
    give({ type: 'opened' })
    world.run(60_000)
    expect(dead).toEqual([])
  })

  test('opens its entrance anew all the same, and when that succeeds its silent links are dead', () => {
    const { world, dead, doubt, give } = peer('a', 'entrance')
    doubt()
    world.run(timing.dear.usual + 300)
    expect(dead).toEqual([{ id: 'entrance', at: timing.moved.usual }])
    give({ type: 'opened' })
    expect(dead[1]).toEqual({ id: 'a', at: timing.dear.usual + 300 })
  })

  test('has four round trips of patience, within bounds', () => {
    const spans = (kind: 'dear' | 'unhurried' | 'moved' | 'cheap') =>
      [undefined, 0, 200, 600, 5_000].map((rtt) => Survey.patience(rtt, kind))
    expect(spans('moved')).toEqual([1_000, 500, 800, 2_000, 2_000])
    expect(spans('dear')).toEqual([1_500, 1_000, 1_000, 2_400, 3_000])
    expect(spans('unhurried')).toEqual([5_000, 4_000, 4_000, 4_000, 8_000])
    expect(spans('cheap')).toEqual([3_000, 2_000, 2_000, 2_400, 4_000])
    const { world, dead, doubt } = peer('entrance')
    doubt(200)
    world.run(60_000)
    expect(dead).toEqual([{ id: 'entrance', at: 800 }])
  })

  test('has more patience with its entrance when it has only lost sight of somebody, until it moves itself', () => {
    const { world, dead, doubt } = peer('entrance')
    doubt(0, 'silent')
    world.run(1_000)
    expect(dead).toEqual([])
    doubt(0, 'moved')
    world.run(60_000)
    expect(dead).toEqual([{ id: 'entrance', at: 1_500 }])
    doubt(0, 'silent')
    world.run(60_000)
    expect(dead[1]).toEqual({ id: 'entrance', at: 63_000 })
  })

  test('is in no hurry with its links when it lost an entrance, which is no sign that they are dead', () => {
    const { world, dead, doubt, give } = peer('a', 'b')
    doubt(0, 'lost')
    give({ type: 'answered', id: 'b' })
    world.run(timing.unhurried.least - 1)
    expect(dead).toEqual([])
    world.run(60_000)
    expect(dead).toEqual([{ id: 'a', at: timing.unhurried.least }])
  })

  test('asks three links when it lost an entrance, and the others only when one of these is silent', () => {
    const { world, asked, dead, doubt, give } = peer('a', 'b', 'c', 'd', 'e', 'entrance')
    doubt(0, 'lost')
    expect(asked).toEqual(['a', 'b', 'c', 'entrance'])
    for (const id of [...asked]) give({ type: 'answered', id })
    world.run(60_000)
    expect(asked).toHaveLength(4)
    doubt(0, 'lost')
    for (const id of ['a', 'c', 'entrance']) give({ type: 'answered', id })
    give({ type: 'closed', id: 'e' })
    world.run(timing.unhurried.least)
    expect(dead).toEqual([{ id: 'b', at: 60_000 + timing.unhurried.least }])
    expect(asked.slice(8)).toEqual(['d'])
    world.run(timing.dear.least)
    expect(dead).toHaveLength(1)
  })

  test('that moved asks all, whomever it spared before', () => {
    const { asked, doubt } = peer('a', 'b', 'c', 'd')
    doubt(0, 'lost')
    doubt(0, 'moved')
    expect(asked).toEqual(['a', 'b', 'c', 'd'])
  })

  test('that did not run itself for a while looks once more whether it was answered', () => {
    const machine = new Survey.Survey<string>()
    machine.handle({ type: 'doubt', why: 'moved', open: [{ id: 'entrance', cheap: true }] }, 0)
    const woken = timing.moved.usual + 5_000
    expect(machine.handle({ type: 'tick' }, woken)).toEqual([])
    expect(machine.nextDeadline()).toBe(woken + timing.moved.least)
    // Once: a machine that is always late would never find out.
    expect(machine.handle({ type: 'tick' }, woken + 5_000)).toEqual([{ type: 'dead', id: 'entrance' }])
  })

  test('asks no one twice at once, and is not interested in answers that it did not ask for', () => {
    const { world, asked, dead, doubt, give } = peer('a', 'b')
    doubt()
    doubt()
    expect(asked).toEqual(['a', 'b'])
    give({ type: 'answered', id: 'stranger' })
    give({ type: 'closed', id: 'a' })
    world.run(timing.dear.usual)
    expect(dead).toEqual([])
    doubt()
    expect(asked).toEqual(['a', 'b', 'a'])
  })
})
