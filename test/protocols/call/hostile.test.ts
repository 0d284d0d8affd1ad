/** What a peer can say that it should not: nonsense, too early, too often, for someone else's call. */
import { describe, expect, test } from 'vitest'
import {
  MAX_EARLY,
  MAX_ENDED,
  MAX_LINGERING,
  MAX_PENDING,
  type Message,
  timing,
  wire,
} from '#protocols/call/index'
import { both, callId, SECOND, Town, talking } from './town.ts'

const call = callId(7)

function invite(id = call, seq = 1): Message {
  return { type: 'invite', call: id, seq, ack: 0, media: both }
}

/** Someone who says what he likes to someone whose machine is ours. */
function stranger() {
  const town = new Town()
  const [ann, eve, bob] = [town.person('ann'), town.person('eve'), town.person('bob')]
  ann.drive.give({ type: 'path-up', to: 'eve' })
  const heard: Message[] = []
  town.network.send = (from, to, message) => {
    if (from === 'ann' && to === 'eve') heard.push(message)
  }
  return { town, ann, eve, bob, heard }
}

/** One message of each type, sequence numbers as given. */
function oneOfEach(seq: number, ack: number): Message[] {
  const head = { call, seq, ack }
  return [
    { type: 'invite', ...head, media: both },
    { type: 'ringing', ...head },
    { type: 'accept', ...head, media: both },
    { type: 'decline', ...head },
    { type: 'busy', ...head },
    { type: 'cancel', ...head },
    { type: 'description', ...head, kind: 'offer', round: 1, sdp: '{}' },
    { type: 'description', ...head, kind: 'answer', round: 1, sdp: '{}' },
    { type: 'candidate', ...head, candidate: '' },
    { type: 'media-state', ...head, media: both },
    { type: 'away', ...head },
    { type: 'rejoin', ...head, from: '0123456789abcdef', media: both },
    { type: 'welcome', ...head, media: both },
    { type: 'hangup', ...head },
    { type: 'ack', ...head },
  ]
}

describe('nonsense', () => {
  test('covers every message there is', () => {
    expect(new Set(oneOfEach(1, 0).map(({ type }) => type))).toEqual(new Set(Object.keys(wire.schemas)))
  })

  test('about a call that is not is counted; who hopes for an answer hears that it is over', () => {
    const { ann, eve, heard } = stranger()
    const all = oneOfEach(1, 0).filter(({ type }) => type !== 'invite')
    for (const message of all) eve.say(ann, message)
    expect(ann.ignored).toEqual(all.map(() => 'unknown-call'))
    expect(heard.map(({ type }) => type)).toEqual(Array(7).fill('hangup'))
    expect([ann.calls.size, ann.machine.nextDeadline()]).toEqual([0, undefined])
  })

  test('about the call of others is counted and changes nothing', () => {
    const { town, ann } = talking()
    const eve = town.person('eve')
    const before = ann.now
    for (const message of oneOfEach(0, 1000)) eve.say(ann, { ...message, call: ann.call })
    expect(ann.ignored).toEqual(Array(15).fill('not-their-call'))
    expect(ann.now).toEqual(before)
  })

  test('out of its time is counted and changes nothing', () => {
    const { ann, bob } = talking()
    const before = ann.now
    const untimely = ['invite', 'ringing', 'accept', 'decline', 'busy']
    for (const message of oneOfEach(0, 0).filter(({ type }) => untimely.includes(type))) {
      bob.say(ann, { ...message, call: ann.call })
    }
    expect(ann.ignored).toEqual(untimely.map(() => 'wrong-phase'))
    expect(ann.now).toEqual(before)
  })

  test.each([0, 2, 9, Number.MAX_SAFE_INTEGER])('an invite with number %s does not ring', (seq) => {
    const { ann, eve } = stranger()
    eve.say(ann, invite(call, seq))
    expect([ann.rang, ann.ignored, ann.machine.alive]).toEqual([[], ['not-the-first'], 0])
  })

  test('of a caller who invites again and again does not ring for longer', () => {
    const { town, ann, eve } = stranger()
    for (let seq = 1; seq <= 60; seq++) {
      eve.say(ann, invite(call, seq))
      if (seq === 50) expect(ann.state).toBe('incoming')
      town.run(SECOND)
    }
    expect([ann.state, ann.rang.length]).toEqual(['cancelled', 1])
  })

  test('a second acceptance is the first, said twice', () => {
    const { town, ann, bob } = talking()
    bob.say(ann, { type: 'accept', call: ann.call, seq: 0, ack: 0, name: 'mallory', media: both })
    bob.accept()
    town.run(SECOND)
    expect([ann.now?.name, ann.state, bob.state]).toEqual(['bob', 'active', 'active'])
  })

  test('a gap in the numbers is not acted upon', () => {
    const { ann, eve } = stranger()
    eve.say(ann, invite())
    eve.say(ann, { type: 'cancel', call, seq: 3, ack: 0 })
    expect(ann.state).toBe('incoming')
    eve.say(ann, { type: 'media-state', call, seq: 2, ack: 0, media: both })
    eve.say(ann, { type: 'cancel', call, seq: 3, ack: 0 })
    expect(ann.state).toBe('cancelled')
  })
})

