/** Both ends of a stream remember what passed: what comes out is what went in, and what repeats is short. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Listener, type Message, SLOTS, Speaker, wire } from '#protocols/contingency/index'
import { WireError } from '#protocols/wire/index'

const epoch = { n: 5, writer: 'A', session: 's1' }

describe('a message that is said again', () => {
  it('takes a few bytes, and is heard as it was', () => {
    const { say } = stream()
    expect(say(beat(1))).toBeGreaterThan(70)
    expect(say(beat(1))).toBeLessThan(20)
    expect(say(beat(2))).toBeGreaterThan(70)
    expect(say(beat(1))).toBeLessThan(20)
  })

  it('is said in full once it fell out of memory', () => {
    const { say } = stream()
    for (let have = 0; have < SLOTS; have++) say(beat(have))
    expect(say(beat(0))).toBeLessThan(20)
    say(beat(SLOTS))
    expect(say(beat(1))).toBeLessThan(20)
    expect(say(beat(0))).toBeGreaterThan(70)
  })

  it('is never one that may be large, or that carries a proof', () => {
    const { say } = stream()
    const delta = {
      type: 'delta',
      owner: 'A',
      epoch,
      from: 0,
      to: 9,
      last: true,
      entries: [],
    } satisfies Message
    expect(say(delta)).toBe(say(delta))
    const fenced = { type: 'fenced', owner: 'A', epoch, chain: [] } satisfies Message
    expect(say(fenced)).toBe(say(fenced))
  })

  it('is what was said, whatever was said between', () => {
    const spoken = fc.array(fc.oneof(fc.nat(SLOTS + 20).map(beat), fc.constant<Message>(probe)), {
      maxLength: 400,
    })
    fc.assert(fc.property(spoken, (messages) => messages.forEach(stream().say)))
  })

  it('breaks the protocol when it was not said', () => {
    const listener = new Listener()
    expect(() => listener.expand({ type: 'again', of: 0 })).toThrow(WireError)
    listener.expand(beat(1))
    expect(listener.expand({ type: 'again', of: 0 })).toEqual(beat(1))
    expect(() => listener.expand({ type: 'again', of: 1 })).toThrow(WireError)
    expect(() => listener.expand({ type: 'again', of: 200 })).toThrow(WireError)
  })
})

const probe = { type: 'probe', owner: 'A', epoch } as const

function beat(have: number): Message {
  return { type: 'beat', owner: 'A', epoch, have, digest: '0123456789abcdef' }
}

/** Says a message, expects it to be heard as it is, and tells how many bytes that took. */
function stream() {
  const [speaker, listener] = [new Speaker(), new Listener()]
  const say = (message: Message): number => {
    const bytes = wire.encode(speaker.shorten(message))
    const heard = wire.decode(bytes)
    if (heard.type === 'unknown') throw new Error('unknown')
    expect(listener.expand(heard)).toEqual(message)
    return bytes.byteLength
  }
  return { say }
}
