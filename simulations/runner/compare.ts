/** `colonia simulate compare`: two reports, figure by figure. */
import { badOptions, parseFlags, runCommand } from '#node/command-line'
import { comparisonOf } from '../report/compare.ts'
import { readReport } from '../report/read.ts'

const HELP = `Usage: colonia simulate compare A.json B.json

Says by how much each figure of B differs from that of A, with an interval of 95 %, and which dials differ.
`

export async function compare(argv: readonly string[]): Promise<void> {
  await runCommand('simulate compare', async () => {
    const { values, positionals } = parseFlags(argv, { help: { type: 'boolean', short: 'h' } })
    if (values.help === true) return void process.stdout.write(HELP)
    const [a, b, surplus] = positionals
    if (a === undefined || b === undefined) throw badOptions('two reports are needed: A.json B.json')
    if (surplus !== undefined) throw badOptions(`unexpected "${surplus}" after A.json and B.json`)
    process.stdout.write(`${comparisonOf(await readReport(a), await readReport(b)).trimEnd()}\n`)
  })
}
