/** What a run takes of memory, reckoned before it begins. */
import type { Scenario } from '../scenario/scenario.ts'
import { shardsOf } from './simulation.ts'

/** Bytes: of a peer by itself, of each copy that it holds or has held for it, of its place in the DHT (measured by `bench:simulate`). */
const PEER = 4_000
const COPY = 1_000
const CONTACTS = 8_000
/** Of a process that has nothing to do yet. */
const BASE = 80_000_000

/** Of one worker, which runs one shard at a time. */
export function bytesOf(scenario: Scenario): number {
  const { nodes, contingents, lookups, away } = scenario
  const identities = away === undefined ? nodes : 2 * nodes
  const most = Math.max(
    1,
    ...scenario.faults.map((fault) => (fault.type === 'flash-crowd' ? fault.factor : 1)),
  )
  const each = PEER + 2 * contingents * COPY + (lookups > 0 ? CONTACTS : 0)
  return BASE + (identities / shardsOf(scenario)) * most * each
}
