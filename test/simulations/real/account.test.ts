import { describe, expect, it } from 'vitest'
import { Account } from '../../../simulations/real/account.ts'
import { Reach } from '../../../simulations/real/reach.ts'
import { sessionsOf } from '../../../simulations/real/sessions.ts'
import { quiet } from './scenario.ts'

describe('the account of a mesh', () => {
  it('counts how long a state has too few copies, and who takes its writer\u2019s place', () => {
    const { account, wait } = held()
    wait(1_000)
    account.went('ana', false)
    wait(1_200)
    account.heard('ben', { type: 'suspects', writer: 'ana' })
    wait(300)
    account.heard('ben', { type: 'plays', owner: 'ana', part: 'writing' })
    wait(500)
    account.heard('dora', { type: 'keeps', owner: 'ana' })
    const { counts, sketches } = account.close(3_000, true)
    expect(sketches.detection).toMatchObject({ count: 1, sum: 1_200 })
    expect(sketches.takeover).toMatchObject({ count: 1, sum: 1_500 })
    expect(sketches.underReplicated.max).toBe(2_000)
    expect(sketches.handoff.count).toBe(0)
    expect(counts).toMatchObject({ departures: 1, falseTakeovers: 0, underMillis: 2_000, stateMillis: 3_000 })
  })

  it('takes a goodbye for a handoff, and a takeover from one that is there for a false one', () => {
    const { account, wait } = held()
    account.heard('ben', { type: 'plays', owner: 'ana', part: 'writing' })
    wait(400)
    account.heard('ben', { type: 'plays', owner: 'ana', part: 'holding' })
    account.went('ana', true)
    wait(50)
    account.heard('cai', { type: 'plays', owner: 'ana', part: 'writing' })
    const { counts, sketches, twoWriters } = account.close(450, true)
    expect(counts.falseTakeovers).toBe(1)
    expect(twoWriters).toBe(400)
    expect(sketches.handoff).toMatchObject({ count: 1, sum: 50 })
    expect(sketches.takeover.count).toBe(0)
  })

  it('tells losses that could have been avoided from those that could not, and from those of newborns', () => {
    const avoidable = held()
    for (const peer of ['ana', 'ben', 'cai']) {
      avoidable.account.went(peer, false)
      avoidable.wait(60_000)
    }
    expect(avoidable.account.close(1, true).counts).toMatchObject({
      lossesAvoidable: 1,
      lossesUnavoidable: 0,
    })
    const sudden = held()
    for (const peer of ['ana', 'ben', 'cai']) sudden.account.went(peer, false)
    expect(sudden.account.close(1, true).counts).toMatchObject({ lossesAvoidable: 0, lossesUnavoidable: 1 })
    const { account } = held()
    account.came('eve')
    account.heard('eve', { type: 'keeps', owner: 'eve' })
    account.went('eve', false)
    expect(account.close(1, true).counts).toMatchObject({ lossesNewborn: 1, lossesUnavoidable: 0 })
  })

  it('waits for what the last one to have a copy gave to others as it left, and calls it lost if nobody has it', () => {
    const given = held()
    const gone = held()
    for (const { account, wait } of [given, gone]) {
      account.went('ana', false)
      account.went('ben', false)
      account.went('cai', true)
      wait(1_000)
    }
    given.account.heard('dora', { type: 'keeps', owner: 'ana' })
    for (const { wait } of [given, gone]) wait(5_000)
    expect(given.account.close(6_000, true).counts).toMatchObject({
      lossesAvoidable: 0,
      lossesUnavoidable: 0,
    })
    expect(gone.account.close(6_000, true).counts).toMatchObject({ lossesAvoidable: 0, lossesUnavoidable: 1 })
  })

  it('calls a takeover right from whom nobody reaches, or who stands still, and two writers that meet again two', () => {
    const { account, reach, wait } = held()
    reach.cut = new Set(['ana'])
    account.heard('ben', { type: 'plays', owner: 'ana', part: 'writing' })
    wait(700)
    reach.cut = new Set()
    account.reconsider()
    wait(300)
    reach.frozen.set('ben', 1_000)
    account.reconsider()
    wait(5_000)
    expect(account.close(6_000, true)).toMatchObject({ counts: { falseTakeovers: 0 }, twoWriters: 300 })
    reach.frozen.set('ana', 6_000)
    account.heard('cai', { type: 'plays', owner: 'ana', part: 'writing' })
    expect(account.close(6_000, true).counts.falseTakeovers).toBe(0)
  })

  it('holds it against nobody that a copy which stood still was not copied', () => {
    const { account, reach, wait } = held()
    account.went('ana', false)
    account.went('ben', false)
    reach.frozen.set('cai', 0)
    wait(600_000)
    account.went('cai', false)
    expect(account.close(1, true).counts).toMatchObject({ lossesAvoidable: 0, lossesUnavoidable: 1 })
  })

  it('adds up bytes of those that are there and those that went, from when it began to measure', () => {
    const { account, wait } = held()
    account.heard('ana', { type: 'sent', bytes: 1_000, links: 3 })
    account.measure()
    wait(100_000)
    account.heard('ana', { type: 'sent', bytes: 7_000, links: 4 })
    account.heard('ben', { type: 'sent', bytes: 500, links: 1 })
    account.heard('ben', { type: 'copies', whole: true, bytes: 300 })
    account.went('ana', true)
    account.heard('ana', { type: 'sent', bytes: 1_000_000, links: 4 })
    const { counts, sketches } = account.close(100_000, true)
    expect(counts).toMatchObject({ bytesRepair: 300, bytesMaintenance: 6_200, linksOpened: 2, sessions: 4 })
    // Of a minute and more: of each of the four, what it sent in a second.
    expect(sketches.bytesPerNode).toMatchObject({ count: 4, sum: 65 })
  })
})

