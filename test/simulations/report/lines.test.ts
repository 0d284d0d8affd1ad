/** Lines that a terminal has room for, and a shell understands. */
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { WIDTH, wrapped, wrappedCommand } from '../../../simulations/report/lines.ts'

const lengths = (text: string) => text.split('\n').map(({ length }) => length)

it('are as long as there is room, and begin with the indent', () => {
  const text = wrapped('four '.repeat(30).trim(), '  ')
  expect(lengths(text)).toEqual([99, 51])
  expect(text.split('\n')[1]).toMatch(/^ {2}four/)
  expect(wrapped('short', '  ')).toBe('short')
})

it('are longer only for a word that is', () => {
  const word = 'x'.repeat(120)
  expect(wrapped(`a ${word} b`, ' ')).toBe(`a\n ${word}\n b`)
})

it.each([
  ['plain', '--file x'],
  ['quoted', "--file 'with spaces'"],
  ['like flags in quotes', "--file 'a --b --c'"],
  ['with a quote in quotes', "--file 'Ana'\\''s --b' --last"],
])('are one command to a shell, its values %s', (_, value) => {
  const command = `printf %s\\| ${Array.from({ length: 20 }, (_, n) => `--flag-${n} ${value}`).join(' ')}`
  const lines = wrappedCommand(command, '    ')
  const run = (script: string) => execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
  expect(run(lines)).toBe(run(command))
  if (!value.includes('\\')) expect(Math.max(...lengths(lines))).toBeLessThanOrEqual(WIDTH)
})
