/** Who keeps what a peer registers of itself, by what its links say. */
import { expect, it } from 'vitest'
import { keyOf } from '#node/keyspace'
import { nearby } from '#node/registration/nearby'
import { keyAt } from './drafts.ts'

const ids = await Promise.all(
  Array.from({ length: 21 }, async (_, at) => (await keyAt(at)).publicKey.toString()),
)
const [self, ...others] = ids as [string, ...string[]]
const distance = (peer: string) => keyOf(peer) ^ keyOf(self)
const nearestFirst = others.sort((a, b) => (distance(a) < distance(b) ? -1 : 1))
const at = (...places: number[]) => places.map((place) => nearestFirst[place] as string)
/** Linked to those, the first of whom says that it is linked to all. */
const linkedTo = (linked: readonly string[]) =>
  new Map(linked.map((peer, place) => [peer, new Set(place === 0 ? ids : [self])]))

it('are those of the nearest that are linked, nearest first, and never itself', () => {
  expect(nearby(self, linkedTo(at(5, 0, 3, 1, 7, 12)), 8)).toEqual(at(0, 1, 3, 5, 7))
  expect(nearby(self, linkedTo(nearestFirst), 8)).toEqual(nearestFirst.slice(0, 8))
})

it('are not known where too few of the nearest are linked: one who has just come walks', () => {
  expect(nearby(self, linkedTo(at(0, 1, 2, 9, 10, 11)), 8)).toBeUndefined()
})

it('nor where too few were told of, or nobody has said anything', () => {
  const few = new Map(at(0, 1, 2, 3, 4).map((peer) => [peer, new Set([self, ...at(5, 6)])]))
  expect(nearby(self, few, 8)).toBeUndefined()
  expect(nearby(self, few, 7)).toEqual(at(0, 1, 2, 3, 4))
  expect(nearby(self, new Map(), 8)).toBeUndefined()
})
