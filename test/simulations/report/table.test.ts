/** The table says what was run and what came of it, in at most a hundred columns. */
import { describe, expect, it } from 'vitest'
import { across } from '../../../simulations/report/across.ts'
import { catalogue } from '../../../simulations/report/catalogue.ts'
import type { Report, Run } from '../../../simulations/report/run.ts'
import { tableOf } from '../../../simulations/report/table.ts'
import { madeReport } from '../../support/report.ts'

describe('the table of a report', () => {
  it('says how to have it again, with seeds, hashes and wall time', () => {
    const report = of([{ hash: 'aaaa0001' }, { hash: 'bbbb0002' }])
    const table = tableOf(report)
    expect(table).toContain('again   colonia simulate run partition --nodes 40 --seeds 3\n')
    expect(table).toContain('seeds   1 (aaaa0001), 2 (bbbb0002)\n')
    expect(table).toContain('took    5 s for 4 h of virtual time')
    expect(table).not.toContain('stopped')
  })

  it('has a line for each figure that there is, by groups, with its interval', () => {
    const figures = (detectionMean: number) => ({ detectionMean, takeoverMean: null, lossesAvoidable: 0 })
    const table = tableOf(
      of([{ figures: figures(1_000) }, { figures: figures(2_000) }, { figures: figures(3_000) }]),
    )
    // The deviation is 1 s, so 4.303 / √3.
    expect(table).toMatch(
      /\nCrashes noticed, states taken over\n {2}crash detection, mean +2\.0 ± 2\.5 s {2}less is better\n/,
    )
    expect(table).toMatch(/\nStates lost\n\+ avoidable losses +0 ± 0 {2}is 0, as it must be\n/)
    expect(table).not.toContain(catalogue.takeoverMean.label)
    expect(table).not.toContain('Calls')
  })

  it('takes the mean of the runs that have a figure', () => {
    const report = of([{ figures: { callSetup: 0.5 } }, { figures: { callSetup: null } }, { figures: {} }])
    const [row] = across(report.runs).flatMap(({ rows }) => rows)
    expect(row?.interval).toEqual({ mean: 0.5, half: Number.POSITIVE_INFINITY, count: 1 })
    expect(row?.values).toEqual([0.5])
  })

  it.each([
    ['lossesOverFormula', [0.9, 1.0, 1.1], '+', 'theory says 1: within the interval'],
    ['lossesOverFormula', [1.9, 2.0, 2.1], '!', 'theory says 1: above it'],
    ['lossesOverFormula', [0.1, 0.2, 0.3], '!', 'theory says 1: below it'],
    ['lossesOverFormula', [0.1, 2, 5], ' ', 'theory says 1: too few to tell'],
    ['lossesOverFormula', [4], ' ', 'theory says 1: too few to tell'],
    ['detectionOverBound', [0.7, 0.71, 0.72], '+', 'at most 1: below it'],
    ['detectionOverBound', [0.9, 1.0, 1.1], ' ', 'at most 1: within the interval'],
    ['detectionOverBound', [1.3, 1.31, 1.32], '!', 'at most 1: above it'],
    ['overruledAcknowledged', [0, 0, 1], '!', 'must be 0'],
    ['lookupSuccess', [0.9, 0.95], ' ', 'more is better'],
  ] as const)('holds %s of %j against what it should be', (name, values, mark, text) => {
    const table = tableOf(of(values.map((value) => ({ figures: { [name]: value } }))))
    const line = table.split('\n').find((found) => found.includes(catalogue[name].label))
    expect(line?.startsWith(`${mark} `)).toBe(true)
    expect(line?.endsWith(`  ${text}`)).toBe(true)
  })

  it('says that one seed has no interval', () => {
    const table = tableOf(madeReport([1]))
    expect(table).toContain('there is no interval')
    expect(table).not.toMatch(/\d ± \d/)
  })

  it('says when it is of less than was asked for', () => {
    const report = of([{}, { complete: false, millis: 1_800_000 }])
    const table = tableOf({ ...report, scenario: { ...report.scenario, seeds: 5 } })
    expect(table).toContain('stopped seed 2 at 30 min of 2 h, 3 of 5 seeds were not begun\n')
    expect(tableOf({ ...report, runs: [] })).toContain('no run has begun')
  })

  it('is at most a hundred columns wide, whatever a file says', () => {
    const report = madeReport(Array.from({ length: 40 }, (_, seed) => seed))
    const command = `colonia simulate run x ${'--kill 0.3@1h '.repeat(30)}`
    const title = 'many words '.repeat(40)
    const table = tableOf({ ...report, command, scenario: { ...report.scenario, title } })
    expect(table.split('\n').filter((line) => [...line].length > 100)).toEqual([])
    expect(table).toContain(' \\\n')
  })

  it('breaks a command so that a shell reads it as one, and never inside of quotes', () => {
    const quoted = `'trace:${'a b '.repeat(20)}c.csv'`
    const table = tableOf({
      ...madeReport(),
      command: `colonia simulate run x --nodes 100 --session ${quoted}`,
    })
    expect(table).toContain(quoted)
  })

  it('gives a terminal nothing to obey', () => {
    const report = madeReport()
    const table = tableOf({
      ...report,
      scenario: { ...report.scenario, name: 'a\u001b[2Jb\u202e', title: 'c\r\nd' },
    })
    expect(table.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(table).toContain('a [2Jb : c  d')
  })
})

function of(runs: readonly Partial<Run>[]): Report {
  const report = madeReport(runs.map((_, at) => at + 1))
  return { ...report, runs: report.runs.map((run, at) => ({ ...run, ...runs[at] })) }
}
