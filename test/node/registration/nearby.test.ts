/** Who is near to a peer, by what its links say. */
import { expect, it } from 'vitest'
import { keyOf } from '#node/keyspace'
import { nearby } from '#node/registration/nearby'
import { keyAt } from './drafts.ts'

const ids = await Promise.all(
  Array.from({ length: 12 }, async (_, at) => (await keyAt(at)).publicKey.toString()),
)
const [self, ben, cai, ...others] = ids as [string, string, string, ...string[]]
const distance = (peer: string) => keyOf(peer) ^ keyOf(self)
const nearestFirst = [ben, cai, ...others].sort((a, b) => (distance(a) < distance(b) ? -1 : 1))

it('are the nearest of those that are linked and of those that they are linked to, and never itself', () => {
  const neighbours = new Map([
    [ben, new Set([self, cai, ...others.slice(0, 5)])],
    [cai, new Set([self, ben, ...others.slice(3)])],
  ])
  for (const count of [1, 4, 11]) {
    expect(nearby(self, neighbours, count)).toEqual(nearestFirst.slice(0, count))
  }
})

it('is not known where too few were told of, or nobody has said anything', () => {
  expect(nearby(self, new Map([[ben, new Set([self, cai])]]), 3)).toBeUndefined()
  expect(nearby(self, new Map([[ben, new Set([self, cai])]]), 2)).toHaveLength(2)
  expect(nearby(self, new Map(), 1)).toBeUndefined()
})
