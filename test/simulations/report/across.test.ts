/** What several runs say together of each figure. */
import { expect, it } from 'vitest'
import { across } from '../../../simulations/report/across.ts'
import { catalogue } from '../../../simulations/report/catalogue.ts'
import { played, reportOf } from './reports.ts'

it('is the mean of each figure, with its interval', () => {
  const { runs } = reportOf([{ sessions: 1, detectionMean: 10 }, { sessions: 3 }, { sessions: 5 }])
  // Deviation 2, over √3, times 4.303.
  expect(across(runs).sessions).toEqual({ mean: 3, half: expect.closeTo(4.969, 3), count: 3 })
})

it('leaves out runs in which nothing of the kind happened', () => {
  const { runs } = reportOf([{ handoffMean: 4 }, { handoffMean: null }, {}, { handoffMean: 4 }])
  expect(across(runs).handoffMean).toEqual({ mean: 4, half: 0, count: 2 })
  expect(across(runs).callSetup).toBeUndefined()
  expect(Object.keys(across([]))).toEqual(Object.keys(catalogue))
})

it('knows every figure of the discrete world', () => {
  const { runs } = played()
  const known = Object.entries(runs[0]?.figures ?? {}).filter(([, value]) => value !== null)
  expect(known.length).toBeGreaterThan(20)
  expect(Object.entries(across(runs)).flatMap(([name, one]) => (one === undefined ? [] : name))).toEqual(
    expect.arrayContaining(known.map(([name]) => name)),
  )
})
