/** `simulations/README.md` says what the command does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { flagTables, runHelp } from '../../simulations/runner/help.ts'
import { scenarioFrom, scenarioNamed } from '../../simulations/scenario/command-line.ts'
import { dials } from '../../simulations/scenario/dials.ts'
import type { Scenario } from '../../simulations/scenario/scenario.ts'

const file = join(import.meta.dirname, '../../simulations/README.md')
const readme = readFileSync(file, 'utf8')
/** What follows is generated: with `-u` it is written anew. */
const HEADING = '## Scenarios and flags\n\n'

it('lists every scenario and flag with its default, and no other', async () => {
  const [prose] = readme.split(HEADING)
  await expect(`${prose}${HEADING}${flagTables()}`).toMatchFileSnapshot(file)
})

it('has a flag for each field of a scenario', () => {
  const flagged = new Set(dials.map(({ flag }) => flag))
  const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const { name, title, source, faults, kademlia, ...fields } = scenarioNamed('tabs')
  for (const key of [...Object.keys(fields), ...Object.keys(kademlia), 'away']) {
    expect(flagged).toContain(kebab(key))
  }
})

it('is what the help text says, too', () => {
  const help = runHelp()
  for (const { flag, says } of dials) {
    expect(help).toContain(`  --${flag} `)
    expect(help).toContain(says)
  }
  expect(help.split('\n').filter((line) => line.length > 112)).toEqual([])
})

it('writes a scenario of its own as flags that are allowed, and as data that say the same', () => {
  const [, line = ''] = /`run tabs (--nodes 20 .*?)`/.exec(readme) ?? []
  const given: Record<string, string[]> = {}
  const words = line.split(' ')
  for (let at = 0; at < words.length; at += 2) {
    given[(words[at] as string).slice(2)] = [words[at + 1] as string]
  }
  const MINUTE = 60_000
  const faults: Scenario['faults'] = [
    { type: 'flash-crowd', factor: 10, at: 10 * MINUTE, span: MINUTE },
    { type: 'exodus', share: 1, at: 100 * MINUTE, span: MINUTE },
  ]
  expect(scenarioFrom(scenarioNamed('tabs'), given)).toMatchObject({
    nodes: 20,
    hours: 2,
    session: { kind: 'constant', value: 7_200 },
    faults,
  })
})
