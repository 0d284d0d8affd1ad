/** What holds of every call, whatever happens: found by chance, and had again by its seed. */
import { describe, expect, test } from 'vitest'
import { type Connectivity, type Input, Machine, type Message, type Output } from '#protocols/call/index'
import { Random } from '../../../simulations/random.ts'
import { forSeeds } from '../../simulations/seeds.ts'
import { callId } from './town.ts'
import { minutes, trouble } from './trouble.ts'

describe('a machine that is given anything in any order', () => {
  test('keeps its laws and comes to rest', () =>
    forSeeds(300, (seed) => {
      const random = new Random(seed)
      const capacity = 1 + random.below(2)
      const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
      const machine = new Machine<string>({ self: 'bob', compare, capacity, name: () => undefined })
      const live = new Set<string>()
      let now = 0
      const give = (input: Input<string>) => {
        const outputs = machine.handle(input, now)
        for (const output of outputs) follow(live, output)
        const deadline = input.type === 'tick' ? (machine.nextDeadline() ?? now + 1) : now + 1
        const lawful = machine.alive <= capacity && machine.alive === live.size && deadline > now
        if (!lawful)
          expect.fail(`${JSON.stringify(input)} at ${now}: ${machine.alive} calls, wants ${deadline}`)
      }
      let placed = 0
      for (let n = 0; n < 400; n++) {
        const wait = random.chance(0.1) ? random.below(20_000) : random.below(50)
        const until = now + wait
        pass(
          machine,
          give,
          () => now,
          (at) => (now = at),
          until,
        )
        give(anything(random, () => callId(1000 + placed++)))
      }
      // Inputs stop; no path is left and no medium, which the engines of what lives have noticed.
      for (const to of ['ann', 'cat']) give({ type: 'path-down', to })
      for (const call of [...live]) give({ type: 'connectivity', call, state: 'failed' })
      pass(
        machine,
        give,
        () => now,
        (at) => (now = at),
        now + 5 * minutes,
      )
      expect([machine.alive, machine.nextDeadline(), [...live]]).toEqual([0, undefined, []])
    }))
})

describe('people in a bad network', () => {
  test('agree in the end whether they talk, and no rule of WebRTC was broken', () =>
    forSeeds(200, (seed) => {
      const { town, people } = trouble(seed)
      town.check()
      // Who is in a call is in it with the other one, in the same call and the same phase.
      const calls = people.map((person) =>
        person.machine.alive > 0 ? `${person.call} ${person.state}` : 'none',
      )
      const talkers = calls.filter((each) => each !== 'none')
      expect(talkers.filter((each) => !each.endsWith(' active'))).toEqual([])
      expect([0, 2]).toContain(talkers.length)
      expect(new Set(talkers).size).toBeLessThanOrEqual(1)
      // And all of it ends when someone says so.
      for (const person of people) if (person.machine.alive > 0) person.hangUp()
      town.run(minutes)
      for (const { machine, engines } of people) {
        expect([machine.alive, machine.nextDeadline(), engines.size]).toEqual([0, undefined, 0])
      }
    }))

  test('do the same again when the seed is the same, and something else when it is not', () => {
    const hash = (seed: number) => trouble(seed).town.world.hash
    expect(hash(7)).toBe(hash(7))
    expect(hash(7)).not.toBe(hash(8))
  })

  test('have calls that come about, most of the time: the trouble is not so bad that nothing is tested', () => {
    let talked = 0
    forSeeds(60, (seed) => {
      const paths = trouble(seed).people.flatMap(({ phases }) => [...phases.values()])
      if (paths.some((path) => path.includes('active'))) talked += 1
    })
    expect(talked).toBeGreaterThan(30)
  })
})

/** Keeps the set of calls that live, as whoever performs the outputs sees it. */
function follow(live: Set<string>, output: Output<string>): void {
  if (output.type === 'merged') live.delete(output.from)
  if (output.type !== 'changed' && output.type !== 'incoming') return
  if (output.snapshot.phase === 'ended') live.delete(output.call)
  else live.add(output.call)
}

/** Ticks whenever the machine wants it, until `until`. */
function pass(
  machine: Machine<string>,
  give: (input: Input<string>) => void,
  now: () => number,
  set: (at: number) => void,
  until: number,
): void {
  for (let at = machine.nextDeadline(); at !== undefined && at <= until; at = machine.nextDeadline()) {
    set(Math.max(now(), at))
    give({ type: 'tick' })
  }
  set(until)
}

/** Any input; the ids are few, so that they meet. */
function anything(random: Random, fresh: () => string): Input<string> {
  const call = random.chance(0.3) ? callId(1000 + random.below(20)) : callId(random.below(6))
  const peer = random.pick(['ann', 'cat'])
  const media = { audio: random.chance(0.5), video: random.chance(0.5) }
  const connectivity = () => random.pick<Connectivity>(['connected', 'stalled', 'disconnected', 'failed'])
  const sitting = () => random.below(4).toString(16).padStart(16, '0')
  const seat = () => ({ direction: random.pick(['incoming', 'outgoing'] as const) })
  const description = {
    kind: random.pick(['offer', 'answer'] as const),
    round: random.below(3),
    sdp: '',
  }
  const inputs: (() => Input<string>)[] = [
    () => ({ type: 'place', call: fresh(), to: peer, media }),
    () => ({ type: 'accept', call, media }),
    () => ({ type: random.pick(['decline', 'hang-up'] as const), call }),
    () => ({ type: 'set-media', call, media }),
    () => ({ type: 'path-up', to: peer }),
    () => ({ type: 'path-down', to: peer }),
    () => ({
      type: 'path-down',
      to: peer,
      fault: random.pick(['broken', 'unreachable', 'no-entrance'] as const),
    }),
    () => ({ type: 'network-changed' }),
    () => ({ type: 'negotiation-needed', call }),
    () => ({ type: 'described', call, description }),
    () => ({ type: 'step-failed', call }),
    () => ({ type: 'gathered', call, candidate: { candidate: '' } }),
    () => ({ type: 'connectivity', call, state: connectivity() }),
    () => ({ type: 'tick' }),
    () => ({ type: random.pick(['leave', 'reachable'] as const) }),
    () => ({
      type: 'return',
      call: callId(random.below(6)),
      to: peer,
      ...seat(),
      media,
      sitting: sitting(),
      patience: random.below(200_000),
    }),
  ]
  if (random.chance(0.3)) return random.pick(inputs)()
  const order = { seq: random.chance(0.5) ? random.below(3) : 0, ack: random.below(3) }
  const from = random.chance(0.3) ? { from: sitting() } : {}
  const head = { call, ...order, ...from, ...(random.chance(0.3) ? { to: sitting() } : {}) }
  const messages: (() => Message)[] = [
    // Nobody can guess the id of a call that is yet to be placed.
    () => ({ type: 'invite', ...head, call: callId(random.below(6)), seq: 1, media }),
    () => ({ type: random.pick(['accept', 'welcome'] as const), ...head, media }),
    () => ({ type: 'rejoin', ...head, from: sitting(), media }),
    () => ({
      type: random.pick(['ringing', 'decline', 'busy', 'cancel', 'hangup', 'ack', 'away'] as const),
      ...head,
    }),
    () => ({ type: 'description', ...head, ...description }),
    () => ({ type: 'candidate', ...head, candidate: '' }),
    () => ({ type: 'media-state', ...head, media }),
  ]
  return { type: 'message', from: peer, message: random.pick(messages)() }
}
