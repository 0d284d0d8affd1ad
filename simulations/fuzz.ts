/**
 * `npm run fuzz -- --seeds 1000 --from 1`: runs seeds one after the other on all cores and says which of them found
 * something; `--mutants` instead plants known bugs and says what caught each. A seed is replayed, and told message
 * by message, with `--seeds 1 --from SEED --trace`.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { hunt } from './contingency/hunt.ts'
import { mutants } from './contingency/mutants.ts'
import { type Outcome, run } from './contingency/run.ts'

interface Share {
  from: number
  seeds: number
  step: number
}

const HELP = `usage: npm run fuzz -- [options]
  --seeds N   how many seeds (1000; of each mutant at most 6000)
  --from S    the first of them (1)
  --first     stop at the first seed that finds something
  --trace     run on one core and tell everything
  --mutants   plant bugs, one at a time; each must be caught
`

const say = (line: string) => void process.stdout.write(`${line}\n`)

if (isMainThread) process.exitCode = await main()
else {
  const { from, seeds, step } = workerData as Share
  for (let seed = from; seed < from + seeds; seed += step) parentPort?.postMessage(run(seed))
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string', default: '1' },
      first: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const from = Number(values.from)
  const seeds = Number(values.seeds ?? (values.mutants ? 6_000 : 1_000))
  if (values.help || !Number.isInteger(from) || !Number.isInteger(seeds)) {
    say(HELP)
    return values.help ? 0 : 2
  }
  if (values.mutants) return await hunt(mutants, { from, seeds }, say)
  if (values.trace || values.first) return alone(from, seeds, values.trace)
  return await together(from, seeds)
}

/** One after the other, until one finds something. */
function alone(from: number, seeds: number, trace: boolean): number {
  for (let seed = from; seed < from + seeds; seed++) {
    const outcome = run(seed, trace ? { trace: say } : {})
    if (outcome.found.length > 0) {
      report(outcome)
      return 1
    }
  }
  return 0
}

async function together(from: number, seeds: number): Promise<number> {
  const begun = performance.now()
  const cores = Math.min(availableParallelism(), seeds)
  let failed = 0
  const share = async (index: number) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { from: from + index, seeds: seeds - index, step: cores } satisfies Share,
    })
    worker.on('message', (outcome: Outcome) => {
      if (outcome.found.length === 0) return
      failed += 1
      report(outcome)
    })
    await new Promise<void>((resolve, reject) => worker.once('exit', () => resolve()).once('error', reject))
  }
  await Promise.all(Array.from({ length: cores }, (_, index) => share(index)))
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1)
  say(`${seeds} seeds from ${from}: ${failed} found something (${seconds} s)`)
  return failed === 0 ? 0 : 1
}

function report({ seed, peers, faults, found }: Outcome): void {
  say(`seed ${seed}, ${peers} peers, faults: ${faults.join(', ') || 'none'}`)
  for (const what of found.slice(0, 5)) say(`  ${what}`)
  say(`  replay: npm run fuzz -- --seeds 1 --from ${seed} --trace`)
}
