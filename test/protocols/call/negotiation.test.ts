/** Perfect negotiation without a browser: which description is made, answered, ignored or dropped. */
import { describe, expect, test } from 'vitest'
import { Courier, Negotiation, timing } from '#protocols/call/index'

const offer = (round: number) => ({ kind: 'offer', round, sdp: 'theirs' }) as const
const answer = (round: number) => ({ kind: 'answer', round, sdp: 'theirs' }) as const
const made = (kind: 'offer' | 'answer', round: number) => ({ kind, round, sdp: 'ours' }) as const

describe('an offer', () => {
  test('is made, sent and settled by its answer', () => {
    const negotiation = new Negotiation(false)
    expect(negotiation.need(false)).toEqual([{ type: 'offer', round: 1, restart: false }])
    expect(negotiation.described(made('offer', 1)).send).toEqual(made('offer', 1))
    expect(negotiation.takeDescription(answer(1))).toEqual([{ type: 'settle', sdp: 'theirs' }])
  })

  test('is not settled by the answer to another', () => {
    const negotiation = new Negotiation(true)
    negotiation.need(false)
    negotiation.described(made('offer', 1))
    expect(negotiation.takeDescription(answer(0))).toEqual([])
    expect(negotiation.takeDescription(answer(2))).toEqual([])
    expect(negotiation.takeDescription(answer(1))).toEqual([{ type: 'settle', sdp: 'theirs' }])
    expect(negotiation.takeDescription(answer(1))).toEqual([])
  })

  test('that is wanted while one is under way follows it, with a restart if anyone wanted that', () => {
    const negotiation = new Negotiation(false)
    negotiation.need(false)
    expect([...negotiation.need(true), ...negotiation.need(false)]).toEqual([])
    negotiation.described(made('offer', 1))
    expect(negotiation.takeDescription(answer(1))).toContainEqual({ type: 'offer', round: 2, restart: true })
  })

  test('that is wanted follows one that failed, and one that failed is not repeated', () => {
    const negotiation = new Negotiation(false)
    negotiation.need(false)
    negotiation.need(true)
    expect(negotiation.failed()).toEqual([{ type: 'offer', round: 2, restart: true }])
    expect(negotiation.failed()).toEqual([])
  })
})

describe('two offers that cross', () => {
  test('leave the impolite one standing: theirs and its candidates are ignored', () => {
    const negotiation = new Negotiation(false)
    negotiation.need(false)
    expect(negotiation.takeDescription(offer(1))).toEqual([])
    expect(negotiation.takeCandidate({ candidate: 'x' })).toEqual([])
    expect(negotiation.described(made('offer', 1)).send).toEqual(made('offer', 1))
    expect(negotiation.takeDescription(answer(1))).toEqual([{ type: 'settle', sdp: 'theirs' }])
    expect(negotiation.takeCandidate({ candidate: 'y' })).toHaveLength(1)
  })

  test('have the polite one answer, and its own is not sent even if it was being made', () => {
    const negotiation = new Negotiation(true)
    negotiation.need(false)
    expect(negotiation.takeDescription(offer(1))).toEqual([{ type: 'answer', sdp: 'theirs', round: 1 }])
    expect(negotiation.described(made('offer', 1)).send).toBeUndefined()
    expect(negotiation.described(made('answer', 1)).send).toEqual(made('answer', 1))
  })
})

describe('the courier', () => {
  test('keeps what it sent until that is acknowledged, and says it again in order', () => {
    const courier = new Courier({ call: 'call' })
    const sent = [courier.enclose({ type: 'ringing' }), courier.enclose({ type: 'hangup' })]
    expect(courier.again()).toEqual(sent)
    expect(courier.take({ type: 'ack', call: 'call', seq: 0, ack: 1 }, 0)).toBe(true)
    expect(courier.again()).toEqual(sent.slice(1))
  })

  test('acknowledges with what it says, or else by itself after a while, once', () => {
    const courier = new Courier({ call: 'call' })
    expect(courier.settle(1000)).toBeUndefined()
    expect(courier.take({ type: 'ringing', call: 'call', seq: 1, ack: 0 }, 1000)).toBe(true)
    expect(courier.enclose({ type: 'ringing' })?.ack).toBe(1)
    expect(courier.settle(1000 + timing.ack)).toBeUndefined()
    // What comes twice is acknowledged twice: the first acknowledgement may be lost.
    expect(courier.take({ type: 'ringing', call: 'call', seq: 1, ack: 1 }, 2000)).toBe(false)
    expect(courier.nextDeadline()).toBe(2000 + timing.ack)
    expect(courier.settle(2000 + timing.ack - 1)).toBeUndefined()
    expect(courier.settle(2000 + timing.ack)?.ack).toBe(1)
    expect(courier.settle(Number.POSITIVE_INFINITY)).toBeUndefined()
  })
})
