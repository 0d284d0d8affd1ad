/** Which links a peer makes: few at a time, up to a number, and more patiently with those who do not answer. */
import { describe, expect, test } from 'vitest'
import {
  type Config,
  defaultConfig,
  type Input,
  MAX_CANDIDATES,
  Machine,
  type Output,
} from '#protocols/links/index'
import { Random } from '../../simulations/random.ts'
import { World } from '../../simulations/world.ts'
import { forSeeds } from '../simulations/seeds.ts'

type Peer = string

function make(config: Partial<Config> = {}): Machine<Peer> {
  return new Machine({ ...defaultConfig, ...config })
}

function peers(count: number, prefix = 'p'): Peer[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

function dialed(outputs: readonly Output<Peer>[]): Peer[] {
  return outputs.map(({ peer }) => peer)
}

describe('a peer that was introduced to others', () => {
  test('dials a few at a time, until it has the links that it wants', () => {
    const machine = make({ target: 3, parallel: 2 })
    expect(dialed(machine.handle({ type: 'introduced', peers: peers(9) }, 0))).toEqual(['p0', 'p1'])
    expect(dialed(machine.handle({ type: 'linked', peer: 'p0' }, 1))).toEqual(['p2'])
    expect(dialed(machine.handle({ type: 'linked', peer: 'p1' }, 2))).toEqual([])
    expect(dialed(machine.handle({ type: 'linked', peer: 'p2' }, 3))).toEqual([])
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('counts the links that others make', () => {
    const machine = make({ target: 2, parallel: 2 })
    machine.handle({ type: 'linked', peer: 'x' }, 0)
    expect(dialed(machine.handle({ type: 'introduced', peers: peers(9) }, 0))).toEqual(['p0'])
    machine.handle({ type: 'linked', peer: 'y' }, 0)
    expect(dialed(machine.handle({ type: 'dial-failed', peer: 'p0' }, 0))).toEqual([])
  })

  test('dials no one twice at a time, and no one it is linked to', () => {
    const machine = make({ parallel: 4 })
    machine.handle({ type: 'linked', peer: 'p0' }, 0)
    expect(dialed(machine.handle({ type: 'introduced', peers: ['p0', 'p1', 'p1'] }, 0))).toEqual(['p1'])
    expect(dialed(machine.handle({ type: 'introduced', peers: ['p0', 'p1'] }, 0))).toEqual([])
  })

  test('that wants no links makes none', () => {
    const machine = make({ target: 0 })
    expect(machine.handle({ type: 'introduced', peers: peers(9) }, 0)).toEqual([])
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('takes the next when a dial fails, at once', () => {
    const machine = make({ parallel: 1 })
    machine.handle({ type: 'introduced', peers: peers(2) }, 0)
    expect(dialed(machine.handle({ type: 'dial-failed', peer: 'p0' }, 10))).toEqual(['p1'])
  })

  test('leaves one who does not answer alone, for twice as long each time, and then for good', () => {
    const machine = make({ attempts: 4, retry: 1000 })
    const waits: number[] = []
    machine.handle({ type: 'introduced', peers: ['p'] }, 0)
    let now = 0
    for (;;) {
      machine.handle({ type: 'dial-failed', peer: 'p' }, now)
      const retry = machine.nextDeadline()
      if (retry === undefined) break
      expect(machine.handle({ type: 'tick' }, retry - 1)).toEqual([])
      expect(dialed(machine.handle({ type: 'tick' }, retry))).toEqual(['p'])
      waits.push(retry - now)
      now = retry
    }
    expect(waits).toEqual([1000, 2000, 4000])
    // Whoever is introduced anew is worth a new try.
    expect(dialed(machine.handle({ type: 'introduced', peers: ['p'] }, now))).toEqual(['p'])
  })

  test('tries one whom it lost again, a little later', () => {
    const machine = make({ retry: 1000 })
    machine.handle({ type: 'linked', peer: 'p' }, 0)
    expect(machine.handle({ type: 'unlinked', peer: 'p' }, 500)).toEqual([])
    expect(machine.nextDeadline()).toBe(1500)
    expect(dialed(machine.handle({ type: 'tick' }, 1500))).toEqual(['p'])
  })

  test('fills up from those it knows when a link is lost', () => {
    const machine = make({ target: 1 })
    machine.handle({ type: 'introduced', peers: peers(2) }, 0)
    machine.handle({ type: 'linked', peer: 'p0' }, 1)
    expect(dialed(machine.handle({ type: 'unlinked', peer: 'p0' }, 2))).toEqual(['p1'])
  })

  test('does not care about the end of a dial that it did not ask for, or of a link that was not', () => {
    const machine = make()
    expect(machine.handle({ type: 'dial-failed', peer: 'p' }, 0)).toEqual([])
    expect(machine.handle({ type: 'unlinked', peer: 'p' }, 0)).toEqual([])
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('remembers only so many', () => {
    const machine = make({ target: 1000, parallel: 1 })
    machine.handle({ type: 'introduced', peers: peers(10_000) }, 0)
    let count = 1
    for (; dialed(machine.handle({ type: 'linked', peer: `p${count - 1}` }, 0)).length > 0; count++);
    expect(count).toBeLessThanOrEqual(MAX_CANDIDATES + 1)
  })
})

test('in a mesh where dials fail and links break the budget holds, and it is used when all is well', () =>
  forSeeds(100, (seed) => {
    const world = new World(seed)
    const random = new Random(seed)
    const linked = new Set<Peer>()
    const dialing = new Set<Peer>()
    let trouble = 0.5
    const drive = world.host<Input<Peer>, Output<Peer>>('me', make(), ({ peer }) => {
      expect(linked.has(peer) || dialing.has(peer)).toBe(false)
      dialing.add(peer)
      expect(dialing.size).toBeLessThanOrEqual(defaultConfig.parallel)
      expect(linked.size + dialing.size).toBeLessThanOrEqual(defaultConfig.target)
      world.after(random.below(3000), () => {
        dialing.delete(peer)
        if (random.chance(trouble)) return drive.give({ type: 'dial-failed', peer })
        linked.add(peer)
        drive.give({ type: 'linked', peer })
      })
    })
    for (let n = 0; n < 100; n++) {
      world.run(random.below(4000))
      const [one] = [...linked]
      if (random.chance(0.2)) drive.give({ type: 'introduced', peers: peers(5, `${random.below(9)}-`) })
      else if (one !== undefined && linked.delete(one)) drive.give({ type: 'unlinked', peer: one })
    }
    trouble = 0
    drive.give({ type: 'introduced', peers: peers(16, 'fresh') })
    world.run(60_000)
    expect(linked.size).toBe(defaultConfig.target)
  }))
