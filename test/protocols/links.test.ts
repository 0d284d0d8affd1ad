/** Which links a peer makes: few at a time, up to a number, and more patiently with those who do not answer. */
import { describe, expect, test } from 'vitest'
import {
  type Config,
  defaultConfig,
  type Input,
  MAX_CANDIDATES,
  MAX_LINKS,
  Machine,
  type Output,
} from '#protocols/links/index'
import { Random } from '../../simulations/random.ts'
import { World } from '../../simulations/world.ts'
import { forSeeds } from '../simulations/seeds.ts'

type Peer = string

/** All in one half of the keyspace and far from 0, where we are; the smaller the number, the nearer. */
function keyOf(peer: Peer): bigint {
  return 2n ** 63n + BigInt(peer.replace(/\D/g, '') || 99_999)
}

function make(config: Partial<Config<Peer>> = {}): Machine<Peer> {
  const despair = Number.POSITIVE_INFINITY
  return new Machine({ ...defaultConfig, despair, self: 0n, keyOf, keeps: () => false, ...config })
}

function peers(count: number, prefix = 'p'): Peer[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

function dialed(outputs: readonly Output<Peer>[]): Peer[] {
  return outputs.flatMap((output) => (output.type === 'dial' ? output.peer : []))
}

function retired(outputs: readonly Output<Peer>[]): Peer[] {
  return outputs.flatMap((output) => (output.type === 'retire' ? output.peer : []))
}

/** Without what is told to others, which has its own tests. */
function quiet(config: Partial<Config<Peer>> = {}): Machine<Peer> {
  return make({ tell: 1e9, look: 1e9, lookCap: 1e9, ...config })
}

describe('a peer that was introduced to others', () => {
  test('dials a few at a time, until it has the links that it wants', () => {
    const machine = quiet({ target: 3, parallel: 2 })
    expect(dialed(machine.handle({ type: 'introduced', peers: peers(9) }, 0))).toEqual(['p0', 'p1'])
    expect(dialed(machine.handle({ type: 'linked', peer: 'p0' }, 1))).toEqual(['p2'])
    expect(dialed(machine.handle({ type: 'linked', peer: 'p1' }, 2))).toEqual([])
    expect(dialed(machine.handle({ type: 'linked', peer: 'p2' }, 3))).toEqual([])
    expect(machine.nextDeadline()).toBeGreaterThanOrEqual(1e9)
  })

  test('counts the links that others make', () => {
    const machine = make({ target: 2, parallel: 2, near: 0 })
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
    const machine = quiet({ retry: 1000 })
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

describe('a peer that hears of others from its links', () => {
  test('links to the nearest in any case, and beyond what it aims for', () => {
    const machine = make({ target: 2, near: 2 })
    machine.handle({ type: 'linked', peer: 'p50' }, 0)
    machine.handle({ type: 'linked', peer: 'p60' }, 0)
    const told = { type: 'told', from: 'p50', peers: ['p70', 'p9', 'p55'] } as const
    // p9 is nearer than both, p55 than the second only after p9 is there.
    expect(dialed(machine.handle(told, 1))).toEqual(['p9', 'p55'].slice(0, 1))
    machine.handle({ type: 'linked', peer: 'p9' }, 2)
    expect(dialed(machine.handle({ type: 'told', from: 'p9', peers: ['p70', 'p55', 'p51'] }, 3))).toEqual([])
    expect(dialed(machine.handle({ type: 'told', from: 'p9', peers: ['p49'] }, 3))).toEqual(['p49'])
  })

  test('fills the emptiest buckets with the rest', () => {
    const near = (n: number) => (peer: Peer) => (peer.startsWith('far') ? 2n ** 63n : 2n ** 62n) + BigInt(n)
    const keys = (peer: Peer) => near(Number(peer.replace(/\D/g, '')))(peer)
    const machine = make({ keyOf: keys, target: 3, near: 1, parallel: 3 })
    machine.handle({ type: 'linked', peer: 'close1' }, 0)
    expect(dialed(machine.handle({ type: 'introduced', peers: ['close2', 'close3', 'far4'] }, 0))).toEqual([
      'far4',
      'close2',
    ])
  })

  test('does not believe those who are no links, and not itself', () => {
    const machine = make({ keyOf: (peer) => (peer === 'me' ? 0n : keyOf(peer)) })
    expect(machine.handle({ type: 'told', from: 'p1', peers: ['p2'] }, 0)).toEqual([])
    machine.handle({ type: 'linked', peer: 'p1' }, 0)
    expect(dialed(machine.handle({ type: 'told', from: 'p1', peers: ['me'] }, 0))).toEqual([])
  })

  test('looks for its nearest soon after its first link, again when it lost one of them, and ever more seldom', () => {
    const machine = quiet({ look: 1000, lookCap: 3000 })
    machine.handle({ type: 'linked', peer: 'p1' }, 0)
    const looks: number[] = []
    for (let n = 0; n < 4; n++) {
      const at = machine.nextDeadline() ?? 0
      if (machine.handle({ type: 'tick' }, at).some(({ type }) => type === 'look')) looks.push(at)
    }
    expect(looks).toEqual([1000, 3000, 6000, 9000])
    machine.handle({ type: 'linked', peer: 'p2' }, 9000)
    machine.handle({ type: 'unlinked', peer: 'p1' }, 9500)
    expect(machine.nextDeadline()).toBe(10_500)
    expect(dialed(machine.handle({ type: 'seen', peers: ['p0'] }, 9600))).toEqual(['p0'])
  })

  test('leaves one alone that it gave up, whoever tells of it, but not for ever', () => {
    const machine = quiet({ attempts: 1, forget: 60_000 })
    machine.handle({ type: 'linked', peer: 'p1' }, 0)
    const told = { type: 'told', from: 'p1', peers: ['p2'] } as const
    expect(dialed(machine.handle(told, 0))).toEqual(['p2'])
    machine.handle({ type: 'dial-failed', peer: 'p2' }, 0)
    expect(dialed(machine.handle(told, 59_999))).toEqual([])
    expect(dialed(machine.handle(told, 60_000))).toEqual(['p2'])
  })
})

describe('a peer with links', () => {
  test('tells all of them whom it is linked to, once for changes that come together', () => {
    const machine = quiet({ tell: 1000 })
    machine.handle({ type: 'linked', peer: 'p1' }, 0)
    machine.handle({ type: 'linked', peer: 'p2' }, 900)
    expect(machine.nextDeadline()).toBe(1000)
    expect(machine.handle({ type: 'tick' }, 1000)).toEqual([
      { type: 'tell', to: ['p1', 'p2'], peers: ['p1', 'p2'] },
    ])
    expect(machine.nextDeadline()).toBeGreaterThanOrEqual(1e9)
  })

  test('lets go of the youngest that nobody needs, after a while, when there are too many', () => {
    const machine = quiet({ target: 0, near: 1, most: 3, spare: 1000, keeps: (peer) => peer === 'p9' })
    for (const [at, peer] of ['p1', 'p5', 'p6', 'p7', 'p8', 'p9'].entries()) {
      machine.handle({ type: 'linked', peer }, at)
      // Each has someone nearer than us.
      machine.handle({ type: 'told', from: peer, peers: [`x${Number(peer.slice(1)) + 1000}`] }, at)
    }
    expect(machine.nextDeadline()).toBe(1003)
    expect(retired(machine.handle({ type: 'tick' }, 1003))).toEqual(['p8', 'p7', 'p6'])
  })

  test('keeps those who need it because it is among their nearest', () => {
    const keys = (peer: Peer) => (peer.startsWith('far') ? 2n ** 63n : 2n ** 20n) + BigInt(peer.slice(-1))
    const machine = quiet({ target: 0, keyOf: keys, near: 1, most: 1, spare: 1000 })
    machine.handle({ type: 'linked', peer: 'close1' }, 0)
    machine.handle({ type: 'linked', peer: 'far2' }, 0)
    // That one knows nobody else in this half of the keyspace.
    machine.handle({ type: 'told', from: 'far2', peers: ['far5'] }, 0)
    machine.handle({ type: 'told', from: 'close1', peers: ['far2'] }, 0)
    expect(retired(machine.handle({ type: 'tick' }, 1000))).toEqual(['far2'])
    const needed = quiet({ target: 0, keyOf: keys, near: 2, most: 1, spare: 1000 })
    needed.handle({ type: 'linked', peer: 'close1' }, 0)
    needed.handle({ type: 'linked', peer: 'far2' }, 0)
    needed.handle({ type: 'linked', peer: 'far3' }, 0)
    needed.handle({ type: 'told', from: 'far3', peers: ['close1'] }, 0)
    expect(retired(needed.handle({ type: 'tick' }, 1000))).toEqual([])
  })

  test('keeps those who have few themselves, because they would make the link anew', () => {
    const machine = quiet({ target: 2, near: 1, most: 3, spare: 1000 })
    for (const peer of ['p1', 'p5', 'p6', 'p7', 'p8']) {
      machine.handle({ type: 'linked', peer }, 0)
      const count = peer === 'p6' ? 2 : 3
      machine.handle({ type: 'told', from: peer, peers: peers(count, `${peer}00`) }, 0)
    }
    expect(retired(machine.handle({ type: 'tick' }, 1000))).toEqual(['p5', 'p7'])
  })

  test('never has more than there may be', () => {
    const machine = quiet({ target: 1, near: 1, most: 10, spare: 1e9 })
    const all = peers(MAX_LINKS + 1)
    const outputs = all.flatMap((peer) => [
      ...machine.handle({ type: 'linked', peer }, 0),
      ...machine.handle({ type: 'told', from: peer, peers: [`x${100_000}`, `x${200_000}`] }, 0),
    ])
    expect(retired(outputs)).toHaveLength(1)
  })

  test('makes no more in an hour than it is allowed to', () => {
    const machine = quiet({
      target: 40,
      most: 40,
      near: 0,
      allowance: { burst: 3, perHour: 60 },
      parallel: 9,
    })
    for (const peer of ['p97', 'p98']) machine.handle({ type: 'linked', peer }, 0)
    expect(dialed(machine.handle({ type: 'introduced', peers: peers(9) }, 0))).toHaveLength(3)
    expect(machine.nextDeadline()).toBe(60_000)
    expect(dialed(machine.handle({ type: 'tick' }, 60_000))).toEqual(['p3'])
  })
})

test('in a mesh where dials fail and links break the budget holds, and it is used when all is well', () =>
  forSeeds(100, (seed) => {
    const world = new World(seed)
    const random = new Random(seed)
    const linked = new Set<Peer>()
    const dialing = new Set<Peer>()
    let trouble = 0.5
    const allowance = { burst: 1e6, perHour: 1 }
    const drive = world.host<Input<Peer>, Output<Peer>>('me', quiet({ allowance }), (output) => {
      if (output.type !== 'dial') return
      const { peer } = output
      expect(linked.has(peer) || dialing.has(peer)).toBe(false)
      dialing.add(peer)
      expect(dialing.size).toBeLessThanOrEqual(defaultConfig.parallel)
      expect(linked.size + dialing.size).toBeLessThanOrEqual(2 * defaultConfig.target)
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
    expect(linked.size).toBeGreaterThanOrEqual(defaultConfig.target)
  }))
