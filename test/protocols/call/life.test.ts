/** The life of a call, as two or three people live it: placed, ringing, accepted, active, over. */
import { describe, expect, test } from 'vitest'
import { timing } from '#protocols/call/index'
import { both, callId, SECOND, Town, talking } from './town.ts'

function strangers(names = ['ann', 'bob']) {
  const town = new Town()
  const people = names.map((name) => town.person(name))
  return { town, ann: people[0] as (typeof people)[0], bob: people[1] as (typeof people)[0], people }
}

describe('a call', () => {
  test('is placed, rings, is accepted, becomes active and is hung up', () => {
    const { town, ann, bob } = strangers()
    ann.place(bob, { audio: true, video: false })
    expect(ann.state).toBe('calling')
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['ringing', 'incoming'])
    expect(bob.now).toMatchObject({ name: 'ann', remoteMedia: { audio: true, video: false } })
    bob.accept({ audio: false, video: true })
    expect(bob.state).toBe('connecting')
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
    expect(ann.now).toMatchObject({ name: 'bob', remoteMedia: { audio: false, video: true } })
    town.run(3600 * SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
    bob.hangUp()
    expect(bob.state).toBe('hung-up')
    town.run(SECOND)
    expect(ann.state).toBe('they-hung-up')
    expect(ann.path).toEqual(['calling', 'ringing', 'connecting', 'active', 'ended'])
    expect(bob.path).toEqual(['incoming', 'connecting', 'active', 'ended'])
    town.check()
  })

  test('leaves nothing behind: no engine, no deadline, no stream', () => {
    const { town, ann, bob } = talking()
    ann.hangUp()
    town.run(SECOND)
    for (const { engines, machine, ignored } of [ann, bob]) {
      expect([engines.size, machine.alive, machine.nextDeadline(), ignored]).toEqual([0, 0, undefined, []])
    }
    expect([town.network.streams('ann', 'bob'), town.network.streams('bob', 'ann')]).toEqual([0, 0])
  })

  test('is declined', () => {
    const { town, ann, bob } = strangers()
    ann.place(bob)
    town.run(SECOND)
    bob.decline()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['declined', 'i-declined'])
  })

  test('is cancelled while it rings', () => {
    const { town, ann, bob } = strangers()
    ann.place(bob)
    town.run(SECOND)
    ann.hangUp()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['hung-up', 'cancelled'])
  })

  test('is cancelled before it rings, and then rings no more', () => {
    const { town, ann, bob } = strangers()
    ann.place(bob)
    ann.hangUp()
    town.run(10 * SECOND)
    expect([ann.state, bob.state, bob.machine.alive]).toEqual(['hung-up', 'cancelled', 0])
  })

  test('nobody answers ends after 45 s, on both sides', () => {
    const { town, ann, bob } = strangers()
    ann.place(bob)
    town.run(timing.ring - SECOND)
    expect([ann.state, bob.state]).toEqual(['ringing', 'incoming'])
    town.run(2 * SECOND)
    expect([ann.state, bob.state]).toEqual(['no-answer', 'cancelled'])
  })

  test('that loses its caller while it rings goes silent a little later', () => {
    const { town, ann, bob } = strangers()
    ann.place(bob)
    town.run(SECOND)
    ann.drive.stop()
    town.network.block('ann', 'bob', 'unreachable')
    town.network.cut('ann', 'bob')
    town.run(timing.ring)
    expect(bob.state).toBe('incoming')
    town.run(timing.ringGrace)
    expect(bob.state).toBe('cancelled')
  })

  test('to someone who cannot be reached ends within the time to reach', () => {
    const { town, ann, bob } = strangers()
    town.network.block('ann', 'bob', 'unreachable')
    ann.place(bob)
    town.run(timing.reach - 1)
    expect(ann.state).toBe('calling')
    town.run(2)
    expect(ann.state).toBe('unreachable')
  })

  test.each(['incompatible', 'no-entrance'] as const)('to someone %s says so', (fault) => {
    const { town, ann, bob } = strangers()
    town.network.block('ann', 'bob', fault)
    ann.place(bob)
    town.run(timing.reach + 1)
    expect(ann.state).toBe(fault)
  })

  test('finds someone who appears while it tries', () => {
    const { town, ann, bob } = strangers()
    town.network.block('ann', 'bob', 'unreachable')
    ann.place(bob)
    town.run(4 * SECOND)
    town.network.unblock('ann', 'bob')
    town.run(2 * SECOND)
    expect([ann.state, bob.state]).toEqual(['ringing', 'incoming'])
  })

  test('rings for 45 s in all, however often its path comes and goes', () => {
    const { town, ann, bob } = strangers()
    // Someone whose streams open but who never says anything.
    ann.drive.give({ type: 'place', call: callId(99), to: 'mute', media: both })
    for (let second = 0; second < 46; second++) {
      ann.drive.give({ type: 'path-up', to: 'mute' })
      ann.drive.give({ type: 'path-down', to: 'mute' })
      town.run(SECOND)
    }
    expect([ann.state, bob.state]).toEqual(['no-answer', 'none'])
  })

  test('who lost the call by a reload and calls again is not busy: the forgotten call ends and the new one rings', () => {
    const { town, bob } = talking()
    const [forgotten, fresh] = [[...bob.calls.keys()][0] ?? '', callId(99)]
    const invite = { type: 'invite', call: fresh, seq: 1, ack: 0, media: both } as const
    bob.drive.give({ type: 'message', from: 'ann', message: invite })
    town.run(SECOND)
    expect(bob.calls.get(forgotten)).toMatchObject({ phase: 'ended', end: 'they-hung-up' })
    expect(bob.calls.get(fresh)?.phase).toBe('incoming')
  })

  test('a third caller hears busy, and the call goes on', () => {
    const { town, ann, bob, people } = strangers(['ann', 'bob', 'cat'])
    const cat = people[2] as typeof ann
    ann.place(bob)
    town.run(SECOND)
    cat.place(ann)
    town.run(SECOND)
    expect(cat.state).toBe('busy')
    bob.accept()
    town.run(SECOND)
    cat.place(bob)
    town.run(10 * SECOND)
    expect([ann.state, bob.state, cat.state]).toEqual(['active', 'active', 'busy'])
    expect([ann.rang, bob.rang.length, cat.machine.nextDeadline()]).toEqual([[], 1, undefined])
  })

  test('beyond the capacity is not placed', () => {
    const { ann, bob } = talking()
    ann.place(bob)
    expect([ann.calls.size, ann.machine.alive]).toEqual([1, 1])
  })

  test('can be followed by another at once', () => {
    const { town, ann, bob } = talking()
    ann.hangUp()
    bob.hangUp()
    ann.place(bob)
    town.run(2 * SECOND)
    expect([ann.state, bob.state]).toEqual(['ringing', 'incoming'])
    bob.accept()
    town.run(2 * SECOND)
    expect([ann.state, bob.state]).toEqual(['active', 'active'])
  })

  test('tells the other side of a muted microphone, once', () => {
    const { town, ann, bob } = talking()
    const said: string[] = []
    town.network.watch = (from, _, { type }) => {
      said.push(`${from} ${type}`)
      return true
    }
    ann.mute({ audio: false, video: true })
    ann.mute({ audio: false, video: true })
    town.run(SECOND)
    expect(bob.now?.remoteMedia).toEqual({ audio: false, video: true })
    expect(said).toEqual(['ann media-state', 'bob ack'])
  })

  test('whose other side breaks the protocol has failed', () => {
    const { town, ann, bob } = talking()
    ann.drive.give({ type: 'path-down', to: 'bob', fault: 'broken' })
    expect(ann.state).toBe('failed')
    town.run(10 * SECOND)
    expect(bob.state).toBe('they-hung-up')
  })
})

