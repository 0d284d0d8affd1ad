/** The life of a state and of those who hold it, in order: appointed, backed up, handed on, taken over, given back. */
import { expect, test } from 'vitest'
import { minute, second, Village } from './village.ts'

test('a peer appoints two others, and what it writes is with both within a round trip', () => {
  const village = new Village('ABC')
  expect(village.holders('A')).toHaveLength(2)
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(80)
  expect([village.read('B', 'A', 'name'), village.read('C', 'A', 'name')]).toEqual(['Ada', 'Ada'])
  expect(village.town.oracle.acked('A')[0]?.acked).toEqual(new Set(['B', 'C']))
  village.settle()
})

test('once all is said, nothing but beats and their answers goes over the links', () => {
  const village = new Village('ABCD')
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(2 * minute)
  village.sent.length = 0
  village.run(10 * second)
  expect(new Set(village.sent.map(({ message }) => message.type))).toEqual(new Set(['beat', 'stored']))
  // Four owners, two holders each, there and back, every second.
  expect(village.sent.length).toBeLessThanOrEqual(4 * 2 * 2 * 11)
})

test('who holds for long is appointed anew, so that its right does not grow old', () => {
  const village = new Village('ABC', { renew: minute })
  village.sent.length = 0
  village.run(2.5 * minute)
  const toB = village.sent.filter(({ from, to, message }) => {
    return from === 'A' && to === 'B' && message.type === 'appoint'
  })
  expect(toB).toHaveLength(2)
  village.settle()
})

test('a holder that says goodbye is replaced at once, by the one it names', () => {
  const village = new Village('ABCD')
  const [first = ''] = village.holders('A')
  village.leave(first)
  village.run(200)
  expect(village.holders('A')).toHaveLength(2)
  expect(village.holders('A')).not.toContain(first)
  village.settle()
})

test('an owner that says goodbye is stood in for within a moment, by metadata alone', () => {
  const village = new Village('ABC')
  village.town.write(village.at('A'), { photo: 'x'.repeat(50_000) })
  village.run(minute)
  const [first = ''] = village.holders('A')
  village.sent.length = 0
  village.leave('A')
  village.run(50)
  expect(village.part(first, 'A')).toBe('writing')
  village.run(2 * second)
  const said = village.sent.filter(({ message }) => 'owner' in message && message.owner === 'A')
  expect(said.flatMap(({ message }) => (message.type === 'delta' ? message.entries : []))).toEqual([])
  village.settle()
})

test('an owner that crashes in silence is stood in for after a beat, the margin and a question', () => {
  const village = new Village('ABC')
  village.run(minute)
  village.town.dials = { ...village.town.dials, notice: 0 }
  const [first = '', next = ''] = village.holders('A')
  village.crash('A')
  village.run(1_000 + 250 + 300 + 100)
  expect([village.part(first, 'A'), village.part(next, 'A')]).toEqual(['writing', 'holding'])
  village.settle()
})

test('rank 2 waits its turn, and takes over when rank 1 is gone, too', () => {
  const village = new Village('ABCDE')
  village.run(minute)
  village.town.dials = { ...village.town.dials, notice: 0 }
  const [first = '', next = ''] = village.holders('A')
  village.crash('A', first)
  village.run(2 * second)
  expect(village.part(next, 'A')).toBe('holding')
  village.run(3 * second)
  expect(village.part(next, 'A')).toBe('writing')
  village.settle()
})

test('who stands in says since when the owner is away, takes a message, and gives it to the owner that is back', () => {
  const village = new Village('ABC')
  village.run(minute)
  village.crash('A')
  village.run(30 * second)
  const stand = village.at(village.part('B', 'A') === 'writing' ? 'B' : 'C')
  village.sent.length = 0
  village.town.inject('S', stand, { type: 'ask', owner: 'A' })
  village.town.inject('S', stand, {
    type: 'deposit',
    owner: 'A',
    id: 'm1',
    body: Uint8Array.of(7, 0, 0, 0, 0),
  })
  const answers = village.sent.filter(({ to }) => to === 'S').map(({ message }) => message)
  expect(answers).toMatchObject([{ presence: 'away' }, { outcome: 'kept' }])
  const away = answers[0]?.type === 'tell' ? (answers[0].away ?? 0) : 0
  expect(Math.abs(away - 30 * second)).toBeLessThan(1_500)
  village.town.boot('A')
  village.run(second)
  expect(village.read('A', 'A', 'inbox/S/m1')).toBeDefined()
  village.settle()
})

test('an owner returns on another device with nothing but its identity, and has all after three round trips', () => {
  const village = new Village('ABCD')
  village.town.write(village.at('A'), { name: 'Ada', photo: 'x'.repeat(2_000) })
  village.run(minute)
  village.crash('A')
  village.run(10 * second)
  village.town.boot('A')
  village.run(3 * 2 * 30)
  expect(village.part('A', 'A')).toBe('writing')
  expect(village.read('A', 'A', 'name')).toBe('Ada')
  village.settle()
})

test('a tab that froze and wakes is fenced: it returns, and its write is merged', () => {
  const village = new Village('ABC')
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(minute)
  const tab = village.at('A')
  tab.freeze()
  village.run(minute)
  expect([village.part('B', 'A'), village.part('C', 'A')]).toContain('writing')
  tab.wake()
  village.town.write(tab, { photo: 'taken as it woke' })
  village.run(5 * second)
  expect(village.part('A', 'A')).toBe('writing')
  expect(village.read(village.holders('A')[0] ?? '', 'A', 'photo')).toBe('taken as it woke')
  village.settle()
})

test('a holder that is started again with what it had kept is a holder again', () => {
  const village = new Village('ABC')
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(minute)
  const { disk } = village.at('B')
  village.crash('B')
  village.town.boot('B', disk)
  village.run(10 * second)
  expect(village.holders('A')).toContain('B')
  village.settle()
})
