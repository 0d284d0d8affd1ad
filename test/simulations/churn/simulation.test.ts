/** A colony in the discrete world lives through what happens to it, and the same seed tells the same story. */
import { describe, expect, test } from 'vitest'
import { shardsOf } from '../../../simulations/churn/simulation.ts'
import { run, small, tallyOf } from './small.ts'

const MINUTE = 60_000
const constant = { kind: 'constant', value: 0.1 } as const
/** Nobody comes or goes within the time of a test. */
const still = { session: { kind: 'constant', value: 10_000_000 }, latency: constant, jitter: 0 } as const

describe('a seed', () => {
  test('tells the same story twice, in pieces of whatever size, and another seed another one', () => {
    const first = tallyOf({ lookups: 30, calls: 2 }, 7)
    expect(tallyOf({ lookups: 30, calls: 2 }, 7, 17)).toEqual(first)
    expect(tallyOf({ lookups: 30, calls: 2 }, 8).hash).not.toBe(first.hash)
  })

  test('gives a large run as many shards as it has nodes for, and fewer when there are look-ups', () => {
    const shards = (lookups: number) =>
      [1_000, 4_096, 131_072, 131_073, 1_000_000].map((nodes) => shardsOf(small({ nodes, lookups })))
    expect(shards(0)).toEqual([2, 8, 256, 257, 1_954])
    // Through all of it goes a look-up.
    expect(shards(1)).toEqual([1, 1, 1, 2, 8])
    // Who came last hangs on how many come.
    expect(shardsOf(small({ nodes: 10_000, choose: 'fresh' }))).toBe(1)
    expect(shardsOf(small({ nodes: 10_000, colony: 10_000 }))).toBe(1)
    expect(shardsOf(small({ nodes: 10_000, trace: 'all at once' }))).toBe(1)
  })
})

describe('a colony in which nobody comes or goes', () => {
  const { figures } = run({ ...still, writes: 60 })

  test('keeps all copies and takes nothing over', () => {
    const none = ['lossesAvoidable', 'lossesUnavoidable', 'lossesNewborn', 'falseTakeovers', 'twoClaimants']
    for (const name of none) expect([name, figures[name]]).toEqual([name, 0])
    expect(figures['underReplicatedShare']).toBe(0)
    expect(figures['takeoverMean']).toBeNull()
  })

  test('says a beat and its answer each second on each of its pairs, and nothing else of note', () => {
    // Two holders of each state: four ends of pairs a peer, each sending half of what a pair costs.
    expect(figures['bytesMaintenance']).toBeGreaterThan(4 * 80 * 0.95)
    expect(figures['bytesMaintenance']).toBeLessThan(4 * 80 * 1.1)
    expect(figures['bytesRepair']).toBe(0)
  })

  test('loses just what chance has it lose when half of all crash at one moment', () => {
    const burst = run({
      ...still,
      nodes: 4_000,
      colony: 4_000,
      faults: [{ type: 'kill', share: 0.5, at: MINUTE }],
    })
    // One in eight of some four thousand states: five hundred, to within a tenth.
    expect(burst.figures['burstLossOverTheory']).toBeGreaterThan(0.88)
    expect(burst.figures['burstLossOverTheory']).toBeLessThan(1.12)
  })
})

