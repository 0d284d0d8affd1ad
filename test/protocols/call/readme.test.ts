/** What `protocols/README.md` says of calls is what calls do: its diagram and its times. */
import { expect, test } from 'vitest'
import { phases, timing } from '#protocols/call/index'
import { forSeeds } from '../../simulations/seeds.ts'
import { section } from '../../support/protocols-readme.ts'
import { talking } from './town.ts'
import { minutes, trouble } from './trouble.ts'

const { edges, times } = section('How a call goes')

test('the diagram shows every phase, and a way into and out of each', () => {
  for (const phase of phases) {
    expect(edges.filter((edge) => edge.endsWith(` ${phase}`)).length, `into ${phase}`).toBeGreaterThan(0)
    expect(edges.filter((edge) => edge.startsWith(`${phase} `)).length, `out of ${phase}`).toBeGreaterThan(0)
  }
})

test('calls go all the ways that the diagram shows, and no other', () => {
  const walked = new Set<string>()
  const walk = (path: readonly string[]) => {
    for (const [at, phase] of path.entries()) walked.add(`${path[at - 1] ?? '[*]'} ${phase}`)
    if (path.at(-1) === 'ended') walked.add('ended [*]')
  }
  forSeeds(100, (seed) => {
    for (const person of trouble(seed).people) for (const path of person.phases.values()) walk(path)
  })
  const { town, ann, bob } = talking()
  town.medium(ann.call).drop('failed')
  town.run(2 * minutes)
  for (const person of [ann, bob]) walk(person.path)
  expect([...walked].sort()).toEqual([...edges].sort())
})

test('the times are those of the code', () => {
  expect(times).toEqual(Object.entries(timing))
})
