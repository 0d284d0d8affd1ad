/** `protocols/README.md` says what the code does. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MAX_DEPTH, MAX_ENTRIES } from '#protocols/wire/index'
import { families } from '../support/families.ts'
import { tables } from '../support/table.ts'

const file = join(import.meta.dirname, '../../protocols/README.md')
const readme = readFileSync(file, 'utf8')

test('there are families to list', () => {
  expect(families.map(({ name }) => name)).toContain('introduction')
})

test('the tables list every family, message, field and limit, and no other', async () => {
  const prose = readme.split(/^## \S+: `/m)[0]
  await expect(`${prose}${tables(families)}`).toMatchFileSnapshot(file)
})

test('the caps that hold for all messages are the ones in the text', () => {
  expect(readme).toContain(`nested more than ${MAX_DEPTH} deep`)
  expect(readme).toContain(`more than ${MAX_ENTRIES} entries`)
})
