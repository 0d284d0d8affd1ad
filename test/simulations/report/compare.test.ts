/** A comparison marks what differs by more than chance, and says which dials were turned. */
import { describe, expect, it } from 'vitest'
import { comparisonOf } from '../../../simulations/report/compare.ts'
import type { Report } from '../../../simulations/report/run.ts'
import { madeReport } from '../../support/report.ts'

describe('the comparison of two reports', () => {
  it('gives each figure of both and the difference with its interval, marked when it is none of chance', () => {
    // The difference is 5 ± 3.9 by Welch; see the test of differences.
    const text = comparisonOf(of('lookupRounds', [1, 2, 3]), of('lookupRounds', [4, 6, 8, 10]))
    expect(text).toMatch(/\nPeers found\n\* rounds, mean +2 +7 +5\.0 ± 3\.9\n/)
    // Variances 1 and 7/3, so 3 degrees of freedom and 3.182 times √(10/9).
    const same = comparisonOf(of('lookupRounds', [1, 2, 3]), of('lookupRounds', [1, 2, 4]))
    expect(same).toMatch(/\n {2}rounds, mean +2 +2\.33 +0\.3 ± 3\.4\n/)
  })

  it('shows a figure that only one has, without a difference', () => {
    expect(comparisonOf(of('callSetup', [0.5, 0.6]), of('callSetup', []))).toMatch(
      /\n {2}calls set up +55 % +–\n/,
    )
  })

  it('marks nothing where there is one seed', () => {
    const text = comparisonOf(of('lookupRounds', [1]), of('lookupRounds', [9, 9.1]))
    expect(text).toMatch(/\n {2}rounds, mean +1 +9\.05 +8\.05\n/)
    expect(text).toContain('There is no interval')
  })

  it('says which dials differ, by value', () => {
    const a = madeReport()
    const latency = { height: 0.03, kind: 'coordinates', width: 0.2 } as const
    const b: Report = {
      ...a,
      world: 'memory',
      scenario: { ...a.scenario, contingents: 3, latency, away: { kind: 'exponential', mean: 60 } },
    }
    const text = comparisonOf(a, b)
    expect(text).toContain('contingents: 2 → 3\n')
    expect(text).toContain('latency: {"kind":"king"} → {"height":0.03,"kind":"coordinates","width":0.2}\n')
    expect(text).toContain('away: none → {"kind":"exponential","mean":60}\n')
    expect(text).toContain('made by: discrete, Colonia 0.1.0 → memory, Colonia 0.1.0\n')
    expect(text).not.toContain('faults:')
  })

  it('takes dials for the same in whatever order their fields are, and names for names', () => {
    const a = madeReport()
    const session = { mean: 642, shape: 0.49, kind: 'weibull' } as const
    const b = { ...a, scenario: { ...a.scenario, session, name: 'other', title: 'other' } }
    expect(comparisonOf(a, b)).toContain('no dial differs')
  })

  it('is at most a hundred columns wide', () => {
    const text = comparisonOf(madeReport([1, 2, 3]), madeReport([4, 5, 6]))
    expect(text.split('\n').filter((line) => [...line].length > 100)).toEqual([])
  })
})

function of(name: string, values: readonly number[]): Report {
  const report = madeReport(values.length === 0 ? [1, 2] : values.map((_, at) => at + 1))
  return {
    ...report,
    runs: report.runs.map((run, at) => ({ ...run, figures: { [name]: values[at] ?? null } })),
  }
}
