/** The ledger against stories whose figures one can reckon by hand: an owner `o`, and peers that hold its state. */
import { describe, expect, test } from 'vitest'
import { defaultConfig } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Context } from '../../../simulations/churn/context.ts'
import { Ledger } from '../../../simulations/churn/ledger.ts'
import type { Peer } from '../../../simulations/churn/peer.ts'
import { add } from '../../../simulations/churn/sketch.ts'
import { tally } from '../../../simulations/churn/tally.ts'
import { small } from './small.ts'

const SECOND = 1_000
const ENTRIES = [{ key: 'state', n: 1, by: 's', body: new Uint8Array(8) }]

/** A context in which only what a test says happens, and peers that say what a test has them say. */
function story({ contingents = 2 } = {}) {
  const peers: Peer[] = []
  const later: { at: Millis; act: () => void }[] = []
  const context = {
    scenario: small({
      contingents,
      keep: 600 * SECOND,
      latency: { kind: 'constant', value: 0.1 },
      jitter: 0,
    }),
    config: { ...defaultConfig, watch: 'told' },
    peers,
    byId: new Map<string, Peer>(),
    tally: tally(),
    now: 0,
    after: (wait: Millis, act: () => void) => void later.push({ at: context.now + wait, act }),
    sample: add,
  }
  const ledger = new Ledger(context as unknown as Context)
  return {
    ledger,
    counts: context.tally.counts,
    sketches: context.tally.sketches,
    tally: context.tally,
    at(second: number): void {
      const due = later.filter(({ at }) => at <= second * SECOND)
      later.splice(0, later.length, ...later.filter((one) => !due.includes(one)))
      for (const { at, act } of due) {
        context.now = at
        act()
      }
      context.now = second * SECOND
    },
    peer(id: string): Peer {
      const holds: string[] = []
      const peer = {
        ...{ id, alive: true, frozen: false, held: 0, pairs: 0, bytes: 0, holds },
        machine: { holding: holds, duty: () => undefined, duties: { partners: 0 } },
        reaches: () => true,
        beatsWith: () => 0,
      }
      peers.push(peer as unknown as Peer)
      context.byId.set(id, peer as unknown as Peer)
      return peer as unknown as Peer
    },
    holds(peer: Peer): void {
      ;(peer.machine.holding as string[]).push('o')
      ledger.keeps(peer, 'o', ENTRIES)
    },
    goes(peer: Peer, graceful: boolean): void {
      peer.alive = false
      context.byId.delete(peer.id)
      peers.splice(peers.indexOf(peer), 1)
      ledger.pass()
      ledger.gone(peer, graceful)
    },
  }
}

/** An owner that writes, and so many that hold a copy, all at the beginning. */
function held(options: { contingents?: number } = {}) {
  const told = story(options)
  const owner = told.peer('o')
  const others = ['a', 'b', 'c', 'd'].map((id) => told.peer(id))
  told.ledger.keeps(owner, 'o', ENTRIES)
  told.ledger.plays(owner, 'o', 'writing')
  for (const holder of others.slice(0, options.contingents ?? 2)) told.holds(holder)
  return { ...told, owner, others }
}

describe('a copy that is lost', () => {
  test('leaves its state with too few until there is another, and that is how long it was', () => {
    const { at, goes, holds, others, sketches, counts, ledger } = held()
    const [a, , c] = others as [Peer, Peer, Peer, Peer]
    at(10)
    goes(a, false)
    expect(ledger.underReplicated).toBe(1)
    at(12)
    holds(c)
    at(20)
    ledger.pass()
    expect([sketches.underReplicated.count, sketches.underReplicated.sum]).toEqual([1, 2 * SECOND])
    expect([counts.underMillis, counts.stateMillis]).toEqual([2 * SECOND, 20 * SECOND])
    // Two copies to begin with, and one more.
    expect(counts.bytesRepairOracle).toBe(3 * 10_000)
  })

  test('is not, if the last one to have it gave it to another at its goodbye', () => {
    for (const arrives of [true, false]) {
      const { at, goes, holds, others, counts, ledger } = held({ contingents: 1 })
      const [a, b] = others as [Peer, Peer, Peer, Peer]
      at(10)
      goes(ledger.states.get('o')?.copies[0] as Peer, true)
      at(20)
      goes(a, true)
      expect(counts.lossesUnavoidable).toBe(0)
      at(21)
      if (arrives) holds(b)
      at(30)
      expect(counts.lossesUnavoidable).toBe(arrives ? 0 : 1)
      expect(ledger.states.has('o')).toBe(arrives)
    }
  })

  test('was given up in order, and then nobody misses it', () => {
    const { at, holds, others, ledger, counts } = held()
    const [a, , c] = others as [Peer, Peer, Peer, Peer]
    holds(c)
    at(10)
    ledger.drops(a, 'o')
    expect(ledger.underReplicated).toBe(0)
    expect(counts.lossesAvoidable + counts.lossesUnavoidable + counts.lossesNewborn).toBe(0)
  })
})

