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
    says: 'run real peers, in one process or each in its own over WebRTC; few of them, and hours are those of the clock',
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

/** How many peers real worlds bear they say themselves. */
function checkReal({ trace }: Scenario, world: Worldly, workers: number | undefined): void {
  if (workers !== undefined) {
    throw badOptions(`--workers and --real ${world} exclude each other: real peers run one seed at a time`)
  }
  if (trace !== undefined) {
    throw badOptions(
      `--session trace:FILE and --real ${world} exclude each other: a trace may have more at once than a machine bears`,
    )
  }
}
