/** What `protocols/README.md` says of how a state is kept is what the machines do: its diagram and its times. */
import { expect, test } from 'vitest'
import { defaultConfig } from '#protocols/contingency/index'
import type { Device } from '../../../simulations/contingency/device.ts'
import { run } from '../../../simulations/contingency/run.ts'
import { section } from '../../support/protocols-readme.ts'
import { minute, Village } from './village.ts'

const { edges, times } = section('How a state is kept')

test('states go all the ways that the diagram shows, and no other', () => {
  const walked = new Set<string>()
  const parts = new Map<string, string>()
  const see = ({ session, machine, alive }: Device, owner: string) => {
    if (!alive) return
    const name = `${session} ${owner}`
    const [before, after] = [parts.get(name) ?? '[*]', machine.duty(owner)?.part ?? '[*]']
    parts.set(name, after)
    // With nobody to ask an owner gathers for no time at all.
    const path = before === '[*]' && after === 'writing' ? [before, 'returning', after] : [before, after]
    for (const [at, part] of path.entries()) {
      if (at > 0 && part !== path[at - 1]) walked.add(`${path[at - 1]} ${part}`)
    }
  }
  for (let seed = 1; seed <= 60; seed++) run(seed, { see })
  // Nobody comes back for so long, to a holder and to one who stands in.
  const village = new Village('ABC', { keep: 2 * minute })
  village.town.see = see
  for (const device of village.town.devices) for (const owner of 'ABC') see(device, owner)
  village.crash('A')
  village.run(4 * minute)
  expect([...walked].sort()).toEqual([...edges].sort())
})

test('the times are those of the code', () => {
  const config: Record<string, unknown> = { ...defaultConfig }
  expect(times.map(([name]) => [name, config[name]])).toEqual(times)
  const spans = Object.keys(config).filter((name) => typeof config[name] === 'number' && name !== 'copies')
  expect(times.map(([name]) => name).sort()).toEqual(spans.sort())
})
