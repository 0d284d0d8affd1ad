/** `colonia simulate run`: runs a scenario, prints the table and writes the report. */
import { runCommand } from '#node/command-line'
import { ColoniaError } from '#node/errors'
import type { Report, Run } from '../report/run.ts'
import { tableOf } from '../report/table.ts'
import { commandOf } from '../scenario/command-line.ts'
import { Campaign } from './campaign.ts'
import { OutputFile } from './file.ts'
import { type RunOptions, readRun } from './flags.ts'
import { runHelp } from './help.ts'
import { onInterrupt } from './stop.ts'
import { versions } from './versions.ts'

/** Milliseconds between two times that what there is so far is kept. */
const KEEP_EVERY = 30_000

const STOPPING = 'stopping with what there is; Ctrl-C once more leaves at once'

const say = (line: string) => void process.stderr.write(`${line}\n`)

export async function run(argv: readonly string[]): Promise<void> {
  await runCommand('simulate run', async () => {
    const options = readRun(argv)
    if (options === 'help') return void process.stdout.write(runHelp())
    try {
      await perform(options)
    } finally {
      // node-datachannel keeps threads that hold the process; nothing of ours is left to wait for.
      if (options.world !== 'discrete') setImmediate(() => process.exit())
    }
  })
}

async function perform(options: RunOptions): Promise<void> {
  const json = options.json === undefined ? undefined : await OutputFile.at(options.json, '--json')
  const html = options.html === undefined ? undefined : await OutputFile.at(options.html, '--html')
  if (html !== undefined) await (await import('../report/page.ts')).checkDrawing()
  const made = { ...head(options), versions: await versions() }
  const reportOf = (runs: Run[]): Report => ({ ...made, runs })
  const runs = options.world === 'discrete' ? await simulated(options, json, reportOf) : await real(options)
  const report = reportOf(runs)
  process.stdout.write(`${tableOf(report).trimEnd()}\n`)
  await json?.write(textOf(report))
  if (html !== undefined) {
    const { pageOf } = await import('../report/page.ts')
    await html.write(await pageOf(report))
  }
  const whole = runs.filter(({ complete }) => complete).length
  if (whole < options.scenario.seeds) {
    say(`stopped: ${whole} of ${options.scenario.seeds} runs are complete`)
    process.exitCode = 1
  }
}

function head({ scenario, world }: RunOptions): Omit<Report, 'versions' | 'runs'> {
  const command = commandOf(scenario) + (world === 'discrete' ? '' : ` --real ${world}`)
  return { format: 'colonia-simulation/1', world, command, scenario }
}

async function simulated(
  { scenario, workers, quiet }: RunOptions,
  json: OutputFile | undefined,
  reportOf: (runs: Run[]) => Report,
): Promise<Run[]> {
  const campaign = await Campaign.of(scenario, { workers, screen: quiet ? undefined : process.stderr })
  const release = onInterrupt(() => {
    say(STOPPING)
    campaign.stop()
  })
  let keeping = Promise.resolve()
  const keep = setInterval(() => {
    keeping = keeping.then(() => kept(json, reportOf(campaign.runs())))
  }, KEEP_EVERY)
  try {
    await campaign.run()
  } finally {
    clearInterval(keep)
    await keeping
    release()
  }
  return campaign.runs()
}

/** A disk that is full now may not be so at the end: a long run does not end for it. */
async function kept(json: OutputFile | undefined, report: Report): Promise<void> {
  try {
    if (report.runs.length > 0) await json?.keep(textOf(report))
  } catch (error) {
    if (!(error instanceof ColoniaError)) throw error
    say(error.message)
  }
}

async function real({ scenario, world, quiet }: RunOptions): Promise<Run[]> {
  const { runReal } = await import('../real/index.ts')
  const abort = new AbortController()
  const release = onInterrupt(() => {
    say(STOPPING)
    abort.abort()
  })
  try {
    return await runReal(scenario, world as 'memory' | 'webrtc', quiet ? () => {} : say, {
      signal: abort.signal,
    })
  } finally {
    release()
  }
}

function textOf(report: Report): string {
  return `${JSON.stringify(report)}\n`
}
