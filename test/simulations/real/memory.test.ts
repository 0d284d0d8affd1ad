import { describe, expect, it } from 'vitest'
import { runReal } from '../../../simulations/real/index.ts'
import type { Run } from '../../../simulations/report/run.ts'
import type { Scenario } from '../../../simulations/scenario/scenario.ts'
import type { Session } from '../../../simulations/scenario/trace.ts'
import { quiet, staying } from './scenario.ts'

/** What is counted begins then, in milliseconds: everyone is linked and held. */
const ONSET = 9_000

describe('real peers in one process', () => {
  it('hold each other, stand in for one that falls silent and for one that says goodbye, and lose nothing', async () => {
    const one = (end: Session['end'], at: number): Session => ({ at: 1_000, span: at - 1_000, end })
    const sessions = [...staying(9, 3_000), one('lost', ONSET + 1_500), one('goodbye', ONSET + 6_000)]
    const said: string[] = []
    const {
      figures,
      spreads,
      messages = {},
      complete,
    } = await play(quiet, sessions, (line) => said.push(line))
    expect(complete).toBe(true)
    expect(figures).toMatchObject({ sessions: 11, departures: 2 })
    // The silent one wrote its own state: somebody noticed after a beat or two, and then took its place.
    expect(spreads['detection']?.mean).toBeGreaterThan(300)
    expect(spreads['takeover']?.count).toBe(1)
    expect(spreads['takeover']?.mean).toBeGreaterThan(spreads['detection']?.mean ?? Infinity)
    expect(spreads['takeover']?.mean).toBeLessThan(5_000)
    // A goodbye takes one way, not a patience.
    expect(spreads['handoff']?.count).toBe(1)
    expect(spreads['handoff']?.mean).toBeLessThan(600)
    expect(spreads['underReplicated']?.count).toBeGreaterThan(0)
    expect(figures).toMatchObject({ lossesAvoidable: 0, lossesUnavoidable: 0, falseTakeovers: 0 })
    expect(figures['lookupSuccess']).toBeGreaterThan(0.8)
    // Two holders each, a beat in a second on an otherwise silent link.
    expect(messages['beat']).toBeGreaterThan(1)
    expect(messages['beat']).toBeLessThan(4)
    expect(figures['bytesAll']).toBeGreaterThan(100)
    expect(figures).toMatchObject({ bootstrapConnections: null, callSetup: null, bytesLookup: null })
    expect(said.some((line) => line.includes('11 peers, 11 states'))).toBe(true)
  })

  it('lose states when most crash at one moment, which is seen', async () => {
    const faults = [{ type: 'kill', share: 0.75, at: 1_000 }] as const
    const scenario: Scenario = { ...quiet, hours: 6 / 3_600, faults }
    const { figures, moments, happenings } = await play(scenario, staying(12, 3_000))
    expect(figures['departures']).toBe(9)
    expect(figures['lossesUnavoidable']).toBeGreaterThan(0)
    expect(moments.at(-1)?.population).toBe(3)
    expect(moments.at(-1)?.states).toBeLessThan(12)
    expect(happenings).toEqual([{ at: 1_000, span: 0, what: 'kill' }])
  })

  it('stand in for those that are cut off, and find back to one writer when the cut is healed', async () => {
    const faults = [{ type: 'partition', share: 0.25, at: 1_000, span: 8_000 }] as const
    const scenario: Scenario = { ...quiet, hours: 22 / 3_600, lookups: 0, faults }
    const { figures, moments, messages = {}, happenings } = await play(scenario, staying(12, 3_000))
    expect(happenings).toEqual([{ at: 1_000, span: 8_000, what: 'partition' }])
    // Somebody asked whether a writer is there, and nobody was taken for dead who could be reached.
    expect(messages['probe']).toBeGreaterThan(0)
    expect(figures).toMatchObject({ departures: 0, lossesAvoidable: 0, lossesUnavoidable: 0 })
    expect(moments.some(({ underReplicated }) => underReplicated > 0)).toBe(false)
    expect(moments.at(-1)).toMatchObject({ population: 12, states: 12 })
    // In milliseconds, once each could hear of the other.
    expect(figures['twoClaimants']).toBeGreaterThan(0)
    expect(figures['twoClaimants']).toBeLessThan(10_000)
  })

  it('let nobody in while the bootstrap is dead, and crash by regions', async () => {
    const dead = { type: 'bootstrap-down', at: 500, span: 5_000 } as const
    const region = { type: 'region', share: 0.25, at: 12_000 } as const
    const scenario: Scenario = { ...quiet, hours: 14 / 3_600, lookups: 0, faults: [dead, region] }
    const latency = { kind: 'coordinates', width: 0.1, height: 0.01 } as const
    const newcomer: Session = { at: ONSET + 1_500, span: 3_600_000, end: 'goodbye' }
    const { figures, moments } = await play({ ...scenario, latency }, [...staying(11, 3_000), newcomer])
    const at = (millis: number) => moments.find((moment) => moment.at >= millis)
    // Whoever was there goes on; the newcomer is alone with its state until somebody introduces it.
    expect(at(5_000)).toMatchObject({ population: 12, states: 12, underReplicated: 1 })
    expect(at(11_500)).toMatchObject({ population: 12, states: 12, underReplicated: 0 })
    expect(figures['departures']).toBe(3)
    expect(moments.at(-1)?.population).toBe(9)
  })

  it('go at once when they are told to stop', async () => {
    const began = performance.now()
    const signal = AbortSignal.timeout(1_000)
    const [run] = await runReal(quiet, 'memory', () => {}, { signal, sessions: staying(3, 300), onset: 500 })
    expect(run?.complete).toBe(false)
    expect(performance.now() - began).toBeLessThan(8_000)
  })
})

describe('what the real world cannot play', () => {
  it.each([
    ['memory', { nodes: 201 }, /--nodes 201: at most 200 real peers in world memory/],
    ['webrtc', { nodes: 33 }, /--nodes 33: at most 32 real peers in world webrtc/],
    ['memory', { hours: 1.5 }, /--hours 1.5: .* at most 1/],
    ['memory', { stateBytes: 1_000_000 }, /--state-bytes 1000000: at most 524288/],
    [
      'memory',
      { faults: [{ type: 'freeze', share: 0.5, at: 0, span: 1 }] },
      /memory knows no "freeze"; it knows .*partition/,
    ],
    [
      'webrtc',
      { faults: [{ type: 'partition', share: 0.5, at: 0, span: 1 }] },
      /webrtc knows no "partition"/,
    ],
  ] as const)('is refused in a sentence: %s with %j', async (world, change, sentence) => {
    const playing = runReal({ ...quiet, ...change }, world, () => {})
    await expect(playing).rejects.toMatchObject({ code: 'bad-options' })
    await expect(playing).rejects.toThrow(sentence)
  })
})

async function play(
  scenario: Scenario,
  sessions: readonly Session[],
  say: (line: string) => void = () => {},
): Promise<Run> {
  const [run] = await runReal(scenario, 'memory', say, { sessions, onset: ONSET })
  return run as Run
}
