/** `colonia simulate run acceptance`: all that Colonia promises to bear. */
import { parseFlags, runCommand } from '#node/command-line'
import { accept } from '../acceptance/acceptance.ts'
import { nothingMore, readWorkers } from './flags.ts'

const HELP = `Usage: colonia simulate run acceptance [options]

Runs all that Colonia promises to bear, and says whether it does. Exit code 0: all of it.

  --workers N
      runs at a time
  --quiet
      do not say how far it is
  --help
      this text
`

const flags = {
  workers: { type: 'string', multiple: true },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export async function acceptance(argv: readonly string[]): Promise<void> {
  await runCommand('simulate run acceptance', async () => {
    const { values, positionals } = parseFlags(argv, flags)
    if (values.help === true) return void process.stdout.write(HELP)
    nothingMore(positionals, 'acceptance')
    process.exitCode = await accept({ workers: readWorkers(values.workers), quiet: values.quiet === true })
  })
}
