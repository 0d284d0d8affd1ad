/** What a call does when its media or its paths go, and how two sides that both want a change get along. */
import { describe, expect, test } from 'vitest'
import { timing } from '#protocols/call/index'
import { forSeeds } from '../../simulations/seeds.ts'
import { SECOND, Town, talking } from './town.ts'

/** What is sent from now on, and when. */
function listen(town: Town) {
  const heard: { at: number; from: string; what: string }[] = []
  town.network.watch = (from, _, message) => {
    const what = message.type === 'description' ? message.kind : message.type
    heard.push({ at: town.world.now(), from, what })
    return true
  }
  return heard
}

describe('media that is gone', () => {
  test('for less than two seconds is not made anew', () => {
    const { town, ann, bob } = talking()
    const heard = listen(town)
    town.medium(ann.call).drop('disconnected')
    town.run(timing.restart - 100)
    town.medium(ann.call).heal()
    town.run(10 * SECOND)
    expect([heard, ann.state, bob.state]).toEqual([[], 'active', 'active'])
  })

  test('for two seconds is made anew, and meanwhile the call is reconnecting', () => {
    const { town, ann, bob } = talking()
    const heard = listen(town)
    const began = town.world.now()
    town.medium(ann.call).drop('disconnected', { good: false })
    town.run(timing.restart + 2)
    expect([ann.state, bob.state]).toEqual(['reconnecting', 'reconnecting'])
    town.medium(ann.call).heal()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
    const offer = heard.find(({ what }) => what === 'offer')
    expect(offer?.at).toBeGreaterThan(began + timing.restart)
    expect(offer?.at).toBeLessThan(began + timing.restart + 100)
    town.check()
  })

  test('is seen to be gone as soon as it stands still, and is made anew no sooner for that', () => {
    const { town, ann, bob } = talking()
    const heard = listen(town)
    const say = (state: 'stalled' | 'connected') =>
      ann.drive.give({ type: 'connectivity', call: ann.call, state })
    say('stalled')
    expect([ann.state, bob.state]).toEqual(['reconnecting', 'active'])
    town.run(timing.restart - 100)
    say('connected')
    town.run(10 * SECOND)
    expect([heard, ann.state]).toEqual([[], 'active'])
    say('stalled')
    town.run(timing.restart + 100)
    expect(heard.some(({ what }) => what === 'offer')).toBe(true)
  })

  test('and known to have failed is made anew at once', () => {
    const { town, ann, bob } = talking()
    const heard = listen(town)
    town.medium(ann.call).drop('failed', { good: false })
    expect([ann.state, bob.state]).toEqual(['reconnecting', 'reconnecting'])
    town.medium(ann.call).heal()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
    expect(heard.some(({ what }) => what === 'offer')).toBe(true)
    town.check()
  })

  test('is made anew again and again, five seconds apart, and after two minutes it is lost', () => {
    const { town, ann, bob } = talking()
    const before = ann.engine
    const heard = listen(town)
    const began = town.world.now()
    town.medium(ann.call).drop('failed')
    town.run(timing.lost - 100)
    expect([ann.state, bob.state]).toEqual(['reconnecting', 'reconnecting'])
    const offers = heard
      .filter(({ what }) => what === 'offer')
      .map(({ at }) => Math.round((at - began) / SECOND))
    expect(new Set(offers)).toEqual(new Set(Array.from({ length: 24 }, (_, n) => 5 * n)))
    town.run(200)
    expect(ann.state).toMatch(/lost|they-hung-up/)
    expect(bob.state).toMatch(/lost|they-hung-up/)
    expect([before.signalling, before.refused]).toEqual(['closed', []])
  })

  test('that never came is lost after half a minute', () => {
    const town = new Town()
    const [ann, bob] = [town.person('ann'), town.person('bob')]
    ann.place(bob)
    town.run(SECOND)
    town.medium(ann.call).drop('failed')
    bob.accept()
    town.run(timing.connect - SECOND)
    expect([ann.state, bob.state]).toEqual(['connecting', 'connecting'])
    town.run(2 * SECOND)
    expect([ann.machine.alive, bob.machine.alive]).toEqual([0, 0])
    expect([ann.state, bob.state]).toContain('lost')
  })

  test('comes back over a new path when the old one went with it', () => {
    const { town, ann, bob } = talking()
    town.network.block('ann', 'bob', 'unreachable')
    town.network.cut('ann', 'bob')
    town.medium(ann.call).drop('disconnected', { good: false })
    town.run(30 * SECOND)
    expect([ann.state, bob.state]).toEqual(['reconnecting', 'reconnecting'])
    town.medium(ann.call).heal()
    town.network.unblock('ann', 'bob')
    town.run(15 * SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
    town.check()
  })
})

describe('another network', () => {
  test('makes the media anew at once, and the call does not end of it', () => {
    const { town, ann, bob } = talking()
    const before = ann.engine.pair
    ann.drive.give({ type: 'network-changed' })
    // What still flows is not shown as interrupted.
    expect(ann.state).toBe('active')
    town.run(SECOND)
    expect(ann.engine.pair).not.toEqual(before)
    const heard = listen(town)
    town.run(10 * timing.lost)
    expect([heard, ann.state, bob.state]).toEqual([[], 'active', 'active'])
  })

  test('while media is gone does not wait for the two seconds', () => {
    const { town, ann, bob } = talking()
    town.medium(ann.call).drop('disconnected', { good: false })
    ann.drive.give({ type: 'network-changed' })
    expect(ann.state).toBe('reconnecting')
    town.medium(ann.call).heal()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
  })
})

describe('both sides', () => {
  test('add tracks at the same time and both arrive', () =>
    forSeeds(100, (seed) => {
      const { town, ann, bob } = talking(seed)
      ann.engine.addTracks(1)
      town.run(town.world.random.unit() * 60)
      bob.engine.addTracks(2)
      town.run(5 * SECOND)
      expect([ann.engine.signalling, bob.engine.signalling]).toEqual(['stable', 'stable'])
      expect([bob.engine.theirTracks, ann.engine.theirTracks]).toEqual([ann.engine.tracks, bob.engine.tracks])
      expect([ann.engine.tracks, bob.engine.tracks]).toEqual([3, 2])
      town.check()
    }))

  test('find their media failed, restart at once and get along', () =>
    forSeeds(100, (seed) => {
      const { town, ann, bob } = talking(seed)
      const heard = listen(town)
      town.medium(ann.call).drop('failed', { good: false })
      town.medium(ann.call).heal()
      town.run(2 * SECOND)
      expect([ann.state, bob.state]).toEqual(['active', 'active'])
      expect(heard.filter(({ what }) => what === 'offer').length).toBeGreaterThan(0)
      town.check()
    }))

  test('offer at once: the one with the smaller id is answered, the other takes its own back', () => {
    const { town, ann, bob } = talking()
    const heard = listen(town)
    for (const each of [ann, bob]) each.drive.give({ type: 'network-changed' })
    town.run(SECOND)
    const said = heard.filter(({ what }) => what === 'offer' || what === 'answer')
    expect(said.map(({ from, what }) => `${from} ${what}`).sort()).toEqual([
      'ann offer',
      'bob answer',
      'bob offer',
    ])
  })
})

describe('a path', () => {
  /** Sets a call up while the path is cut at message `k`, if there are that many. */
  function setUp(seed: number, k: number) {
    const town = new Town(seed)
    const [ann, bob] = [town.person('ann'), town.person('bob')]
    let sent = 0
    town.network.watch = () => {
      sent += 1
      return sent !== k
    }
    ann.place(bob)
    town.run(5 * SECOND)
    expect([ann.state, bob.state]).toEqual(['ringing', 'incoming'])
    bob.accept()
    town.run(10 * SECOND)
    return { town, ann, bob, reached: sent >= k }
  }

  test('that dies at any message of the set-up only delays it', () => {
    for (const seed of [1, 2, 3]) {
      let k = 1
      for (; ; k++) {
        const { town, ann, bob, reached } = setUp(seed, k)
        expect([ann.state, bob.state], `seed ${seed}, message ${k}`).toEqual(['active', 'active'])
        town.check()
        if (!reached) break
      }
      expect(k).toBeGreaterThan(10)
    }
  })

  test('that dies at any message of the goodbye only delays it', () => {
    for (let k = 1; k <= 4; k++) {
      const { town, ann, bob } = talking(k)
      let sent = 0
      town.network.watch = () => ++sent !== k
      ann.hangUp()
      town.run(10 * SECOND)
      expect([ann.state, bob.state], `message ${k}`).toEqual(['hung-up', 'they-hung-up'])
      expect([ann.machine.nextDeadline(), bob.machine.nextDeadline()]).toEqual([undefined, undefined])
    }
  })

  test('that is followed by a second beside it brings everything twice and nothing twice', () => {
    const { town, ann, bob } = talking()
    for (let n = 0; n < 20; n++) {
      ann.mute({ audio: n % 2 === 0, video: false })
      town.network.open(n % 3 === 0 ? 'bob' : 'ann', n % 3 === 0 ? 'ann' : 'bob')
      town.run(7)
    }
    town.run(SECOND)
    expect(bob.now?.remoteMedia).toEqual({ audio: false, video: false })
    expect([ann.ignored, bob.ignored, ann.state, bob.state]).toEqual([[], [], 'active', 'active'])
    expect(town.network.streams('ann', 'bob')).toBeGreaterThan(20)
  })
})
