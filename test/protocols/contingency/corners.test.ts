/** The corners: what must hold where a plain design breaks. Each is a story on virtual time, watched by the oracle. */
import { describe, expect, test } from 'vitest'
import type { Message } from '#protocols/contingency/index'
import { defaultConfig } from '#protocols/contingency/index'
import { calm } from '../../../simulations/contingency/town.ts'
import { minute, second, Village } from './village.ts'

describe('few peers', () => {
  test('one alone writes at once, and has nobody to appoint', () => {
    const village = new Village('A')
    village.town.write(village.at('A'), { name: 'Ada' })
    expect(village.part('A', 'A')).toBe('writing')
    expect(village.holders('A')).toEqual([])
    village.settle()
  })

  test('two hold each other, and each stands in for the other', () => {
    const village = new Village('AB')
    village.town.write(village.at('A'), { name: 'Ada' })
    village.run(minute)
    expect([village.holders('A'), village.holders('B')]).toEqual([['B'], ['A']])
    village.crash('A')
    village.run(minute)
    expect(village.part('B', 'A')).toBe('writing')
    village.town.boot('A')
    village.run(second)
    expect(village.read('A', 'A', 'name')).toBe('Ada')
    village.settle()
  })

  test('three in a circle: two leave together, the third keeps all, and gives it back', () => {
    const village = new Village('ABC')
    village.town.write(village.at('A'), { name: 'Ada' })
    village.town.write(village.at('B'), { name: 'Bob' })
    village.run(minute)
    village.leave('A', 'B')
    village.run(minute)
    expect([village.part('C', 'A'), village.part('C', 'B')]).toEqual(['writing', 'writing'])
    village.town.boot('A')
    village.town.boot('B')
    village.run(30 * second)
    expect([village.read('A', 'A', 'name'), village.read('B', 'B', 'name')]).toEqual(['Ada', 'Bob'])
    village.settle()
  })
})

test('both holders leave together: the owner finds two others, and nothing was ever without a copy', () => {
  const village = new Village('ABCDE')
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(minute)
  const before = village.holders('A')
  village.leave(...before)
  village.run(10 * second)
  const after = village.holders('A')
  expect(after).toHaveLength(2)
  expect(after.filter((id) => before.includes(id))).toEqual([])
  expect(after.map((id) => village.read(id, 'A', 'name'))).toEqual(['Ada', 'Ada'])
  village.settle()
})

describe('where a crash is noticed by silence alone', () => {
  const quiet = (names: string) => {
    const village = new Village(names, { copies: 1 })
    village.town.dials = { ...calm, notice: 0 }
    village.town.write(village.at('A'), { name: 'Ada' })
    village.run(minute)
    return village
  }

  test('who stands in does not ask the very one whose silence made it stand in, until that is there again', () => {
    const village = quiet('ABC')
    const [former] = village.holders('A') as [string]
    village.crash('A')
    village.run(minute)
    const [heir] = village.holders('A', former) as [string]
    village.crash(former)
    village.sent.length = 0
    village.run(3 * second)
    expect(village.part(heir, 'A')).toBe('writing')
    expect(village.sent.filter(({ message }) => message.type === 'appoint')).toEqual([])
    village.town.boot(former)
    village.run(minute)
    expect(village.holders('A', heir)).toEqual([former])
    village.settle()
  })

  test('who leaves while it has asked somebody that is gone leaves its state to others', () => {
    const village = quiet('ABCDE')
    const [holder] = village.holders('A') as [string]
    let asked: string | undefined
    village.town.watch = (from, to, message) => {
      if (from.id !== 'A' || message.type !== 'appoint' || message.owner !== 'A' || asked !== undefined)
        return
      asked = to
      village.town.world.after(0, () => {
        village.crash(to)
        village.leave('A')
      })
    }
    village.crash(holder)
    village.run(minute)
    expect(asked).toBeDefined()
    const left = [...'BCDE'].filter((name) => name !== holder && name !== asked)
    expect(left.map((name) => village.part(name, 'A')).toSorted()).toEqual(['holding', 'writing'])
    village.town.boot('A')
    village.run(minute)
    expect(village.read('A', 'A', 'name')).toBe('Ada')
    village.settle()
  })
})

test('one who has just come, writes and leaves before anybody has its copy, finds everything when it is back', () => {
  const village = new Village('ABCD')
  let gone = false
  village.town.watch = (from, _to, { type }) => {
    if (gone || from.id !== 'E' || type !== 'appoint') return
    gone = true
    village.town.world.after(0, () => village.leave('E'))
  }
  village.town.write(village.town.boot('E'), { name: 'Eve' })
  village.run(minute)
  expect(gone).toBe(true)
  village.town.boot('E')
  village.run(minute)
  expect(village.read('E', 'E', 'name')).toBe('Eve')
  village.settle()
})

