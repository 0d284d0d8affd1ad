/**
 * What theory allows: bounds and expectations that a run's figures are held against.
 */
import { type Config, defaultConfig } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import { distribution } from '../chance/distributions.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { Latency, mix } from './latency.ts'

/** Pairs, and look-ups, that a mean is taken of. */
const PAIRS = 2_001
const LOOKUPS = 1_500
const BITS = 32

/** Median round trip of two peers, in milliseconds. */
export function medianRoundTrip(scenario: Scenario): Millis {
  const random = new Random(1)
  const latency = new Latency(scenario, random.bits())
  const trips = Array.from({ length: PAIRS }, () => {
    const [a, b] = [latency.place(random.bits(), random), latency.place(random.bits(), random)]
    return latency.roundTrip(a, b)
  })
  return trips.sort((a, b) => a - b)[PAIRS >> 1] as Millis
}

/** Mean of the delay one way, with jitter and the repetition of what is lost. */
export function meanDelay(scenario: Scenario): Millis {
  const random = new Random(2)
  const latency = new Latency(scenario, random.bits())
  let sum = 0
  for (let pair = 0; pair < PAIRS; pair++) {
    const [a, b] = [latency.place(random.bits(), random), latency.place(random.bits(), random)]
    sum += latency.delay(a, b, random)
  }
  return sum / PAIRS
}

/** T/2 + delay + margin: the mean time from a crash until a partner notices. */
export function detectionBound(scenario: Scenario, config: Config = defaultConfig): Millis {
  return config.beat / 2 + meanDelay(scenario) + marginOf(scenario, config)
}

/**
 * The window in which no protocol with these heartbeats could have copied a state anew: the longest that a silence goes
 * unnoticed, the question to another and its answer, and the state on its way.
 */
export function windowOf(scenario: Scenario, config: Config = defaultConfig): Millis {
  const copying = 3 * meanDelay(scenario) + (scenario.stateBytes / scenario.bandwidth) * 1_000
  return config.beat + meanDelay(scenario) + marginOf(scenario, config) + copying
}

function marginOf({ jitter }: Scenario, config: Config): Millis {
  return Math.min(Math.max(config.margin, (4 / 3) * jitter), config.marginMax)
}

/**
 * Losses of a state in the time of a mean session: one of its `c` copies crashes, and all others do within the window `w`:
 * c·f^c·(w/s)^(c−1). @param window in milliseconds
 */
export function lossesPerSession(scenario: Scenario, window: Millis, meanSession: Millis): number {
  const c = scenario.contingents + 1
  return c * scenario.ungraceful ** c * (window / meanSession) ** (c - 1)
}

/** Mean session in milliseconds. */
export function meanSession({ session }: Scenario): Millis {
  return distribution(session).mean * 1_000
}

/**
 * Mean rounds of a look-up in a Kademlia of this size in which nobody comes or goes and every bucket is full: `k` peers at
 * random of each. Counted until the target is told of; 0 if it is in one's own table.
 */
export function idealRounds({ nodes, kademlia: { k, alpha } }: Scenario, seed = 3): number {
  const random = new Random(seed)
  const keys = Uint32Array.from({ length: nodes }, () => random.bits()).sort()
  let rounds = 0
  for (let n = 0; n < LOOKUPS; n++) {
    const [from, to] = [random.below(nodes), random.below(nodes)]
    if (from !== to) rounds += roundsOf(keys, keys[from] as number, keys[to] as number, k, alpha)
  }
  return rounds / LOOKUPS
}

function roundsOf(keys: Uint32Array, from: number, to: number, k: number, alpha: number): number {
  const asked = new Set([from])
  let known = toldBy(keys, from, to, k)
  for (let rounds = 0; ; rounds++) {
    if (known.includes(to)) return rounds
    const next = known.filter((key) => !asked.has(key)).slice(0, alpha)
    if (next.length === 0) return rounds
    for (const key of next) asked.add(key)
    const told = next.flatMap((key) => toldBy(keys, key, to, k))
    const near = (key: number) => (key ^ to) >>> 0
    known = [...new Set([...known, ...told])].sort((a, b) => near(a) - near(b)).slice(0, k)
  }
}

/** The `k` nearest to `to` that the peer at `self` has in its table. Bucket by bucket, from the target's outward. */
function toldBy(keys: Uint32Array, self: number, to: number, k: number): number[] {
  const found: number[] = []
  const depth = self === to ? BITS : Math.clz32(self ^ to)
  // The target's own bucket first, then those that are nearer to oneself, all as far from the target; then the others.
  const order = [depth]
  for (let at = depth + 1; at < BITS; at++) order.push(at)
  for (let at = depth - 1; at >= 0; at--) order.push(at)
  for (const at of order) {
    if (at >= BITS) continue
    found.push(...bucketOf(keys, self, at, k))
    if (found.length >= k && at <= depth) break
    if (at > depth && rangeOf(keys, self, at).size === 0) continue
  }
  const near = (key: number) => (key ^ to) >>> 0
  return found.sort((a, b) => near(a) - near(b)).slice(0, k)
}

function bucketOf(keys: Uint32Array, self: number, depth: number, k: number): number[] {
  const { low, size } = rangeOf(keys, self, depth)
  if (size <= k) return [...keys.subarray(low, low + size)]
  const chosen = new Set<number>()
  for (let draw = 0; chosen.size < k; draw++) {
    chosen.add(
      keys[
        low + (mix(self + Math.imul(depth + 1, 0x9e3779b1) + Math.imul(draw, 0x85ebca6b)) % size)
      ] as number,
    )
  }
  return [...chosen]
}

/** Of the sorted keys those that share `depth` bits with `self` and not the next one. */
function rangeOf(keys: Uint32Array, self: number, depth: number): { low: number; size: number } {
  const width = 2 ** (BITS - 1 - depth)
  const begin = Math.floor(self / (2 * width)) * 2 * width
  const mine = Math.floor(self / width) * width
  const other = mine === begin ? begin + width : begin
  const low = firstFrom(keys, other)
  return { low, size: firstFrom(keys, other + width) - low }
}

function firstFrom(keys: Uint32Array, bound: number): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as number) < bound) low = middle + 1
    else high = middle
  }
  return low
}
