/** Who leaves the page in the middle of a call and comes back is back in the call, without anyone dialling. */
import { describe, expect, test } from 'vitest'
import { MAX_RETURNS, type Message, timing } from '#protocols/call/index'
import { forSeeds } from '../../simulations/seeds.ts'
import { both, callId, type Person, SECOND, type Town, talking } from './town.ts'

const minute = 60 * SECOND

/** Both are in the call, hear each other, and no rule of WebRTC was broken. */
function met(town: Town, ann: Person, bob: Person, call: string): void {
  expect([ann.state, bob.state, ann.call, bob.call]).toEqual(['active', 'active', call, call])
  expect(ann.engine.pair).toEqual({ local: bob.engine.pair?.remote, remote: bob.engine.pair?.local })
  expect(ann.engine.pair).toBeDefined()
  expect([ann.rang.length + bob.rang.length, ann.now?.away, bob.now?.away]).toEqual([1, undefined, undefined])
  town.check()
}

describe('a page that is reloaded in a call', () => {
  test.each(['ann', 'bob'])('is back in it within a second, be it %s that is', (who) =>
    forSeeds(30, (seed) => {
      const { town, ann, bob } = talking(seed)
      const { call } = ann
      const [leaver, stayer] = who === 'ann' ? [ann, bob] : [bob, ann]
      leaver.leave()
      town.run(SECOND)
      expect(stayer.state).toBe('reconnecting')
      expect(stayer.now?.away).toBeGreaterThan(town.world.now() + timing.lost - 2 * SECOND)
      leaver.comeBack()
      leaver.accept({ audio: true, video: false })
      town.run(SECOND)
      met(town, ann, bob, call)
      expect(stayer.now?.remoteMedia).toEqual({ audio: true, video: false })
      expect(leaver.now?.remoteMedia).toEqual(both)
      expect([leaver.now?.name, stayer.now?.name]).toEqual([stayer.id, leaver.id])
    }),
  )

  test('is in it again and again, and either side may be the one', () =>
    forSeeds(20, (seed) => {
      const { town, ann, bob } = talking(seed)
      const { call } = ann
      for (let n = 0; n < 6; n++) {
        const leaver = town.world.random.pick([ann, bob])
        leaver.leave({ crash: n % 2 === 0 })
        town.run(town.world.random.below(3000))
        leaver.comeBack()
        town.run(town.world.random.below(500))
        leaver.accept()
        town.run(10 * SECOND)
        met(town, ann, bob, call)
      }
    }))

  test('may go on with other media than before, changed on the way', () => {
    const { town, ann, bob } = talking()
    bob.leave()
    bob.comeBack()
    bob.accept({ audio: true, video: true })
    bob.mute({ audio: false, video: true })
    town.run(SECOND)
    expect(ann.now?.remoteMedia).toEqual({ audio: false, video: true })
    met(town, ann, bob, ann.call)
  })

  test('is waited for when it wonders whether to go on, and the other side may ask meanwhile', () => {
    const { town, ann, bob } = talking()
    bob.leave()
    town.run(SECOND)
    bob.comeBack()
    ann.leave()
    ann.comeBack()
    ann.accept()
    town.run(20 * SECOND)
    expect([ann.state, bob.state]).toEqual(['reconnecting', 'reconnecting'])
    bob.accept()
    town.run(SECOND)
    met(town, ann, bob, ann.call)
  })
})

describe('both pages that are reloaded at once', () => {
  test('cross, and are in the one call that it was', () =>
    forSeeds(200, (seed) => {
      const { town, ann, bob } = talking(seed)
      const { call } = ann
      const people = [ann, bob]
      const wait = (most: number) => town.run(town.world.random.below(most))
      for (const each of people) each.leave({ crash: town.world.random.chance(0.5) })
      for (const each of town.world.random.chance(0.5) ? people : people.reverse()) {
        wait(60)
        each.comeBack()
        wait(60)
        each.accept()
      }
      town.run(15 * SECOND)
      met(town, ann, bob, call)
    }))

  test('and one of them once more, at any moment of that', () =>
    forSeeds(200, (seed) => {
      const { town, ann, bob } = talking(seed)
      const { call } = ann
      for (const each of [ann, bob]) each.leave()
      for (const each of [ann, bob]) each.comeBack()
      for (const each of [ann, bob]) each.accept()
      town.run(town.world.random.below(400))
      const again = town.world.random.pick([ann, bob])
      again.leave({ crash: true })
      again.comeBack()
      again.accept()
      town.run(15 * SECOND)
      met(town, ann, bob, call)
    }))
})

describe('a page that crashes in a call', () => {
  test('is missed, found to be away, and back when it is opened again', () => {
    const { town, ann, bob } = talking()
    bob.leave({ crash: true })
    expect(ann.state).toBe('active')
    town.run(15 * SECOND)
    expect(ann.state).toBe('reconnecting')
    expect(ann.now?.away).toBeGreaterThan(town.world.now())
    town.run(60 * SECOND)
    bob.comeBack()
    bob.accept()
    town.run(10 * SECOND)
    met(town, ann, bob, ann.call)
  })

  test('and is back before anyone missed it goes on all the same', () => {
    const { town, ann, bob } = talking()
    bob.leave({ crash: true })
    bob.comeBack()
    bob.accept()
    town.run(SECOND)
    met(town, ann, bob, ann.call)
    expect(ann.path.slice(-2)).toEqual(['reconnecting', 'active'])
  })

  test('is back on another device, where the seat turns up late', () => {
    const { town, ann, bob } = talking()
    bob.leave({ crash: true })
    bob.mayReturn = true
    bob.comeBack({ memory: false })
    town.run(15 * SECOND)
    expect(ann.state).toBe('reconnecting')
    bob.remember()
    bob.accept()
    town.run(10 * SECOND)
    met(town, ann, bob, ann.call)
  })
})

