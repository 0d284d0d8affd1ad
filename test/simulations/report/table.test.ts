/** What a report says in a terminal. */
import { describe, expect, it } from 'vitest'
import { tableOf } from '../../../simulations/report/table.ts'
import { brief, played, reportOf } from './reports.ts'

const row = (table: string, label: string) =>
  table.split('\n').find((line) => line.trim().startsWith(`${label}  `))

describe('the table', () => {
  it('is as by hand', () => {
    const figures = [
      { sessions: 1_201, detectionMean: 800, detectionOverBound: 0.9, overruledAcknowledged: 0 },
      { sessions: 1_203, detectionMean: 900, detectionOverBound: 0.92, overruledAcknowledged: 0 },
      { sessions: 1_205, detectionMean: 1_000, detectionOverBound: 0.94, handoffMean: 90 },
    ]
    // Deviations 2, 100 and 0.02, over √3, times 4.303.
    expect(tableOf(reportOf(figures))).toBe(`Forty peers that come and go (small)
  command   colonia simulate small
  world     the discrete world; Colonia 1.0.0, Node 24.0.0
  runs      3 runs of 12.0 min, 3,000 events; 6.00 s of wall time, all runs together
  seeds     7 to 9
  hashes    00000000, 00000001, 00000002

Mean of all runs ± half of its 95 % interval (Student’s t).

run
  sessions                              1,203 ± 5

losses
  conflicting acknowledged writes           0 in each run          good: should be 0

takeover
  crash detection, mean                   900 ± 248       ms       less is better
  detection over its bound              0.920 ± 0.050              good: within its bound
  handoff, mean                          90.0             ms       less is better

Nothing of the kind happened in some runs, which are left out: conflicting acknowledged writes (2 of
3); handoff, mean (1 of 3).
`)
  })

  it('says of one run that there is no interval', () => {
    const table = tableOf(reportOf([{ detectionMean: 800, lossesOverFormula: 3 }]))
    expect(table).toContain('There is no interval')
    expect(table).not.toContain('±')
    expect(row(table, 'losses over c·f^c·(w/s)^(c−1)')).toMatch(/ 3\.00 +theory says 1$/)
  })

  it('says where runs were stopped, and how many were not begun', () => {
    const report = reportOf([{ sessions: 4 }, { sessions: 2 }])
    const [first, second] = report.runs
    if (first === undefined || second === undefined) throw new Error('two runs were asked for')
    const stopped = { ...second, complete: false, millis: 240_000 }
    const table = tableOf({ ...report, runs: [first, stopped] })
    expect(table).toContain(
      '  stopped at 4.00 min of 12.0 min, in 1 of 2 runs: counts are of what had passed\n',
    )
    expect(table).toContain('  stopped after 2 of 3 runs\n')
    expect(tableOf({ ...report, runs: [stopped] })).toContain('stopped at 4.00 min of 12.0 min: counts')
    expect(tableOf({ ...report, runs: [] })).toContain('There is no run')
    expect(tableOf(reportOf([{}, {}, {}]))).not.toContain('stopped')
  })

  it.each([
    ['overruledAcknowledged', [0, 1], 'bad: should be 0'],
    ['lossesOverFormula', [0.9, 0.95], 'good: theory says 1'],
    ['lossesOverFormula', [2, 2.1], 'above theory, which says 1'],
    ['lossesOverFormula', [0.1, 0.11], 'below theory, which says 1'],
    ['lossesOverFormula', [1, 90], 'too few to judge: theory says 1'],
    ['burstLossOverTheory', [0, 0], 'theory says 1'],
    ['detectionOverBound', [1.2, 1.21], 'bad: beyond its bound'],
    ['detectionOverBound', [0.9, 1.1], 'about its bound'],
    ['bytesRepairOverOracle', [1.2, 1.3], '1 is ideal'],
    ['callSurvival', [0.9, 0.8], 'more is better'],
  ] as const)('judges %s of %j: %s', (name, figures, says) => {
    const table = tableOf(reportOf(figures.map((figure) => ({ [name]: figure }))))
    expect(table).toMatch(new RegExp(` {2}${says}\n$`))
  })

  it('names seeds in a row as a span, and not more hashes than one would compare', () => {
    const report = reportOf(Array.from({ length: 8 }, () => ({ sessions: 1 })))
    const runs = report.runs.map((run, at) => ({ ...run, seed: at < 6 ? 5 - at : 3 * at }))
    const table = tableOf({ ...report, runs })
    expect(table).toContain('  seeds     0 to 5, 18, 21\n')
    expect(table).toMatch(/ {2}hashes {4}00000000, .*, 00000004 and 3 more\n/)
    const real = runs.map((run) => ({ ...run, hash: null }))
    expect(tableOf({ ...report, runs: real, world: 'memory' })).toContain('  hashes    none: only')
  })

  it('is 100 columns wide at most, and a command in it can be copied', () => {
    const flags = Array.from({ length: 12 }, (_, n) => `--flag-${n} 'weibull 0.49 mean 10m'`)
    const command = `colonia simulate small ${flags.join(' ')}`
    const title = 'word '.repeat(60).trim()
    const report = { ...played(), command, scenario: { ...brief, title } }
    const runs = report.runs.map((run) => ({
      ...run,
      hash: '0123456789abcdef'.repeat(38),
      millis: 1,
      complete: false,
    }))
    const table = tableOf({ ...report, runs })
    expect(Math.max(...table.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
    const [, copied = ''] = /command {3}(.*?)\n {2}world/s.exec(table) ?? []
    expect(copied.replace(/\\\n */g, '')).toBe(command)
  })

  it('has a line for each figure of the discrete world that is there, in its group', () => {
    const report = played()
    const table = tableOf(report)
    const headings = table.split('\n').filter((line) => /^[a-z-]+$/.test(line))
    expect(headings).toEqual([
      'run',
      'losses',
      'takeover',
      'look-ups',
      'traffic',
      'links',
      'bootstrap',
      'calls',
    ])
    expect(row(table, 'mean population')).toMatch(/ 3\d\.\d ± \d+\.\d$/)
    expect(row(table, 'latency, median')).toMatch(/ ± \d+ +ms +less is better$/)
  })
})
