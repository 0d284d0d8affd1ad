/** `colonia simulate replay`: runs the seeds of a report again, and says whether the same happened. */
import { badOptions, parseFlags, runCommand } from '#node/command-line'
import { readReport } from '../report/read.ts'
import type { Report, Run } from '../report/run.ts'
import { Campaign } from './campaign.ts'
import { onlyOne, readWorkers } from './flags.ts'
import { onInterrupt } from './stop.ts'
import { versions } from './versions.ts'

const HELP = `Usage: colonia simulate replay FILE [options]

Runs the scenario of a report again with the same seeds and compares the hashes, each a number for everything that
happened. Exit code 0: all are the same; 1: one is not.

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

export async function replay(argv: readonly string[]): Promise<void> {
  await runCommand('simulate replay', async () => {
    const { values, positionals } = parseFlags(argv, flags)
    if (values.help === true) return void process.stdout.write(HELP)
    const path = onlyOne(positionals, 'FILE', 'a report that run --json wrote')
    const workers = readWorkers(values.workers)
    const report = await readReport(path)
    const then = runsToCompare(report, path)
    const campaign = await Campaign.of(report.scenario, {
      seeds: then.map(({ seed }) => seed),
      workers,
      screen: values.quiet === true ? undefined : process.stderr,
    })
    const release = onInterrupt(() => campaign.stop())
    await campaign.run().finally(release)
    await say(report, then, campaign.runs())
  })
}

/** Of a run that was stopped the hash is that of where it stopped, which depends on the clock. */
function runsToCompare({ world, runs }: Report, path: string): Run[] {
  if (world !== 'discrete') throw badOptions(`${path} is of real nodes, which do nothing twice`)
  const complete = runs.filter((run) => run.complete && run.hash !== null)
  if (complete.length === 0) throw badOptions(`no run in ${path} is complete, so there is nothing to compare`)
  return complete
}

async function say(report: Report, then: readonly Run[], now: readonly Run[]): Promise<void> {
  const again = new Map(now.filter(({ complete }) => complete).map(({ seed, hash }) => [seed, hash]))
  for (const { seed, hash } of then) {
    const found = again.get(seed)
    const same = found === hash
    const verdict = same ? `${hash}, the same` : `${hash} then, ${found ?? 'stopped before its end'} now`
    process.stdout.write(`seed ${seed}: ${verdict}\n`)
    if (!same) process.exitCode = 1
  }
  const left = report.runs.length - then.length
  if (left > 0) process.stdout.write(`${left} that were stopped are not compared\n`)
  const { colonia, node } = await versions()
  if (colonia !== report.versions.colonia || node !== report.versions.node) {
    process.stdout.write(
      `made with Colonia ${report.versions.colonia} on Node ${report.versions.node}; this is ${colonia} on ${node}\n`,
    )
  }
}