describe('a colony under churn', () => {
  const { figures, spreads, moments } = run({ nodes: 300, hours: 0.5, keep: 2 * MINUTE, lookups: 12 })

  test('has as many peers as the scenario says, on the average', () => {
    expect(figures['meanPopulation']).toBeGreaterThan(300 * 0.85)
    expect(figures['meanPopulation']).toBeLessThan(300 * 1.15)
    expect(moments.at(-1)?.at).toBe(30 * MINUTE)
    // What is drawn adds up to what is printed.
    const opened = moments.reduce((sum, { links = 0 }) => sum + links, 0)
    const hours = (figures['meanPopulation'] ?? 0) * 0.5
    expect(opened / hours / (figures['linksPerHour'] ?? 0)).toBeCloseTo(1, 1)
  })

  test('notices crashes and has others stand in close to the bounds', () => {
    expect(spreads['detection']?.count).toBeGreaterThan(500)
    expect(figures['detectionOverBound']).toBeGreaterThan(0.9)
    expect(figures['detectionOverBound']).toBeLessThan(1.1)
    expect(figures['takeoverOverBound']).toBeLessThan(1.5)
  })

  test('keeps what it called backed up, with one writer', () => {
    expect(figures['overruledAcknowledged']).toBe(0)
    expect(figures['underReplicatedShare']).toBeLessThan(0.02)
  })

  test('finds who is there', () => {
    expect(figures['lookupSuccess']).toBeGreaterThan(0.97)
    expect(figures['lookupRounds']).toBeGreaterThan(0)
  })
})

describe('a fault', () => {
  test('a partition makes two writers of one state, of whom one is left when it heals', () => {
    const cut = tallyOf({
      ...still,
      faults: [{ type: 'partition', share: 0.3, at: MINUTE, span: 2 * MINUTE }],
    })
    expect(cut.counts.falseTakeovers).toBe(0)
    // While they cannot reach each other nobody has two; when they can, until one tells the other, which it does every
    // two minutes when it was in vain for long, or until they are linked. (Nothing is registered here.)
    expect(cut.twoWriters).toBeGreaterThan(0)
    expect(cut.twoWriters).toBeLessThan(2 * MINUTE)
    expect(cut.counts.conflicts).toBe(0)
  })

  test('a tab that stands still is stood in for, and has its state again when it goes on', () => {
    const frozen = tallyOf({
      ...still,
      faults: [{ type: 'freeze', share: 0.3, at: MINUTE, span: 2 * MINUTE }],
    })
    expect(frozen.counts.conflicts).toBe(0)
    expect(frozen.counts.lossesAvoidable + frozen.counts.lossesUnavoidable).toBe(0)
    expect(frozen.twoWriters).toBeLessThan(10_000)
  })

  test('tabs that stood still while others came and went find who writes for them, within seconds', () => {
    const frozen = tallyOf({
      nodes: 200,
      hours: 0.5,
      lookups: 6,
      faults: [{ type: 'freeze', share: 0.5, at: 5 * MINUTE, span: 10 * MINUTE }],
    })
    expect(frozen.counts.conflicts).toBe(0)
    expect(frozen.twoWriters).toBeLessThan(20_000)
  })

  test('a crowd comes within its minute, and all leave at the end of a call', () => {
    const crowd = run({ faults: [{ type: 'flash-crowd', factor: 10, at: MINUTE, span: MINUTE }], hours: 0.1 })
    expect(Math.max(...crowd.moments.map(({ population }) => population))).toBeGreaterThan(300)
    const end = run({
      ...still,
      faults: [{ type: 'exodus', share: 1, at: MINUTE, span: 2_000 }],
      hours: 0.05,
    })
    expect(end.moments.at(-1)?.population).toBeLessThanOrEqual(2)
  })

  test('while the bootstrap is dead nobody new comes, and then they do', () => {
    const dead = run({
      ...{ session: { kind: 'exponential', mean: 121 }, nodes: 100, keep: MINUTE / 2 },
      faults: [{ type: 'bootstrap-down', at: MINUTE, span: 3 * MINUTE }],
    })
    const at = (minutes: number) => dead.moments.findLast((moment) => moment.at <= minutes * MINUTE)
    const population = (minutes: number) => at(minutes)?.population ?? 0
    expect(population(3.9)).toBeLessThan(population(1) / 2)
    expect(population(5)).toBeGreaterThan(population(1))
    // Its anchors, and those who came within the last minute; none while it is dead.
    expect(at(0.9)?.connections).toBeGreaterThan(32)
    expect(at(0.9)?.connections).toBeLessThan(100)
    expect(at(2)?.connections).toBe(0)
    expect(at(5)?.connections).toBeGreaterThan(32)
  })
})
