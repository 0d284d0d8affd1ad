/** What is heard in the moment of waking may have been said long before. */
import { expect, test } from 'vitest'
import { defaultConfig, Machine, type Message } from '#protocols/contingency/index'

const SECOND = 1_000

/** `owner` asks B to hold its state. */
function appointment(owner: string): Message {
  const epoch = { n: 5, writer: owner, session: 's' }
  const link = { owner, by: owner, to: 'B', n: 5, session: 's', rank: 1, expires: 0, proof: new Uint8Array() }
  const copy = { have: 0, digest: '0'.repeat(16) }
  return { type: 'appoint', owner, epoch, ...copy, turn: 1, rank: 1, roster: ['B'], chain: [link], bytes: 9 }
}

/** How long B waits before it takes the place of C, whose link closes just after C appointed it. */
function patience(slept: number): number {
  const machine = new Machine({ self: 'B', session: 'b', config: { ...defaultConfig, copies: 1 } })
  const hear = (from: string, at: number) =>
    machine.handle({ type: 'message', from, message: appointment(from) }, at)
  hear('A', 0)
  hear('C', slept)
  machine.handle({ type: 'closed', peer: 'C' }, slept + 1)
  let now = slept + 1
  while (machine.duty('C')?.part === 'holding' && now < slept + 60 * SECOND) {
    now = machine.nextDeadline() ?? Number.POSITIVE_INFINITY
    machine.handle({ type: 'tick' }, now)
  }
  expect(machine.duty('C')?.part).toBe('writing')
  return now - slept
}

test('whoever was given a copy as it woke lets others come first, and takes over in the end', () => {
  expect(patience(500)).toBeLessThan(SECOND)
  expect(patience(60 * SECOND)).toBeGreaterThan(8 * SECOND)
})