describe('hanging up wins', () => {
  test.each([
    ...['calling', 'ringing', 'connecting', 'active', 'reconnecting'].map((phase) => ['ann', phase]),
    ...['incoming', 'connecting', 'active', 'reconnecting'].map((phase) => ['bob', phase]),
  ] as [string, string][])('when %s does so in phase %s', (who, phase) => {
    const { town, people, ann, bob } = strangers()
    const person = people.find(({ id }) => id === who) as typeof ann
    ann.place(bob)
    const steps = [
      () => town.run(SECOND),
      () => bob.accept(),
      // The caller is `connecting` from the moment that `accept` comes until media flows.
      () => town.run(35),
      () => town.run(SECOND),
      () => town.medium(ann.call).drop('disconnected'),
      () => town.run(timing.restart + SECOND),
    ]
    while (person.state !== phase) steps.shift()?.()
    person.hangUp()
    expect(person.state).toBe(phase === 'incoming' ? 'i-declined' : 'hung-up')
    town.run(10 * SECOND)
    for (const { machine, engines } of people) {
      expect([machine.alive, machine.nextDeadline(), engines.size]).toEqual([0, undefined, 0])
    }
  })

  test('over an answer on its way', () => {
    const { town, ann, bob } = strangers()
    ann.place(bob)
    town.run(SECOND)
    bob.accept()
    ann.hangUp()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['hung-up', 'cancelled'])
  })

  test('when both do so at once', () => {
    const { town, ann, bob } = talking()
    ann.hangUp()
    bob.hangUp()
    town.run(SECOND)
    expect([ann.state, bob.state]).toEqual(['hung-up', 'hung-up'])
    expect([ann.machine.nextDeadline(), bob.machine.nextDeadline()]).toEqual([undefined, undefined])
  })

  test('without a path: the other side hears it when one comes', () => {
    const { town, ann, bob } = talking()
    town.network.block('ann', 'bob', 'unreachable')
    town.network.cut('ann', 'bob')
    town.run(SECOND)
    ann.hangUp()
    town.run(2 * SECOND)
    expect(bob.state).toBe('active')
    town.network.unblock('ann', 'bob')
    town.run(9 * SECOND)
    expect(bob.state).toBe('they-hung-up')
  })

  test('after more was said than could be sent', () => {
    const { town, ann, bob } = talking()
    town.network.block('ann', 'bob', 'unreachable')
    town.network.cut('ann', 'bob')
    town.run(SECOND)
    for (let n = 0; n < 500; n++) ann.mute({ audio: n % 2 === 1, video: true })
    expect(ann.state).toBe('lost')
    town.network.unblock('ann', 'bob')
    town.run(9 * SECOND)
    expect(bob.state).toBe('they-hung-up')
  })
})
