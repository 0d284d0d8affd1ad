/** When a peer hangs up on its entrance: once it stands alone, if it is let go, and until it falls. */
import { describe, expect, test } from 'vitest'
import { defaultTiming, type Input, type Output } from '#protocols/entrance/index'
import { Random } from '../../simulations/random.ts'
import { World } from '../../simulations/world.ts'
import {
  between,
  connected,
  falls,
  left,
  lost,
  make,
  on,
  stands,
  tick,
  ticked,
  tickUntil,
  types,
} from './doorstep.ts'

const MINUTE = 60_000
const { settle, again, stumble, visitCap, stayLeast, stayMost } = defaultTiming

describe('a peer that stands alone', () => {
  test('stays a moment, asks, is let go, hangs up, and does not knock', () => {
    const machine = connected()
    machine.handle(on(stands), 20)
    const at = machine.nextDeadline() ?? 0
    expect(at).toBeLessThan(10 + 2 * settle)
    const asked = tickUntil(machine, 'leave')
    expect(asked).toBeGreaterThanOrEqual(10 + settle)
    expect(types(machine.handle({ type: 'go' }, asked))).toEqual(['part'])
    expect(types(machine.handle({ type: 'parted' }, asked + 100))).toEqual(['left'])
    expect(machine.nextDeadline()).toBeUndefined()
    // Whether the entrance is there or the network is back is nothing to it.
    for (const input of [lost, { type: 'hurry' }, { type: 'start' }, tick, on(between)] as Input[]) {
      expect(machine.handle(input, asked + MINUTE)).toEqual([])
    }
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('does not ask before it stands, and at once when it has been there long enough', () => {
    const machine = connected()
    machine.handle(on(between), 20)
    expect(ticked(machine, 10 * MINUTE)).not.toContain('leave')
    machine.handle(on(stands), 10 * MINUTE)
    expect(types(machine.handle(tick, 10 * MINUTE))).toContain('leave')
  })

  test('that is to be an anchor asks again when it was told to, and again', () => {
    const machine = connected()
    machine.handle(on(stands), 20)
    let at = tickUntil(machine, 'leave')
    for (let n = 0; n < 5; n++) {
      expect(machine.handle({ type: 'stay', millis: MINUTE }, at)).toEqual([])
      const next = tickUntil(machine, 'leave')
      expect(next - at).toBeGreaterThanOrEqual(MINUTE)
      expect(next - at).toBeLessThanOrEqual(1.25 * MINUTE)
      at = next
    }
  })

  test.each([
    [0, stayLeast],
    [Number.MAX_SAFE_INTEGER, stayMost],
  ])('does not take a stay of %s milliseconds at its word', (millis, meant) => {
    const machine = connected()
    machine.handle(on(stands), 20)
    const at = tickUntil(machine, 'leave')
    machine.handle({ type: 'stay', millis }, at)
    const waited = tickUntil(machine, 'leave') - at
    expect(waited).toBeGreaterThanOrEqual(meant)
    expect(waited).toBeLessThanOrEqual(1.25 * meant)
  })

  test('is told to go or stay without having asked: nothing happens', () => {
    const machine = connected()
    machine.handle(on(stands), 20)
    const deadline = machine.nextDeadline()
    expect(machine.handle({ type: 'go' }, 30)).toEqual([])
    expect(machine.handle({ type: 'stay', millis: 0 }, 30)).toEqual([])
    expect(machine.handle({ type: 'clung' }, 30)).toEqual([])
    expect(machine.nextDeadline()).toBe(deadline)
  })

  test('that does not stand any more when the answer comes stays', () => {
    const machine = connected()
    machine.handle(on(stands), 20)
    const at = tickUntil(machine, 'leave')
    machine.handle(on(between), at)
    expect(machine.handle({ type: 'go' }, at + 10)).toEqual([])
    machine.handle(on(stands), at + 20)
    expect(tickUntil(machine, 'leave') - at).toBeGreaterThanOrEqual(again)
  })

  test('that stumbles while it hangs up clings, and asks again later', () => {
    const machine = connected()
    machine.handle(on(stands), 20)
    const at = tickUntil(machine, 'leave')
    machine.handle({ type: 'go' }, at)
    expect(types(machine.handle(on(between), at + 10))).toEqual(['cling'])
    expect(machine.handle({ type: 'clung' }, at + 11)).toEqual([])
    machine.handle(on(stands), at + 20)
    expect(tickUntil(machine, 'leave') - at).toBeGreaterThanOrEqual(again)
  })

  test('that loses its entrance before it is let go knocks with back-off, as anyone', () => {
    const machine = connected()
    machine.handle(on(stands), 20)
    const at = tickUntil(machine, 'leave')
    expect(types(machine.handle(lost, at))).toEqual(['lost'])
    expect(machine.handle({ type: 'go' }, at + 1)).toEqual([])
    expect(types(machine.handle(tick, machine.nextDeadline() ?? 0))).toEqual(['connecting', 'knock'])
    expect(machine.handle({ type: 'parted' }, at + 2)).toEqual([])
  })
})

describe('a peer that hung up', () => {
  test('knocks when it falls, after a moment, and stays for a minute at least', () => {
    const [machine, at] = left()
    expect(machine.handle(on(falls), at + 1000)).toEqual([])
    const knock = machine.nextDeadline() ?? 0
    expect(knock - at - 1000).toBeGreaterThanOrEqual(stumble / 2)
    expect(knock - at - 1000).toBeLessThanOrEqual(stumble)
    expect(types(machine.handle(tick, knock))).toEqual(['connecting', 'knock'])
    machine.handle({ type: 'opened' }, knock + 10)
    machine.handle(on(stands), knock + 20)
    expect(tickUntil(machine, 'leave') - at).toBeGreaterThanOrEqual(again)
  })

  test('does not knock when it stumbles and is up again at once', () => {
    const [machine, at] = left()
    machine.handle(on(falls), at + 1000)
    machine.handle(on(between), at + 1100)
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('knocks for what an entrance alone gives, though it has hung up', () => {
    const [machine, at] = left()
    expect(types(machine.handle({ type: 'hurry' }, at + 1))).toEqual([])
    expect(types(machine.handle({ type: 'want' }, at + 2))).toEqual(['knock'])
    expect(types(machine.handle({ type: 'want' }, at + 3))).toEqual([])
  })

  test('knocks at once when it has fallen and there is a hurry', () => {
    const [machine, at] = left()
    machine.handle(on(falls), at + 1000)
    expect(types(machine.handle({ type: 'hurry' }, at + 1001))).toEqual(['connecting', 'knock'])
  })

  test('falls where no entrance is left: it knocks ever more rarely, until it stands by itself again', () => {
    const [machine, at] = left()
    machine.handle(on(falls), at)
    const waits: number[] = []
    let now = at
    for (let n = 0; n < 12; n++) {
      const next = machine.nextDeadline() ?? 0
      waits.push(next - now)
      now = next
      expect(types(machine.handle(tick, now))).toEqual(['connecting', 'knock'])
      expect(types(machine.handle(lost, now))).toEqual(['lost'])
    }
    expect(waits.at(-1)).toBeGreaterThanOrEqual(defaultTiming.cap / 2)
    expect(types(machine.handle(on(between), now))).toEqual(['left'])
    expect(machine.nextDeadline()).toBeUndefined()
  })

  test('looks in quietly when somebody is gone for whom it stands in: that may have been an anchor', () => {
    const [machine, at] = left()
    expect(machine.handle({ type: 'inherited' }, at + MINUTE)).toEqual([])
    const knock = machine.nextDeadline() ?? 0
    // That it stands firm does not change that.
    machine.handle(on(stands), at + MINUTE + 2)
    expect(machine.nextDeadline()).toBe(knock)
    expect(types(machine.handle(tick, knock))).toEqual(['knock'])
    expect(machine.handle(lost, knock + 10)).toEqual([])
    // It is not needed: that nobody is at home is no loss. But somebody has to be there when they are back.
    let now = knock + 10
    for (let n = 0; n < 12; n++) {
      const next = machine.nextDeadline() ?? 0
      expect(next - now).toBeLessThanOrEqual(Math.min(stumble * 2 ** (n + 1), visitCap))
      now = next
      expect(types(machine.handle(tick, now))).toEqual(['knock'])
      expect(machine.handle(lost, now)).toEqual([])
    }
    expect((machine.nextDeadline() ?? 0) - now).toBeGreaterThanOrEqual(visitCap / 2)
    // Whoever falls meanwhile does not wait so long.
    machine.handle(on(falls), now)
    expect((machine.nextDeadline() ?? 0) - now).toBeLessThanOrEqual(stumble)
  })

  test('looks in and is asked to stay in that place', () => {
    const [machine, at] = left()
    machine.handle({ type: 'inherited' }, at + MINUTE)
    const knock = machine.nextDeadline() ?? 0
    machine.handle(tick, knock)
    expect(types(machine.handle({ type: 'opened' }, knock + 10))).toEqual(['connected'])
    const asked = tickUntil(machine, 'leave')
    machine.handle({ type: 'stay', millis: MINUTE }, asked)
    // From here on it is an entrance that can be lost.
    expect(types(machine.handle(lost, asked + 1))).toEqual(['lost'])
  })

  test('is refused when it comes again', () => {
    const [machine, at] = left()
    machine.handle(on(falls), at)
    machine.handle(tick, machine.nextDeadline() ?? 0)
    expect(types(machine.handle({ type: 'refused', reason: 'version' }, at + MINUTE))).toEqual(['refused'])
    expect(machine.nextDeadline()).toBeUndefined()
  })
})

test('a thousand that hung up and fall in one moment do not come in one moment', () => {
  const knocks = Array.from({ length: 1000 }, (_, seed) => {
    const [machine, at] = left(seed)
    machine.handle(on(falls), at)
    return (machine.nextDeadline() ?? 0) - at
  })
  const tenth = (from: number) => knocks.filter((at) => at >= from && at < from + 100).length
  expect(Math.max(...Array.from({ length: 40 }, (_, i) => tenth(i * 100)))).toBeLessThan(120)
})

test('whatever comes, a machine moves on: its deadlines lie ahead, and it hangs up only if it stands and was let go', () => {
  const inputs: Input[] = [
    ...([
      { type: 'start' },
      { type: 'opened' },
      lost,
      { type: 'hurry' },
      { type: 'want' },
      { type: 'go' },
    ] as const),
    ...([{ type: 'parted' }, { type: 'clung' }, { type: 'inherited' }, tick, tick, tick] as const),
    ...[on(stands), on(stands), on(between), on(falls), { type: 'stay' as const, millis: 0 }],
  ]
  for (let seed = 0; seed < 300; seed++) {
    const random = new Random(seed)
    const machine = make(seed)
    let now = 0
    let footing = falls
    let asked = false
    for (let n = 0; n < 200; n++) {
      const input = random.pick(inputs)
      const deadline = machine.nextDeadline()
      now =
        input.type === 'tick' && deadline !== undefined ? Math.max(now, deadline) : now + random.unit() * 5000
      if (input.type === 'footing') footing = input.footing
      const said = types(machine.handle(input, now))
      if (said.includes('part')) expect(asked && footing.stands).toBe(true)
      if (input.type === 'go' || input.type === 'stay' || said.includes('connecting')) asked = false
      if (said.includes('leave')) asked = true
      if (input.type === 'tick')
        expect(machine.nextDeadline() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now)
    }
  }
})

test('an hour at an entrance that lets everyone go, among links that come and go, is no flapping', () => {
  const world = new World(7)
  const random = new Random(7)
  const states: [number, string][] = []
  const drive = world.host<Input, Output>('peer', make(7), (output) => {
    if (output.type === 'changed') states.push([world.now(), output.state])
    const answer: Partial<Record<Output['type'], Input>> = {
      knock: { type: 'opened' },
      leave: { type: 'go' },
      part: { type: 'parted' },
    }
    const input = answer[output.type]
    if (input !== undefined) world.after(50, () => drive.give(input))
  })
  drive.give({ type: 'start' })
  for (let at = 0; at < 60 * MINUTE; at += 4000) {
    world.after(at, () => drive.give(on(random.pick([stands, stands, between, falls]))))
  }
  world.run(60 * MINUTE)
  const leavings = states.filter(([, state]) => state === 'left').map(([at]) => at)
  const spans = leavings.slice(1).map((at, index) => at - (leavings[index] ?? 0))
  expect(leavings.length).toBeGreaterThan(10)
  expect(Math.min(...spans)).toBeGreaterThanOrEqual(again)
})
