/** An owner that does not come back: who stands in for it, one after the other, and until when. */
import { describe, expect, test } from 'vitest'
import { minute, second, Village } from './village.ts'

const NAMES = 'ABCDEFGHI'

/** Whoever answers for A. */
const standIn = (village: Village): string | undefined =>
  [...NAMES].find((name) => name !== 'A' && village.part(name, 'A') === 'writing')

const known = (village: Village): string[] =>
  [...NAMES].filter((name) => village.part(name, 'A') !== undefined)

/** A is gone, and each that stands in for it goes after a minute. */
function lineage(length: number, config = {}): Village {
  const village = new Village(NAMES, config)
  village.town.write(village.at('A'), { name: 'Ada' })
  village.run(minute)
  village.crash('A')
  for (let reign = 0; reign < length; reign++) {
    village.run(minute)
    village.crash(standIn(village) ?? '')
  }
  village.run(minute)
  return village
}

describe('the state of an owner that is away', () => {
  test('outlives many that stand in for it, one after the other, and is there when it returns', () => {
    const village = lineage(6)
    expect(village.holders('A', standIn(village))).toHaveLength(1)
    village.town.boot('A')
    village.run(minute)
    expect(village.read('A', 'A', 'name')).toBe('Ada')
  })

  test('is forgotten by all when its time is over, however lately they were given it', () => {
    const village = lineage(3, { keep: 5.5 * minute })
    expect(known(village).length).toBeGreaterThan(1)
    village.run(2 * minute)
    expect(known(village)).toEqual([])
  })
})

describe('a holder that slept', () => {
  /** All that it says from the moment it wakes, a long time later, with nobody to answer. */
  function wakes(ranked: number) {
    const village = new Village('ABCD')
    village.town.write(village.at('A'), { name: 'Ada' })
    village.run(minute)
    const { machine } = village.at(village.holders('A')[ranked] ?? '')
    const woke = village.town.world.now() + 10 * minute
    const said: { at: number; what: string }[] = []
    for (let at = woke; at < woke + 15 * second; at += 250) {
      for (const output of machine.handle({ type: 'tick' }, at)) {
        const { type } = output
        if ('owner' in output && output.owner !== 'A') continue
        if (type === 'send' && output.message.owner !== 'A') continue
        const what = type === 'send' ? `${output.message.type} ${output.to}` : type
        said.push({ at: at - woke, what: type === 'changed' ? output.part : what })
      }
    }
    return { said, when: (what: string) => said.find((one) => one.what === what)?.at }
  }

  test('asks the writer at once, and the registration before it takes its place', () => {
    const { when, said } = wakes(0)
    expect(said[0]).toEqual({ at: 0, what: 'probe A' })
    expect(when('seek')).toBeLessThan(5 * second)
    // Those who were awake all the while come first.
    expect(when('writing')).toBeGreaterThan(8 * second)
    expect(when('writing')).toBeLessThan(14 * second)
  })
})
