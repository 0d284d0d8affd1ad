/** `colonia simulate`: finds what is meant and steps aside. Each part is loaded only when it is asked for. */
import { badOptions, parseFlags, runCommand } from '#node/command-line'

const HELP = `Usage: colonia simulate <what> [options]

  list                   scenarios that are ready, with their sources
  run SCENARIO           run one, with as many changes as are wanted
  run acceptance         run all that Colonia promises to bear, and say whether it does
  compare A.json B.json  what differs between two reports, and whether by more than chance
  replay FILE            run a report's seeds again, and say whether the same happened
  fidelity               the same churn simulated and with real nodes, side by side

colonia simulate <what> --help lists the options of each.
`

const parts: Record<string, (argv: string[]) => Promise<void>> = {
  list: async (argv) => {
    nothingMore(argv)
    const { listText } = await import('./runner/help.ts')
    process.stdout.write(listText())
  },
  run: async (argv) => {
    const { run } = await import('./runner/run.ts')
    await run(argv)
  },
  compare: async (argv) => {
    const { compare } = await import('./runner/compare.ts')
    await compare(argv)
  },
  replay: async (argv) => {
    const { replay } = await import('./runner/replay.ts')
    await replay(argv)
  },
}

export async function run(argv: string[]): Promise<void> {
  const [name = '--help', ...rest] = argv
  await runCommand('simulate', async () => {
    const part = Object.hasOwn(parts, name) ? parts[name] : undefined
    if (part !== undefined) await part(rest)
    else if (name === '--help' || name === '-h') process.stdout.write(HELP)
    else throw badOptions(`unknown "${name}"; allowed are ${Object.keys(parts).join(', ')}`)
  })
}

function nothingMore(argv: readonly string[]): void {
  const { positionals } = parseFlags(argv, {})
  if (positionals[0] !== undefined) throw badOptions(`unexpected "${positionals[0]}" after list`)
}
