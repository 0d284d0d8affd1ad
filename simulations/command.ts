/** `colonia simulate`: finds what is meant and steps aside. Each part is loaded only when it is asked for. */
import { badOptions, runCommand } from '#node/command-line'

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
    const { list } = await import('./runner/help.ts')
    await list(argv)
  },
  run: async (argv) => {
    const [what, ...rest] = argv
    if (what === 'acceptance') {
      const { acceptance } = await import('./runner/acceptance.ts')
      await acceptance(rest)
    } else {
      const { run } = await import('./runner/run.ts')
      await run(argv)
    }
  },
  compare: async (argv) => {
    const { compare } = await import('./runner/compare.ts')
    await compare(argv)
  },
  replay: async (argv) => {
    const { replay } = await import('./runner/replay.ts')
    await replay(argv)
  },
  fidelity: async (argv) => {
    const { fidelity } = await import('./real/command.ts')
    await fidelity(argv)
  },
}

export async function run(argv: string[]): Promise<void> {
  const [name = '--help', ...rest] = argv
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined
  await runCommand('simulate', async () => {
    if (part !== undefined) await part(rest)
    else if (name === '--help' || name === '-h') process.stdout.write(HELP)
    else throw badOptions(`unknown "${name}"; allowed are ${Object.keys(parts).join(', ')}`)
  })
}
