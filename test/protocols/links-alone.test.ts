/** Links when there are next to none: everyone is tried, and of two that hear of each other one dials. */
import { describe, expect, test } from 'vitest'
import { type Config, defaultConfig, Machine, type Output } from '#protocols/links/index'

type Peer = string

function quiet(config: Partial<Config<Peer>>): Machine<Peer> {
  const keyOf = (peer: Peer) => 2n ** 63n + BigInt(peer.slice(1))
  const still = { tell: 1e9, look: 1e9, lookCap: 1e9 }
  return new Machine({ ...defaultConfig, ...still, self: 0n, keyOf, keeps: () => false, ...config })
}

function dialed(outputs: readonly Output<Peer>[]): Peer[] {
  return outputs.flatMap((output) => (output.type === 'dial' ? output.peer : []))
}

describe('a peer that is all but alone', () => {
  test('tries those whom it gave up, and beyond its allowance, until it has two links', () => {
    const allowance = { burst: 1, perHour: 1 }
    const machine = quiet({ attempts: 1, forget: 600_000, despair: 30_000, allowance, parallel: 1 })
    expect(dialed(machine.handle({ type: 'introduced', peers: ['p1'] }, 0))).toEqual(['p1'])
    machine.handle({ type: 'dial-failed', peer: 'p1' }, 0)
    expect(machine.nextDeadline()).toBe(30_000)
    expect(dialed(machine.handle({ type: 'tick' }, 30_000))).toEqual(['p1'])
    machine.handle({ type: 'linked', peer: 'p2' }, 30_001)
    machine.handle({ type: 'linked', peer: 'p3' }, 30_001)
    machine.handle({ type: 'dial-failed', peer: 'p1' }, 30_002)
    expect(machine.nextDeadline()).toBeGreaterThanOrEqual(1e9)
  })

  test('does not dial at once whom it hears of at the same time as that one hears of it, if it is the greater', () => {
    const keys = (peer: Peer) => (peer === 'less' ? 1n : peer === 'greater' ? 9n : 5n)
    const machine = quiet({ self: 4n, keyOf: keys, yield: 2_000, parallel: 2 })
    machine.handle({ type: 'linked', peer: 'third' }, 0)
    const told = { type: 'told', from: 'third', peers: ['less', 'greater'] } as const
    expect(dialed(machine.handle(told, 0))).toEqual(['greater'])
    expect(machine.nextDeadline()).toBe(2_000)
    expect(dialed(machine.handle({ type: 'tick' }, 2_000))).toEqual(['less'])
  })
})
