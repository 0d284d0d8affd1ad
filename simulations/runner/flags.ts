/** The flags of `colonia simulate run`: the dials of a scenario, and what is to be done with it. */
import { badOptions, parseFlags } from '#node/command-line'
import type { Worldly } from '../report/run.ts'
import { number, words } from '../scenario/codec.ts'
import { dialFlags, scenarioFrom, scenarioNamed } from '../scenario/command-line.ts'
import type { Scenario } from '../scenario/scenario.ts'

export interface RunOptions {
  scenario: Scenario
  world: Worldly
  json: string | undefined
  html: string | undefined
  workers: number | undefined
  quiet: boolean
}

/** A flag as a help text tells of it. */
export interface Told {
  flag: string
  /** Empty when it has no value. */
  takes: string
  says: string
}

export const MAX_WORKERS = 256
const workersCodec = number({ from: 1, to: MAX_WORKERS, whole: true })
const realCodec = words('memory', 'webrtc')

/** What real nodes bear on one machine, and how long anyone waits for them: their hours are those of the clock. */
const REAL_NODES = { memory: 200, webrtc: 32 } as const
const REAL_HOURS = 1

export const outputs: readonly Told[] = [
  { flag: 'json', takes: 'FILE', says: 'write the whole report' },
  { flag: 'html', takes: 'FILE', says: 'write the report as a page that stands alone' },
  {
    flag: 'workers',
    takes: 'N',
    says: 'runs at a time; default: as many as there are cores, and memory for',
  },
  {
    flag: 'real',
    takes: realCodec.takes,
    says: `run real nodes on the clock: up to ${REAL_NODES.memory} in one process, or ${REAL_NODES.webrtc} over WebRTC; up to ${REAL_HOURS} hour`,
  },
  { flag: 'quiet', takes: '', says: 'do not say how far it is' },
  { flag: 'help', takes: '', says: 'this text' },
]

const list = { type: 'string', multiple: true } as const

/** Read as lists, so that one given twice can be refused. */
const flags = {
  ...dialFlags,
  json: list,
  html: list,
  workers: list,
  real: list,
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

/** @throws ColoniaError `bad-options`: a sentence that names what is wrong and what is allowed */
export function readRun(argv: readonly string[]): RunOptions | 'help' {
  const { values, positionals } = parseFlags(argv, flags)
  if (values.help === true) return 'help'
  const name = onlyOne(positionals, 'SCENARIO', 'simulate list shows which there are')
  const scenario = scenarioFrom(scenarioNamed(name), values)
  const json = once(values.json, 'json')
  const html = once(values.html, 'html')
  if (json !== undefined && json === html) throw badOptions(`--json and --html name one file, ${json}`)
  const workers = readWorkers(values.workers)
  const real = once(values.real, 'real')
  const world = real === undefined ? 'discrete' : realCodec.read(real)
  if (world === undefined) throw badOptions(`--real must be ${realCodec.allowed}, not "${real}"`)
  if (world !== 'discrete') checkReal(scenario, world, workers)
  return { scenario, world, json, html, workers, quiet: values.quiet === true }
}

/** @throws ColoniaError `bad-options` */
export function readWorkers(texts: readonly string[] | undefined): number | undefined {
  const text = once(texts, 'workers')
  const workers = text === undefined ? undefined : workersCodec.read(text)
  if (text !== undefined && workers === undefined) {
    throw badOptions(`--workers must be ${workersCodec.allowed}, not "${text}"`)
  }
  return workers
}

/** @throws ColoniaError `bad-options` unless there is just one */
export function onlyOne(positionals: readonly string[], what: string, hint: string): string {
  const [one, ...more] = positionals
  if (one === undefined) throw badOptions(`${what} is missing; ${hint}`)
  nothingMore(more, `${what} ${one}`)
  return one
}

/** @throws ColoniaError `bad-options` when there is one */
export function nothingMore(positionals: readonly string[], after: string): void {
  const [surplus] = positionals
  if (surplus !== undefined) throw badOptions(`unexpected "${surplus}" after ${after}`)
}

function once(texts: readonly string[] | undefined, flag: string): string | undefined {
  if (texts !== undefined && texts.length > 1) {
    throw badOptions(`--${flag} is given ${texts.length} times; once is allowed`)
  }
  return texts?.[0]
}

function checkReal(scenario: Scenario, world: 'memory' | 'webrtc', workers: number | undefined): void {
  const { nodes, hours, trace } = scenario
  if (trace === undefined && nodes > REAL_NODES[world]) {
    throw badOptions(`--nodes ${nodes} is too many for --real ${world}: it bears ${REAL_NODES[world]}`)
  }
  if (hours > REAL_HOURS) {
    throw badOptions(
      `--hours ${hours} is too long for --real ${world}: up to ${REAL_HOURS}, as they are those of the clock`,
    )
  }
  if (workers !== undefined) {
    throw badOptions(`--workers and --real ${world} exclude each other: real nodes run one seed at a time`)
  }
}