describe('a state of which all copies crash', () => {
  test('within a window could not have been kept', () => {
    const { at, goes, owner, others, counts } = held()
    for (const [n, peer] of [owner, others[0], others[1]].entries()) {
      at(10 + n / 2)
      goes(peer as Peer, false)
    }
    expect([counts.lossesUnavoidable, counts.lossesAvoidable, counts.lossesNewborn]).toEqual([1, 0, 0])
  })

  test('one long after the other could have been', () => {
    const { at, goes, owner, others, counts } = held()
    for (const [n, peer] of [owner, others[0], others[1]].entries()) {
      at(10 + 20 * n)
      goes(peer as Peer, false)
    }
    expect([counts.lossesUnavoidable, counts.lossesAvoidable, counts.lossesNewborn]).toEqual([0, 1, 0])
  })

  test('one long after the other, but while they stood still, could not have been', () => {
    const { at, goes, owner, others, counts } = held()
    const all = [owner, others[0], others[1]] as Peer[]
    at(10)
    for (const peer of all) peer.pause = { since: 10 * SECOND, waiting: [], unheard: [] }
    for (const [n, peer] of all.entries()) {
      at(20 + 20 * n)
      goes(peer, false)
    }
    expect([counts.lossesUnavoidable, counts.lossesAvoidable, counts.lossesNewborn]).toEqual([1, 0, 0])
  })

  test('before there were as many as there should be was newborn', () => {
    const { at, goes, owner, ledger, counts } = newborn()
    at(1)
    goes(owner, false)
    expect(ledger.states.size).toBe(0)
    expect([counts.lossesUnavoidable, counts.lossesAvoidable, counts.lossesNewborn]).toEqual([0, 0, 1])
  })

  test('after its owner was away for as long as it is kept is none', () => {
    const { at, goes, owner, others, counts } = held()
    at(10)
    goes(owner, true)
    at(10 + 595)
    for (const peer of others.slice(0, 2)) goes(peer, false)
    expect(counts.lossesUnavoidable + counts.lossesAvoidable + counts.lossesNewborn).toBe(0)
  })
})

describe('a writer', () => {
  test('that says goodbye is followed: the handoff took so long', () => {
    const { at, goes, owner, others, ledger, sketches } = held()
    at(10)
    goes(owner, true)
    at(10.1)
    ledger.plays(others[0] as Peer, 'o', 'writing')
    expect([sketches.handoff.count, sketches.handoff.sum, sketches.takeover.count]).toEqual([1, 100, 0])
  })

  test('that crashes is stood in for: the takeover took so long, and is no false one', () => {
    const { at, goes, owner, others, ledger, sketches, counts } = held()
    at(10)
    goes(owner, false)
    at(11.5)
    ledger.plays(others[0] as Peer, 'o', 'writing')
    expect([sketches.takeover.count, sketches.takeover.sum, sketches.handoff.count]).toEqual([1, 1_500, 0])
    expect(counts.falseTakeovers).toBe(0)
  })

  test('beside another that is there is a false one, until one of them yields', () => {
    const { at, others, ledger, counts, tally: told } = held()
    at(10)
    ledger.plays(others[0] as Peer, 'o', 'writing')
    at(13)
    ledger.plays(others[0] as Peer, 'o', 'holding')
    expect([counts.falseTakeovers, told.twoWriters]).toEqual([1, 3 * SECOND])
  })
})

/** An owner alone, among others who hold nothing yet. */
function newborn() {
  const told = story()
  const owner = told.peer('o')
  for (const id of ['a', 'b', 'c']) told.peer(id)
  told.ledger.keeps(owner, 'o', ENTRIES)
  told.ledger.plays(owner, 'o', 'writing')
  return { ...told, owner }
}
