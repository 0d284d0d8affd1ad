/**
 * The ideal static figure: how many rounds a look-up takes in a Kademlia (Maymounkov, Mazières 2002) in which nobody
 * comes or goes, everyone answers, and every table is as full as it may be: of each bucket `k` peers drawn at random,
 * or all if there are fewer.
 *
 * A round asks the `alpha` nearest that were not asked, of the `k` nearest that are known; each answers with the `k`
 * of its table that are nearest to the target. Counted are the rounds until the target is among the answers, 0 if it
 * is in one's own table; all pairs count, those that know each other too.
 */
import { bucketOf, type Key, nearest } from '#protocols/links/keyspace'
import type { Random } from '../../../simulations/random.ts'

export interface Ideal {
  keys: readonly Key[]
  k: number
  alpha: number
  random: Random
}

/** Pairs that are looked up, each from a peer to another: enough for the mean's third digit. */
const PAIRS = 20_000

/** The mean over random pairs of the peers at these keys. */
export function meanRounds({ keys, k, alpha, random }: Ideal, pairs = PAIRS): number {
  if (keys.length < 2) return 0
  const tables = new Map(keys.map((key) => [key, tableOf(key, keys, k, random)]))
  let rounds = 0
  for (let n = 0; n < pairs; n++) {
    const from = random.pick(keys)
    const others = keys.length - 1
    const at = random.below(others)
    const to = keys[keys[at] === from ? others : at] as Key
    rounds += roundsOf(from, to, tables, k, alpha)
  }
  return rounds / pairs
}

/** Whom a peer knows: `k` at random of each bucket. */
export function tableOf(self: Key, keys: readonly Key[], k: number, random: Random): Key[] {
  const buckets = new Map<number, Key[]>()
  for (const key of keys) {
    if (key === self) continue
    const bucket = bucketOf(self, key)
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), key])
  }
  return [...buckets.values()].flatMap((bucket) => some(bucket, k, random))
}

/** @throws Error when the look-up ends without the target, which full tables do not let happen */
export function roundsOf(
  from: Key,
  to: Key,
  tables: ReadonlyMap<Key, readonly Key[]>,
  k: number,
  alpha: number,
): number {
  const near = (keys: Iterable<Key>) =>
    nearest(
      to,
      [...keys].map((key) => ({ key })),
      k,
    ).map(({ key }) => key)
  const asked = new Set([from])
  let known = near(tables.get(from) ?? [])
  for (let rounds = 0; ; rounds++) {
    if (known.includes(to)) return rounds
    const next = known.filter((key) => !asked.has(key)).slice(0, alpha)
    if (next.length === 0) throw new Error('a look-up that leads nowhere')
    for (const key of next) asked.add(key)
    const told = next.flatMap((key) => near((tables.get(key) ?? []).filter((each) => each !== from)))
    known = near(new Set([...known, ...told]))
  }
}

/** So many of them, each as likely as the other (the beginning of a Fisher-Yates shuffle). */
export function some<T>(all: readonly T[], count: number, random: Random): T[] {
  const rest = [...all]
  const taken = Math.min(count, rest.length)
  for (let n = 0; n < taken; n++) {
    const other = n + random.below(rest.length - n)
    ;[rest[n], rest[other]] = [rest[other] as T, rest[n] as T]
  }
  return rest.slice(0, taken)
}
