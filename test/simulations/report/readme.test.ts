/** `simulations/report/README.md` says what the table says. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { catalogue } from '../../../simulations/report/catalogue.ts'
import { tableOf } from '../../../simulations/report/table.ts'
import { tables } from '../../support/figures.ts'
import { reportOf } from './reports.ts'

const file = join(import.meta.dirname, '../../../simulations/report/README.md')
const readme = readFileSync(file, 'utf8')

test('the tables list every line in the order of the table, and no other', async () => {
  const prose = readme.split(/^### /m)[0]
  await expect(`${prose}${tables()}`).toMatchFileSnapshot(file)
  const figures = Object.fromEntries(Object.keys(catalogue).map((name) => [name, 1]))
  const printed = tableOf(reportOf([figures]))
    .split('\n\n')
    .slice(2)
  const lines = printed.flatMap((group) => group.trim().split('\n'))
  const told = [...readme.matchAll(/^(?:### (.*)|\| (.*?) \| .* \| .* \| .* \|)$/gm)]
    .map(([, group, label]) => group ?? label ?? '')
    .filter((label) => label !== 'Line')
  expect(lines.map((line) => line.trim().replace(/ {2,}.*/, ''))).toEqual(told)
})

test('the words behind a figure are those that are explained', () => {
  const pairs = [[0, 0], [0, 1], [0.1, 0.11], [0.9, 0.91], [0.99, 1.02], [2, 2.1], [1, 90], [0.5]]
  const said = new Set<string>()
  for (const name of Object.keys(catalogue)) {
    for (const pair of pairs) {
      const lines = tableOf(reportOf(pair.map((figure) => ({ [name]: figure }))))
        .trimEnd()
        .split('\n')
      const words = (lines.at(-1) ?? '').slice(67)
      if (words !== '') said.add(words)
    }
  }
  const explained = [...readme.matchAll(/^\| `([^`]+)` \|/gm)].map(([, words]) => words)
  expect([...said].sort()).toEqual([...explained].sort())
})