describe('a handoff cut short', () => {
  /** How many messages a goodbye of the owner takes, until all is quiet. */
  const messages = (): number => {
    const village = ready()
    village.leave('A')
    village.run(5 * second)
    return village.sent.filter(({ message }) => isHandoff(message)).length
  }
  const isHandoff = ({ type }: Message) => type !== 'beat' && type !== 'stored'
  const ready = () => {
    const village = new Village('ABCD')
    village.town.write(village.at('A'), { name: 'Ada' })
    village.run(minute)
    village.sent.length = 0
    return village
  }

  test.each(Array.from({ length: messages() }, (_, at) => at + 1))(
    'at message %i, by the crash of who sends it: another goes on with all of it',
    (last) => {
      const village = ready()
      let count = 0
      village.town.watch = (from, _to, message) => {
        if (!isHandoff(message)) return
        count += 1
        if (count === last) village.town.world.after(0, () => village.town.crash(from))
      }
      village.leave('A')
      village.run(minute)
      village.town.boot('A')
      village.run(minute)
      expect(village.read('A', 'A', 'name')).toBe('Ada')
      village.settle()
    },
  )
})

test('a partition with a writer on each side, which heals: one writes, and both sides keep what was said', () => {
  const village = new Village('ABCD')
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(minute)
  const heal = village.divide('A', 'BCD')
  village.run(20 * second)
  village.town.write(village.at('A'), { photo: 'taken alone' })
  const stand = ['B', 'C', 'D'].find((id) => village.part(id, 'A') === 'writing') ?? ''
  village.town.inject('S', village.at(stand), {
    type: 'deposit',
    owner: 'A',
    id: 'm',
    body: new Uint8Array(5),
  })
  village.run(10 * second)
  heal()
  village.run(30 * second)
  expect(village.part('A', 'A')).toBe('writing')
  expect(village.part(stand, 'A')).not.toBe('writing')
  expect(village.read('A', 'A', 'inbox/S/m')).toBeDefined()
  expect(village.read(village.holders('A')[0] ?? '', 'A', 'photo')).toBe('taken alone')
  village.settle()
})

test('a way that is closed in one direction only: who is not heard by one is heard by another, and stays', () => {
  const village = new Village('ABC')
  village.run(minute)
  const [first = ''] = village.holders('A')
  const heal = village.divide('A', first, false)
  village.run(4 * second)
  expect([village.part('B', 'A'), village.part('C', 'A')]).not.toContain('writing')
  heal()
  village.settle()
})

test('messages that are lost, doubled, late and out of order cost time and nothing else', () => {
  const village = new Village('ABCD')
  village.town.dials = { ...village.town.dials, loss: 0.1, double: 0.3, overtaken: 0.3, jitter: 200 }
  for (let write = 0; write < 20; write++) {
    village.town.write(village.at('A'), { name: `Ada ${write}` })
    village.run(second)
  }
  village.town.dials = { ...village.town.dials, loss: 0, double: 0, overtaken: 0, jitter: 10 }
  village.run(minute)
  expect(village.holders('A').map((id) => village.read(id, 'A', 'name'))).toEqual(['Ada 19', 'Ada 19'])
  village.settle()
})

test('a contingent that is full refuses, and another is found; nobody holds more than it wants', () => {
  const village = new Village('')
  const small = { ...defaultConfig, capacity: { owners: 1, bytes: 1_000_000 } }
  for (const name of 'ABCDEF') village.town.boot(name, new Map(), name < 'D' ? small : defaultConfig)
  village.run(2 * minute)
  for (const name of 'ABCDEF') expect(village.holders(name)).toHaveLength(2)
  for (const name of 'ABC') expect(village.at(name).machine.holding.length).toBeLessThanOrEqual(1)
  village.settle()
})

test('a contingent that says that it has what it has not: its digest gives it away, and it is given all again', () => {
  const village = new Village('ABC')
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(minute)
  const own = village.at('B').disk.get('B')
  village.crash('B')
  village.town.boot('B', own === undefined ? new Map() : new Map([['B', own]]))
  village.run(10 * second)
  expect(village.read('B', 'A', 'name')).toBe('Ada')
  village.settle()
})

test.each([500, 5_000, 600_000])('a clock that jumps by %i ms takes nobody over who is there', (jump) => {
  const village = new Village('ABC')
  village.run(minute)
  village.at('B').jump(jump)
  village.run(minute)
  expect([village.part('A', 'A'), village.part('B', 'A')]).toEqual(['writing', 'holding'])
  village.settle()
})

test('an owner with two tabs open: the later one writes, the former knows, and nothing acknowledged is lost', () => {
  const village = new Village('ABC')
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(minute)
  const former = village.at('A')
  const later = village.town.boot('A')
  village.run(30 * second)
  expect(later.machine.duty('A')?.part).toBe('writing')
  expect(former.machine.duty('A')?.part).toBe('superseded')
  village.town.write(later, { name: 'Ada of the second tab' })
  village.run(minute)
  village.town.crash(former)
  expect(village.read('B', 'A', 'name')).toBe('Ada of the second tab')
  village.settle()
})
