/** What the flags are, in words: for `--help`, and for the README. Made from the tables that the parser reads. */
import { parseFlags, runCommand } from '#node/command-line'
import { defaults } from '../scenario/defaults.ts'
import { dials } from '../scenario/dials.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { shape } from '../scenario/shapes.ts'
import { scenarios } from '../scenario/table.ts'
import { nothingMore, outputs, type Told } from './flags.ts'

/** Of a line of help. */
const COLUMNS = 110

/** A scenario that says nothing. */
const plain: Scenario = { name: '', title: '', source: '', ...defaults }

export function runHelp(): string {
  return `Usage: colonia simulate run SCENARIO [options]

Runs a scenario once for each of its seeds and prints what came of it. Scenarios have their own values; what is
called default here holds for those that do not say another. simulate list shows them.
SPAN has a unit: ms, s, m, h or d. AT is a span from the begin of the run.
${folded(`SHAPE is ${shape.allowed}.`, '')}

${dials.map((dial) => entry(dial, `default: ${dial.get(plain).join(' ')}`)).join('')}
${outputs.map((output) => entry(output)).join('')}
Ctrl-C ends a run in order: what there is is printed and written, marked as incomplete. A second one leaves
at once.
Exit code 0: done; 1: stopped before the end, or failed; 2: the command is wrong; 130: left at once.
`
}

export async function list(argv: readonly string[]): Promise<void> {
  await runCommand('simulate list', () => {
    nothingMore(parseFlags(argv, {}).positionals, 'list')
    for (const { name, title, source } of scenarios.values()) {
      process.stdout.write(`${name}\n    ${title}.\n    ${source}.\n`)
    }
  })
}

/** The same as tables, for the README. */
export function flagTables(): string {
  const rows = dials.map((dial) =>
    row(
      dial,
      dial
        .get(plain)
        .map((text) => `\`${cell(text)}\``)
        .join(' '),
    ),
  )
  const names = [...scenarios.values()].map((one) => `| \`${one.name}\` | ${one.title} | ${one.source} |`)
  return [
    ...['### Scenarios', '', '| Name | What happens | Source |', '|---|---|---|', ...names, ''],
    ...['### Dials', '', '| Flag | Default | Meaning |', '|---|---|---|', ...rows, ''],
    ...['### Outputs', '', '| Flag | Meaning |', '|---|---|'],
    ...outputs.map((output) => `| \`${cell(written(output))}\` | ${output.says} |`),
    '',
  ].join('\n')
}

function entry(told: Told, addition = ''): string {
  const says = addition === '' ? told.says : `${told.says}; ${addition}`
  return `  ${written(told)}\n${folded(says, '      ')}\n`
}

function row(told: Told, value: string): string {
  return `| \`${cell(written(told))}\` | ${value} | ${told.says} |`
}

function written({ flag, takes }: Told): string {
  return takes === '' ? `--${flag}` : `--${flag} ${takes}`
}

/** In lines that fit, each behind `indent`. */
function folded(text: string, indent: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string
    if (line === '') lines[lines.length - 1] = indent + word
    else if (line.length + 1 + word.length <= COLUMNS) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(indent + word)
  }
  return lines.join('\n')
}

/** A bar would end the cell, in code as well. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