describe('a call that is over', () => {
  test('does not ring again when its invite is replayed, and the caller hears that it is over', () => {
    const { town, ann, eve, heard } = stranger()
    eve.say(ann, invite())
    ann.decline()
    town.run(timing.linger + 1)
    heard.splice(0)
    for (let n = 0; n < 3; n++) eve.say(ann, invite())
    expect([ann.rang.length, ann.machine.alive, ann.ignored]).toEqual([1, 0, Array(3).fill('ended-call')])
    expect(heard.map(({ type }) => type)).toEqual(Array(3).fill('hangup'))
  })

  test('takes nothing but acknowledgements while its last word waits', () => {
    const { town, ann, eve } = stranger()
    eve.say(ann, invite())
    ann.decline()
    for (const message of oneOfEach(2, 0)) eve.say(ann, message)
    expect([ann.state, ann.machine.alive]).toEqual(['i-declined', 0])
    eve.say(ann, { type: 'ack', call, seq: 0, ack: 2 })
    expect(ann.machine.nextDeadline()).toBeUndefined()
    town.run(timing.linger)
    expect(ann.state).toBe('i-declined')
  })
})

describe('candidates before the description', () => {
  test('wait for it', () => {
    const { town, ann, bob } = stranger()
    const steps: string[] = []
    for (const type of ['candidate', 'candidate', 'description'] as const) {
      const seq = steps.push(type) + 1
      const body =
        type === 'candidate'
          ? ({ type, candidate: `${seq}`, ufrag: 'u' } as const)
          : ({ type, kind: 'offer', round: 1, sdp: '{"ufrag":"u","tracks":2}' } as const)
      if (seq === 2) bob.say(ann, invite())
      bob.say(ann, { ...body, call, seq, ack: 0 })
    }
    ann.accept()
    town.run(SECOND)
    expect(ann.engine.signalling).toBe('stable')
    expect(ann.engine.pair?.remote).toBe('u')
    town.check()
  })

  test('wait in a place that has an end', () => {
    const { town, ann, bob } = stranger()
    bob.say(ann, invite())
    for (let seq = 2; seq < 1000; seq++) {
      bob.say(ann, { type: 'candidate', call, seq, ack: 0, candidate: `${seq}`, ufrag: 'u' })
    }
    ann.accept()
    bob.say(ann, {
      type: 'description',
      call,
      seq: 1000,
      ack: 0,
      kind: 'offer',
      round: 1,
      sdp: '{"ufrag":"u","tracks":2}',
    })
    const added = town.world.trace.join('').match(/"add-candidate"/g) ?? []
    expect(added.length).toBe(MAX_EARLY)
  })
})

describe('a flood', () => {
  test('of offers before an answer is cut', () => {
    const { town, ann, eve } = stranger()
    eve.say(ann, invite())
    for (let seq = 2; seq < 1000; seq++) {
      const offer = { kind: 'offer', round: seq, sdp: '{"ufrag":"u","tracks":2}' } as const
      eve.say(ann, { type: 'description', call, seq, ack: 0, ...offer })
    }
    ann.accept()
    const answers = town.world.trace.join('').match(/"type":"answer"/g) ?? []
    expect(answers.length).toBe(MAX_EARLY + 1)
  })

  test('of calls that are given up at once leaves a bounded rest, and none after a while', () => {
    const { town, ann, eve, heard } = stranger()
    for (let n = 0; n < 500; n++) {
      eve.say(ann, invite(callId(n)))
      eve.say(ann, { type: 'cancel', call: callId(n), seq: 2, ack: 0 })
    }
    expect(ann.rang.length).toBe(500)
    // What lingers is what goes out again on a new path: a word or two of each session.
    heard.splice(0)
    ann.drive.give({ type: 'path-up', to: 'eve' })
    expect(new Set(heard.map((message) => message.call)).size).toBe(MAX_LINGERING)
    town.run(timing.linger + 1)
    expect([ann.machine.alive, ann.machine.nextDeadline()]).toEqual([0, undefined])
    // The latest are remembered; the oldest would ring again.
    const rings = (n: number) => {
      ann.rang.length = 0
      eve.say(ann, invite(callId(n)))
      return ann.rang.length === 1
    }
    for (let n = 499; n > 499 - MAX_ENDED; n--) expect(rings(n), `call ${n}`).toBe(false)
    expect(rings(499 - MAX_ENDED)).toBe(true)
  })

  test('of invites while one rings is answered with busy, and nothing is kept', () => {
    const { ann, eve, heard } = stranger()
    eve.say(ann, invite())
    for (let n = 100; n < 1100; n++) eve.say(ann, invite(callId(n)))
    expect([ann.rang.length, ann.machine.alive]).toEqual([1, 1])
    expect(heard.filter(({ type }) => type === 'busy').length).toBe(1000)
    heard.splice(0)
    ann.drive.give({ type: 'path-up', to: 'eve' })
    expect(heard.map(({ type }) => type)).toEqual(['ringing'])
  })

  test('of changes that nobody acknowledges ends the call, with a last word', () => {
    const { ann, eve, heard } = stranger()
    eve.say(ann, invite())
    ann.accept()
    for (let n = 0; n < 2 * MAX_PENDING; n++) ann.mute({ audio: n % 2 === 1, video: true })
    expect(ann.state).toBe('lost')
    expect(heard.length).toBe(MAX_PENDING + 1)
    expect(heard.at(-1)?.type).toBe('hangup')
  })
})
