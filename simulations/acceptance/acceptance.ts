/** `colonia simulate run acceptance`: runs the checks one after the other and says which hold, as a table. */
import { Campaign } from '../runner/campaign.ts'
import { commandOf } from '../scenario/command-line.ts'
import { type Check, checks, type Verdict } from './checks.ts'

export interface AcceptanceOptions {
  /** As many as there are cores, when not said. */
  workers: number | undefined
  quiet: boolean
}

/** @returns the exit code: 0 when all hold, else 1 */
export async function accept(options: AcceptanceOptions): Promise<number> {
  const began = performance.now()
  const rows: string[] = []
  let failed = 0
  for (const check of checks) {
    const verdict = await judge(check, options)
    if (!verdict.holds) failed += 1
    rows.push(
      `| ${check.promise} | ${check.wanted} | ${verdict.seen} | ${verdict.holds ? 'yes' : '**no**'} |`,
    )
    if (!options.quiet) process.stderr.write(`${rows.at(-1)}\n`)
  }
  process.stdout.write(`| Promise | Wanted | Seen | Holds |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`)
  for (const { scenarios } of checks)
    for (const each of scenarios) process.stdout.write(`\n${commandOf(each)}`)
  process.stdout.write(`\n\n${Math.round((performance.now() - began) / 1_000)} s\n`)
  return failed === 0 ? 0 : 1
}

async function judge(check: Check, { workers, quiet }: AcceptanceOptions): Promise<Verdict> {
  const runs = []
  for (const scenario of check.scenarios) {
    const screen = quiet ? undefined : process.stderr
    const campaign = await Campaign.of(scenario, { workers, screen })
    await campaign.run()
    runs.push(campaign.runs())
  }
  return check.judge(runs)
}