describe('what was said', () => {
  it('is counted by type, the last words of one that said goodbye among them', () => {
    const { account } = held()
    account.heard('ana', { type: 'said', counts: { beat: 2, probe: 1 } })
    account.went('ana', true)
    account.heard('ana', { type: 'said', counts: { beat: 1, leave: 2 } })
    expect(account.close(1_000, true).said).toEqual({ beat: 3, probe: 1, leave: 2 })
  })
})

describe('sessions that are drawn', () => {
  const scenario = {
    ...quiet,
    nodes: 50,
    session: { kind: 'exponential', mean: 60 },
    ungraceful: 0.25,
  } as const

  it('are the same for the same seed, and others for another', () => {
    expect(sessionsOf(scenario, 7, 10_000, 600_000)).toEqual(sessionsOf(scenario, 7, 10_000, 600_000))
    expect(sessionsOf(scenario, 8, 10_000, 600_000)).not.toEqual(sessionsOf(scenario, 7, 10_000, 600_000))
  })

  it('keep the population where it is, and end as often without a goodbye as they should', () => {
    const sessions = sessionsOf(scenario, 1, 10_000, 3_600_000)
    const there = [600_000, 1_800_000, 3_000_000].map(
      (at) => sessions.filter((session) => session.at <= at && session.at + session.span > at).length,
    )
    for (const population of there) expect(Math.abs(population - 50)).toBeLessThan(25)
    const lost = sessions.filter(({ end }) => end === 'lost').length / sessions.length
    expect(lost).toBeGreaterThan(0.2)
    expect(lost).toBeLessThan(0.3)
  })
})

describe('day and night', () => {
  it('have more come by day and fewer by night, and as many in all', () => {
    const hours = 24
    const fault = { type: 'day-night', share: 0.9, at: 0, span: hours * 3_600_000 } as const
    const scenario = { ...quiet, nodes: 50, session: { kind: 'exponential', mean: 60 } } as const
    const start = 60_000
    const span = start + hours * 3_600_000
    const arrivals = (faults: readonly (typeof fault)[]) =>
      sessionsOf({ ...scenario, faults }, 3, 10_000, span, start)
        .map(({ at }) => (at - start) / 3_600_000)
        .filter((hour) => hour > 0)
    const [tidal, even] = [arrivals([fault]), arrivals([])]
    const share = (from: number, to: number) =>
      tidal.filter((hour) => hour > from && hour < to).length / tidal.length
    // Over half a period of straight lines the mean is half the height: 1.45 to 0.55 of a half.
    expect(share(0, 12)).toBeCloseTo(1.45 / 2, 1)
    expect(share(12, 24)).toBeCloseTo(0.55 / 2, 1)
    expect(Math.abs(tidal.length / even.length - 1)).toBeLessThan(0.05)
  })
})

/** Ana's state is with herself, Ben and Cai, and Dora is there; time goes on when it is told to. */
function held() {
  let now = 0
  const reach = new Reach()
  const account = new Account({ ...quiet, nodes: 4 }, () => now, reach)
  for (const peer of ['ana', 'ben', 'cai', 'dora']) account.came(peer)
  for (const peer of ['ana', 'ben', 'cai']) account.heard(peer, { type: 'keeps', owner: 'ana' })
  account.heard('ana', { type: 'plays', owner: 'ana', part: 'writing' })
  return {
    account,
    reach,
    wait: (millis: number) => {
      now += millis
    },
  }
}
