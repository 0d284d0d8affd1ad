/**
 * `colonia find`: enters the mesh, finds one peer and says how. It holds nothing for anyone and leaves at once.
 */
import type { ColoniaNode, Finding, How } from './api.ts'
import { badOptions, parseFlags, runCommand } from './command-line.ts'
import { ColoniaError } from './errors.ts'
import { createNode } from './node.ts'
import { checkPeerId } from './peer-id.ts'

const HELP = `Usage: colonia find PEERID --bootstrap URL [options]

Enters the mesh, finds a peer, and says how it was found, in how many rounds of a look-up and in how many
milliseconds from the question to the peer's own answer. Exit code 0: it is here; 1: it is not, or cannot be found.

  --bootstrap URL
      where to enter the mesh; may be given up to 16 times; COLONIA_BOOTSTRAP (a list separated by commas)
  --timeout SECONDS
      the end of patience with entering and finding, 1 to 120; default: 20
  --json
      one JSON object in place of sentences
  --help
      this text
`

const flags = {
  bootstrap: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const MEANING: Record<How, string> = {
  link: 'on a link that is there',
  cache: 'by the way that led there last',
  address: 'by an address of its own',
  neighbour: 'through a neighbour that is linked to it',
  contingent: 'through one that holds its state',
  bootstrap: 'through a bootstrap',
  dht: 'by a look-up in the DHT',
}

export interface FindOptions {
  peer: string
  bootstraps: string[]
  /** Milliseconds. */
  timeout: number
  json: boolean
}

export async function run(argv: string[]): Promise<void> {
  await runCommand('find', async () => {
    const options = readOptions(argv, process.env)
    if (options === 'help') process.stdout.write(HELP)
    else await find(options)
  })
}

/** @throws ColoniaError `bad-options`, `bad-peer-id`: a sentence that names what is wrong and what is allowed. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): FindOptions | 'help' {
  const { values, positionals } = parseFlags(argv, flags)
  if (values.help) return 'help'
  const [peer, surplus] = positionals
  if (peer === undefined) throw badOptions('PEERID is missing; see colonia find --help')
  if (surplus !== undefined) throw badOptions(`unexpected "${surplus}"; see colonia find --help`)
  checkPeerId(peer)
  const bootstraps = values.bootstrap ?? env['COLONIA_BOOTSTRAP']?.split(',').map((url) => url.trim())
  if (bootstraps === undefined) throw badOptions('--bootstrap URL is missing; see colonia find --help')
  const seconds = values.timeout === undefined ? 20 : Number(values.timeout || Number.NaN)
  if (!(seconds >= 1 && seconds <= 120))
    throw badOptions('--timeout must be a number from 1 to 120 (seconds)')
  return { peer, bootstraps, timeout: seconds * 1_000, json: values.json ?? false }
}

async function find({ peer, bootstraps, timeout, json }: FindOptions): Promise<void> {
  const node = await createNode({ bootstraps, links: 2, contingents: 0, capacity: { owners: 0, bytes: 0 } })
  const signal = AbortSignal.timeout(timeout)
  try {
    if (!json && process.stderr.isTTY) process.stderr.write('entering the mesh…\n')
    await entered(node, signal)
    const finding = await node.find(peer, { signal })
    process.stdout.write(json ? `${JSON.stringify(finding)}\n` : sentences(finding))
    if (finding.presence === 'away') process.exitCode = 1
  } catch (error) {
    if (!signal.aborted) throw error
    throw new ColoniaError('unreachable', `not found within ${timeout / 1_000} seconds`, { cause: error })
  } finally {
    await node.stop()
    // node-datachannel keeps threads that hold the process; nothing of ours is left to wait for.
    setImmediate(() => process.exit())
  }
}

/** @throws ColoniaError `no-entrance` when all that were named refuse; the signal's reason */
function entered(node: ColoniaNode, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (node.entrances.some(({ state }) => state === 'connected')) resolve()
      const refusals = node.entrances.filter(({ state }) => state === 'refused')
      if (refusals.length === node.entrances.length) {
        reject(new ColoniaError('no-entrance', refusals.map(({ reason }) => reason).join('; ')))
      }
    }
    node.addEventListener('entrance', look)
    signal.addEventListener('abort', () => {
      const why = node.entrances.flatMap(({ url, reason }) => `${url}: ${reason ?? 'no answer'}`)
      reject(new ColoniaError('no-entrance', `no bootstrap was reached (${why.join('; ')})`))
    })
    look()
  })
}

export function sentences({ peer, presence, how, via, rounds, millis, standIn }: Finding): string {
  const took = `${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${millis} ms`
  const through = via.length === 0 ? '' : `\n  carried by ${via.join(', then ')}`
  const where = presence === 'here' ? 'is here' : 'is away'
  const stand = presence === 'here' ? '' : `\n  stood in for by ${standIn ?? 'nobody'}`
  return `${peer} ${where}\n  found ${MEANING[how]} (${how}): ${took}${through}${stand}\n`
}
