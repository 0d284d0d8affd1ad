/**
 * Which link to make next and which to do without: pure choices by the keyspace.
 *
 * Law: the nearest come first and go last, on either side; all others are chosen so that every bucket of Kademlia has
 * some, because a look-up goes through the bucket of whom it looks for.
 */
import type { Millis } from '../machine.ts'
import { bucketOf, compare, type Key, nearest } from './keyspace.ts'

export interface Linked<Id> {
  readonly id: Id
  readonly key: Key
  readonly since: Millis
  /** Whom it is linked to, as it says. */
  told: readonly Key[]
}

export interface Choice<Id> {
  self: Key
  target: number
  near: number
  keeps: (id: Id) => boolean
}

/** One who would be among the nearest, or while there are few links, one from the emptiest bucket. */
export function choose<Peer extends { key: Key }>(
  own: readonly { key: Key }[],
  ready: readonly Peer[],
  { self, target, near }: Omit<Choice<unknown>, 'keeps'>,
): Peer | undefined {
  if (ready.length === 0) return undefined
  const closest = ready.reduce((best, each) => ((each.key ^ self) < (best.key ^ self) ? each : best))
  const wanted = Math.min(near, target)
  const last = own.length < wanted ? undefined : nearest(self, own, wanted).at(-1)
  if (last !== undefined && (closest.key ^ self) < (last.key ^ self)) return closest
  if (own.length >= target) return undefined
  const crowd = crowdOf(self, own)
  return ready.reduce((best, each) => (crowd(each) < crowd(best) ? each : best))
}

/** Links that both sides can do without, from the most crowded bucket and youngest first. */
export function leastNeeded<Id>(
  own: readonly Linked<Id>[],
  { self, target, near, keeps }: Choice<Id>,
): Linked<Id>[] {
  const leaves = new Set(nearest(self, own, near))
  const crowd = crowdOf(self, own)
  return (
    own
      .filter((each) => !leaves.has(each) && !isNearTo(each, self, near) && !keeps(each.id))
      // Whoever has few would make it anew.
      .filter(({ told }) => told.length > target)
      .sort((a, b) => crowd(b) - crowd(a) || b.since - a.since || compare(a.key, b.key))
  )
}

/** Whether that peer needs the link because `self` is among its nearest. Who has said nothing yet may. */
function isNearTo({ key, told }: Linked<unknown>, self: Key, near: number): boolean {
  return told.filter((each) => each !== self && (each ^ key) < (self ^ key)).length < near
}

/** How many are in the same bucket. */
function crowdOf(self: Key, own: readonly { key: Key }[]): (peer: { key: Key }) => number {
  const counts = new Map<number, number>()
  for (const { key } of own) {
    const bucket = bucketOf(self, key)
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  return ({ key }) => counts.get(bucketOf(self, key)) ?? 0
}
