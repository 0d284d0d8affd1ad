/**
 * `fidelity`: how far the discrete world can be believed. It plays the same sessions on real peers, on the wall clock, and in
 * the discrete world, there with each heartbeat said and with sampled ones, and prints what came of them side by side.
 */
import { writeFile } from 'node:fs/promises'
import { badOptions, parseFlags, runCommand } from '#node/command-line'
import { Simulation } from '../churn/simulation.ts'
import { runOf } from '../churn/summary.ts'
import type { FigureName } from '../report/catalogue.ts'
import type { Run } from '../report/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Session } from '../scenario/trace.ts'
import { comparison } from './comparison.ts'
import { contradiction, inWorld, runReal, type WorldName } from './index.ts'
import { sessionsOf } from './sessions.ts'

/** Both worlds count from then on; the discrete one has it so (`../churn/simulation.ts`). */
const ONSET = 120_000
/** Those of the beginning come within so long, and no faster than so many in a second. */
const COMING = { millis: 20_000, perSecond: { memory: 5, webrtc: 1 } } as const
/** Events of the discrete world between two looks at whether to stop. */
const EVENTS = 50_000

const HELP = `Usage: colonia simulate fidelity [options]

Plays the same sessions on real peers and in the discrete world, and prints the figures of both. It takes two minutes more
than it is told to, for everyone to settle.

  --nodes COUNT
      peers at once, on the average: 3 to 200 in memory, 3 to 32 over webrtc; default: 20, 16
  --minutes MINUTES
      0.1 to 60; default: 5
  --world NAME
      memory (real peers in one process, default) or webrtc (each in its own, over loopback, with a bootstrap)
  --seed NUMBER
      0 to 4294967295; default: 1
  --json FILE
      writes scenario and runs to a file as well
  --help
      this text
`

const flags = {
  nodes: { type: 'string' },
  minutes: { type: 'string' },
  world: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface FidelityOptions {
  world: WorldName
  scenario: Scenario
  json: string | undefined
}

export async function fidelity(argv: readonly string[]): Promise<void> {
  await runCommand('simulate fidelity', async () => {
    const options = readOptions(argv)
    if (options === 'help') return void process.stdout.write(HELP)
    const stopped = new AbortController()
    const stop = () => stopped.abort()
    process.once('SIGINT', stop)
    try {
      await compare(options, stopped.signal)
    } finally {
      process.removeListener('SIGINT', stop)
      // node-datachannel keeps threads that hold the process; nothing of ours is left to wait for.
      setImmediate(() => process.exit())
    }
  })
}

/** @throws ColoniaError `bad-options` */
export function readOptions(argv: readonly string[]): FidelityOptions | 'help' {
  const { values, positionals } = parseFlags(argv, flags)
  if (values.help) return 'help'
  if (positionals.length > 0) throw badOptions(`unexpected "${positionals[0]}"; see --help`)
  const { world = 'memory' } = values
  if (world !== 'memory' && world !== 'webrtc') throw badOptions('--world must be memory or webrtc')
  const number = (name: 'nodes' | 'minutes' | 'seed', fallback: number, [min, max]: [number, number]) => {
    const value = values[name] === undefined ? fallback : Number(values[name] || Number.NaN)
    if (value >= min && value <= max && (name === 'minutes' || Number.isInteger(value))) return value
    throw badOptions(`--${name} must be a number from ${min} to ${max}`)
  }
  const scenario: Scenario = {
    ...base,
    nodes: number('nodes', world === 'memory' ? 20 : 16, [3, world === 'memory' ? 200 : 32]),
    hours: number('minutes', 5, [0.1, 60]) / 60,
    seed: number('seed', 1, [0, 2 ** 32 - 1]),
  }
  const why = contradiction(scenario, world)
  if (why !== undefined) throw badOptions(why)
  return { world, scenario, json: values.json }
}

/** Short sessions, so that much happens in a few minutes. */
const base: Scenario = {
  name: 'fidelity',
  title: 'the same sessions in both worlds',
  source: 'guesses: enough departures in five minutes',
  ...{ nodes: 20, hours: 5 / 60, seed: 1, seeds: 1 },
  session: { kind: 'exponential', mean: 180 },
  ungraceful: 0.5,
  ...{ contingents: 2, choose: 'oldest', links: 8 },
  ...{ stateBytes: 10_000, writes: 60, keep: 30 * 86_400_000, bandwidth: 1_000_000 },
  latency: { kind: 'constant', value: 0.05 },
  ...{ jitter: 0, loss: 0, brokenPairs: 0 },
  kademlia: { k: 8, alpha: 3, refresh: 300_000 },
  ...{ lookups: 120, calls: 0, callSpan: 0, sample: 200, heartbeats: 'carried', faults: [] },
}

async function compare({ world, scenario, json }: FidelityOptions, signal: AbortSignal): Promise<void> {
  const { nodes, seed, hours } = scenario
  const coming = Math.max(COMING.millis, (nodes / COMING.perSecond[world]) * 1_000)
  const sessions = sessionsOf(scenario, seed, coming, ONSET + hours * 3_600_000)
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const [real] = await runReal(scenario, world, say, { signal, sessions, onset: ONSET })
  if (real === undefined || !real.complete) return say('stopped before anything was to be compared')
  const same = inWorld(scenario, world)
  const carried = await discrete({ ...same, heartbeats: 'carried' }, sessions, signal)
  const sampled = await discrete({ ...same, heartbeats: 'sampled' }, sessions, signal)
  if (!sampled.complete) return say('stopped before both worlds were done')
  process.stdout.write(comparison(real, { carried, sampled }, rows))
  if (json === undefined) return
  const report = { format: 'colonia-fidelity/1', world, scenario: same, real, carried, sampled }
  await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`)
}

async function discrete(scenario: Scenario, sessions: readonly Session[], signal: AbortSignal): Promise<Run> {
  const began = performance.now()
  const simulation = new Simulation(scenario, scenario.seed, 0, sessions)
  // A turn for whoever wants to stop it.
  while (!signal.aborted && !simulation.advance(EVENTS)) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  return runOf(scenario, scenario.seed, [simulation.tally()], (performance.now() - began) / 1_000)
}

/** What both worlds measure, in the order in which it is printed. */
const rows: readonly FigureName[] = [
  'sessions',
  'departures',
  'meanPopulation',
  'detectionMean',
  'takeoverMean',
  'handoffMean',
  'underReplicatedMean',
  'underReplicatedShare',
  'lossesAvoidable',
  'lossesUnavoidable',
  'lossesNewborn',
  'falseTakeovers',
  'twoClaimants',
  'lookupSuccess',
  'lookupRounds',
  'lookupMillis',
  'bytesRepair',
  'bytesUpdate',
  'bytesAll',
  'linksPerHour',
]
