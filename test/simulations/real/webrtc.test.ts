import { expect, it } from 'vitest'
import { runReal } from '../../../simulations/real/index.ts'
import type { Scenario } from '../../../simulations/scenario/scenario.ts'
import { quiet, staying } from './scenario.ts'

const ONSET = 14_000

it('processes that meet over WebRTC are held, stood in for when they are killed, and hand over when told to go', async () => {
  const leaving = [
    { at: 500, span: ONSET + 1_000, end: 'lost' },
    { at: 1_000, span: ONSET + 5_000, end: 'goodbye' },
  ] as const
  const sessions = [...staying(4, 4_000), ...leaving]
  const scenario = { ...quiet, nodes: 6, links: 4 }
  const [run] = await runReal(scenario, 'webrtc', () => {}, { sessions, onset: ONSET })
  expect(run?.figures).toMatchObject({ departures: 2, lossesAvoidable: 0, lossesUnavoidable: 0 })
  expect(run?.spreads['takeover']?.count).toBe(1)
  expect(run?.spreads['takeover']?.mean).toBeLessThan(10_000)
  expect(run?.spreads['handoff']?.count).toBe(1)
  expect(run?.spreads['handoff']?.mean).toBeLessThan(1_000)
  expect(run?.figures['bytesAll']).toBeGreaterThan(50)
  expect(run?.figures['bootstrapConnections']).toBeGreaterThan(0)
})

it('processes that stand still are stood in for, and go on when they are let; a newcomer is let in once the bootstrap is back', async () => {
  const faults = [
    { type: 'freeze', share: 0.34, at: 1_000, span: 6_000 },
    { type: 'bootstrap-down', at: 9_000, span: 4_000 },
  ] as const
  const scenario: Scenario = { ...quiet, nodes: 6, links: 4, hours: 40 / 3_600, lookups: 0, faults }
  const newcomer = { at: ONSET + 9_500, span: 3_600_000, end: 'goodbye' } as const
  const sessions = [...staying(6, 4_000), newcomer]
  const [run] = await runReal(scenario, 'webrtc', () => {}, { sessions, onset: ONSET })
  expect(run?.moments.find(({ at }) => at >= 12_500)).toMatchObject({ population: 7, underReplicated: 1 })
  expect(run?.figures).toMatchObject({ departures: 0, lossesAvoidable: 0, lossesUnavoidable: 0 })
  expect(run?.messages?.['probe']).toBeGreaterThan(0)
  expect(run?.moments.at(-1)).toMatchObject({ population: 7, states: 7, underReplicated: 0 })
})
