/** The scenarios that are ready can be run. */
import { expect, it } from 'vitest'
import { contradiction } from '../../../simulations/scenario/contradictions.ts'
import { dials } from '../../../simulations/scenario/dials.ts'
import { inOrder } from '../../../simulations/scenario/faults.ts'
import { scenarios } from '../../../simulations/scenario/table.ts'

it.each([...scenarios])('%s is consistent, and each of its fields is allowed', (name, scenario) => {
  expect(scenario.name).toBe(name)
  expect(contradiction(scenario)).toBeUndefined()
  expect(scenario.faults).toEqual(inOrder(scenario.faults))
  for (const { flag, set, get } of dials)
    expect([flag, set({ ...scenario }, get(scenario))]).toEqual([flag, true])
})

it.each([...scenarios])(
  '%s says in a line what it is, and where its numbers come from',
  (_, { title, source }) => {
    for (const text of [title, source]) expect(text).toMatch(/^[A-Z][^\n]{10,110}$/)
  },
)

it('has what was promised', () => {
  expect([...scenarios.keys()]).toEqual([
    ...['bamboo', 'tabs', 'kad', 'bittorrent', 'ipfs', 'call-ends', 'flash-crowd', 'day-night', 'region'],
    ...['partition', 'frozen-tabs', 'no-bootstrap'],
  ])
})