describe('a seat', () => {
  test('is kept for two minutes, and then the call is lost for who stayed', () => {
    const { town, ann, bob } = talking()
    bob.leave()
    town.run(timing.lost - SECOND)
    expect(ann.state).toBe('reconnecting')
    town.run(2 * SECOND)
    expect([ann.state, ann.machine.alive, ann.engines.size]).toEqual(['lost', 0, 0])
    bob.comeBack()
    expect([bob.machine.alive, bob.machine.nextDeadline()]).toEqual([0, undefined])
  })

  test('is kept just as long for who comes back to nobody, and rings for nobody', () => {
    const { town, ann, bob } = talking()
    for (const each of [ann, bob]) each.leave()
    town.run(30 * SECOND)
    bob.comeBack()
    bob.accept()
    town.run(timing.lost - 31 * SECOND)
    expect([bob.state, bob.now?.away !== undefined]).toEqual(['reconnecting', true])
    town.run(2 * SECOND)
    expect(bob.state).toBe('lost')
    ann.comeBack()
    town.run(minute)
    expect([ann.machine.alive, ann.rang, bob.rang.length]).toEqual([0, [], 1])
  })

  test('is given up at once by who stayed, at any time', () => {
    const { town, ann, bob } = talking()
    bob.leave()
    town.run(SECOND)
    ann.hangUp()
    expect([ann.state, ann.machine.alive]).toEqual(['hung-up', 0])
    town.run(10 * SECOND)
    bob.comeBack()
    bob.accept()
    town.run(5 * SECOND)
    expect([bob.state, bob.machine.alive, ann.rang]).toEqual(['they-hung-up', 0, []])
  })

  test('is given up by who comes back and does not want to go on', () => {
    const { town, ann, bob } = talking()
    bob.leave()
    town.run(20 * SECOND)
    bob.comeBack()
    town.run(SECOND)
    bob.hangUp()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['they-hung-up', 'hung-up'])
  })

  test('that is given up in the very moment of the return stays given up', () =>
    forSeeds(100, (seed) => {
      const { town, ann, bob } = talking(seed)
      bob.leave()
      town.run(SECOND)
      bob.comeBack()
      bob.accept()
      town.run(town.world.random.below(300))
      town.world.random.pick([ann, bob]).hangUp()
      town.run(minute)
      expect([ann.machine.alive, bob.machine.alive, ann.engines.size, bob.engines.size]).toEqual([0, 0, 0, 0])
      expect([ann.machine.nextDeadline(), bob.machine.nextDeadline()]).toEqual([undefined, undefined])
    }))

  test('ends when the other calls anew', () => {
    const { town, ann, bob } = talking()
    bob.leave({ crash: true })
    ann.hangUp()
    bob.comeBack()
    ann.place(bob)
    town.run(5 * SECOND)
    expect([ann.state, bob.state, bob.machine.alive]).toEqual(['ringing', 'incoming', 1])
  })
})

describe('a rejoin', () => {
  const rejoin = (call: string, n: number): Message => {
    const from = n.toString(16).padStart(16, '0')
    return { type: 'rejoin', call, seq: 0, ack: 0, from, media: both }
  }

  test('of a third party is refused', () => {
    const { town, ann, bob } = talking()
    const eve = town.person('eve')
    eve.say(ann, rejoin(ann.call, 1))
    town.run(SECOND)
    expect(ann.ignored).toEqual(['not-their-call'])
    met(town, ann, bob, ann.call)
  })

  test('into a call that is over, or that never was, is answered with its end', () => {
    const { town, ann, bob } = talking()
    const { call } = ann
    ann.hangUp()
    for (const wait of [0, 10 * SECOND]) {
      town.run(wait)
      const heard: string[] = []
      town.network.send = (_from, _to, { type }) => void heard.push(type)
      bob.say(ann, rejoin(call, 1))
      bob.say(ann, rejoin(callId(99), 1))
      expect(heard).toEqual(['hangup', 'hangup'])
    }
    expect([ann.machine.alive, ann.rang]).toEqual([0, []])
  })

  test('said twice is one, and of a sitting that is over is none', () => {
    const { town, ann, bob } = talking()
    const started: string[] = []
    for (const n of [1, 1, 2, 1, 2]) {
      const before = ann.engine
      bob.say(ann, rejoin(ann.call, n))
      if (ann.engine !== before) started.push(String(n))
    }
    expect([started, ann.state]).toEqual([['1', '2'], 'reconnecting'])
    town.run(minute)
  })

  test('again and again ends the call, with a last word', () => {
    const { ann, bob } = talking()
    for (let n = 1; n <= MAX_RETURNS; n++) bob.say(ann, rejoin(ann.call, n))
    expect(ann.state).toBe('failed')
  })

  test('before the call was answered has no effect', () => {
    const { town, ann, bob } = talking()
    ann.hangUp()
    town.run(10 * SECOND)
    const call = ann.place(bob)
    town.run(SECOND)
    ann.say(bob, rejoin(call, 1))
    expect([bob.state, bob.ignored]).toEqual(['incoming', ['wrong-phase']])
    bob.accept()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
  })
})
