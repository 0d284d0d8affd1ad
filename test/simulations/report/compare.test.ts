/** What two reports say side by side. */
import { expect, it } from 'vitest'
import { comparisonOf } from '../../../simulations/report/compare.ts'
import { brief, played, reportOf, scenario } from './reports.ts'

const row = (text: string, label: string) =>
  text.split('\n').find((line) => line.startsWith(`  ${label}  `)) ?? ''

it('is as by hand', () => {
  const a = reportOf([
    { detectionMean: 1_000, callSetup: 0.9, handoffMean: 80 },
    { detectionMean: 1_200, callSetup: 0.95 },
    { detectionMean: 1_400, callSetup: 1 },
  ])
  const b = reportOf(
    [
      { detectionMean: 2_000, callSetup: 0.9 },
      { detectionMean: 2_100, callSetup: 0.92 },
      { detectionMean: 2_200, callSetup: 0.97 },
      { detectionMean: 2_900, callSetup: 0.99 },
    ],
    { scenario: { ...scenario, nodes: 80, kademlia: { ...scenario.kademlia, k: 20 } }, world: 'memory' },
  )
  // 1.1 s and 0.55 s: see the test of intervals. Those of calls: 0.0357 with 3.94 degrees, of which the quantile is 2.79.
  expect(comparisonOf(a, b)).toBe(`A    Forty peers that come and go (small): 3 runs
     colonia simulate small
B    Forty peers that come and go (small): 4 runs
     colonia simulate small

What differs, A → B:
  --nodes: 40 → 80
  --k: 8 → 20
  world: the discrete world → real peers in memory

                                            A          B      B − A ± 95 %

takeover
  crash detection, mean                  1.20       2.30      +1.10 ± 0.62      s        * worse

calls
  calls set up                           95.0       94.5       −0.5 ± 10.0      %

Only in A: handoff, mean.

* B differs by more than its 95 % interval (Welch): 1 of 2 figures. Without any difference one in
  twenty would, by chance.
`)
})

it.each([
  ['detectionMean', [10, 11], [2, 3], '* better'],
  ['callSurvival', [0.9, 0.91], [0.7, 0.71], '* worse'],
  ['overruledAcknowledged', [3, 3], [0, 0], '* better'],
  ['lossesOverFormula', [2, 2.01], [0.9, 0.91], '* better'],
  ['lossesOverFormula', [1.1, 1.11], [0.2, 0.21], '* worse'],
  ['sessions', [100, 101], [200, 201], '* differs'],
  ['detectionMean', [10, 20], [12, 22], 'ms'],
] as const)('marks %s from %j to %j: %s', (name, first, second, mark) => {
  const of = (figures: readonly number[]) => reportOf(figures.map((figure) => ({ [name]: figure })))
  const [line = ''] = comparisonOf(of(first), of(second))
    .split('\n')
    .filter((text) => / [−+]\d/.test(text))
  expect(line.endsWith(` ${mark}`)).toBe(true)
})

it('takes nothing for a difference that is one of rounding', () => {
  const a = reportOf([{ callSetup: 0.1 }, { callSetup: 0.1 }, { callSetup: 0.1 }])
  const b = reportOf([{ callSetup: 0.1 }, { callSetup: 0.1 }])
  const text = comparisonOf(a, b)
  expect(row(text, 'calls set up')).toMatch(/ 10\.0 +10\.0 +0 +%$/)
  expect(text).toContain('0 of 1 figures')
})

it('says that there is no interval with one run', () => {
  const text = comparisonOf(reportOf([{ sessions: 1 }, { sessions: 3 }]), reportOf([{ sessions: 9 }]))
  expect(row(text, 'sessions')).toMatch(/ 2 +9 +\+7$/)
  expect(text).toContain('Of 1 there is no interval')
  expect(text).not.toContain('*')
})

it('says so when there is nothing to compare', () => {
  const text = comparisonOf(reportOf([{ sessions: 1 }]), reportOf([]))
  expect(text).toContain('There is no figure that both have.')
  expect(text).toContain('Only in A: sessions.')
})

it('finds no difference between a report and itself, and is 100 columns wide at most', () => {
  const report = played()
  const text = comparisonOf(report, report)
  expect(text).toContain('No dial differs.')
  expect(text).toMatch(/: 0 of \d\d figures/)
  const other = played({ ...brief, nodes: 30, title: 'word '.repeat(50).trim() })
  const lines = comparisonOf(report, other).split('\n')
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
  expect(row(lines.join('\n'), 'mean population')).toMatch(/ −\d+\.\d ± \d+\.\d( +\* differs)?$/)
})
