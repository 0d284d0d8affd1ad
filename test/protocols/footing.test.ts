/** When a peer can do without its entrances, and when it needs them. */
import { describe, expect, test } from 'vitest'
import { type Facts, type Footing, footingOf } from '#protocols/entrance/index'

const stands: Footing = { stands: true, falls: false }
const between: Footing = { stands: false, falls: false }
const falls: Footing = { stands: false, falls: true }

describe('footing', () => {
  const facts: Facts = { links: 8, wanted: 8, warm: 2, cold: 0, copies: 2, registered: true }
  test.each<[string, Partial<Facts>, Footing]>([
    ['with links, copies and a registration one stands', {}, stands],
    ['half the links are enough', { links: 4 }, stands],
    ['three are not, where more are wanted', { links: 3 }, between],
    ['who wants three has them', { links: 3, wanted: 3 }, stands],
    ['two peers do not stand alone, whatever they want', { links: 1, wanted: 1 }, between],
    ['nor does who wants none and has one', { links: 1, wanted: 0 }, between],
    ['one link is too few to stay away', { links: 1 }, falls],
    ['none at all, too', { links: 0, wanted: 1 }, falls],
    ['a copy that is missing', { warm: 1 }, between],
    ['a copy on its way', { warm: 1, cold: 1 }, between],
    ['a third, unwarmed copy', { cold: 1 }, between],
    ['held by nobody', { warm: 0, cold: 2 }, falls],
    ['who wants no copies is held by nobody', { warm: 0, copies: 0 }, falls],
    ['registered with nobody else', { registered: false }, between],
  ])('%s', (_, given, expected) => {
    expect(footingOf({ ...facts, ...given })).toEqual(expected)
  })
})
