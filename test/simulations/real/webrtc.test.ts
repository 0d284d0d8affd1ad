import { expect, it } from 'vitest'
import { runReal } from '../../../simulations/real/index.ts'
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
