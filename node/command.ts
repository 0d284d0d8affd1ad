/**
 * `colonia peer`: a peer without a browser. It links, is linked to, and says what happens, one JSON object a
 * line. It has no microphone, so it declines calls. SIGTERM and SIGINT make it say goodbye and exit 0.
 */
import { pino } from 'pino'
import type { NodeOptions } from './api.ts'
import { badOptions, parseFlags, runCommand } from './command-line.ts'
import { createNode } from './node.ts'

const HELP = `Usage: colonia peer --bootstrap URL [options]

Runs a peer without a browser. It logs what happens, one JSON object a line, and declines calls.

  --bootstrap URL
      where to enter the mesh: a bootstrap, http:// or https://, or the multiaddr of a peer that listens; may be
      given up to 16 times, and not at all if this peer listens; COLONIA_BOOTSTRAP (a list separated by commas)
  --listen MULTIADDR
      where to be dialled by others, who remember it and enter by this peer when no bootstrap is there:
      /ip4/0.0.0.0/udp/4002/webrtc-direct, /ip4/0.0.0.0/tcp/4001/ws; may be given up to 8 times; with --identity,
      so that the address stays the same; default: none; COLONIA_LISTEN (a list)
  --announce MULTIADDR
      what others are told in place of this machine's own private addresses:
      /ip4/192.0.2.1/udp/4002/webrtc-direct, /dns4/example.org/tcp/443/tls/ws (behind a proxy that does TLS);
      may be given up to 8 times; default: none; COLONIA_ANNOUNCE (a list)
  --identity FILE
      where the private key is kept, made with mode 0600 if it is missing; default: none, a new identity
      each time; COLONIA_IDENTITY
  --name TEXT
      what others see, at most 64 characters; default: none; COLONIA_NAME
  --links NUMBER
      direct links to aim for, 0 to 48; default: 8; COLONIA_LINKS
  --help
      this text
`

const flags = {
  bootstrap: { type: 'string', multiple: true },
  listen: { type: 'string', multiple: true },
  announce: { type: 'string', multiple: true },
  identity: { type: 'string' },
  name: { type: 'string' },
  links: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export async function run(argv: string[]): Promise<void> {
  await runCommand('peer', async () => {
    const options = readOptions(argv, process.env)
    if (options === 'help') process.stdout.write(HELP)
    else await runPeer(options)
  })
}

/** @throws ColoniaError `bad-options`: a sentence that names the flag and what is allowed. */
export function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): NodeOptions | 'help' {
  const { values, positionals } = parseFlags(argv, flags)
  if (values.help) return 'help'
  const [surplus] = positionals
  if (surplus !== undefined) throw badOptions(`unexpected "${surplus}"; see colonia peer --help`)
  const list = (name: 'bootstrap' | 'listen' | 'announce') =>
    values[name] ?? env[`COLONIA_${name.toUpperCase()}`]?.split(',').map((entry) => entry.trim())
  const [bootstraps, listen, announce] = [list('bootstrap'), list('listen'), list('announce')]
  if (bootstraps === undefined && listen === undefined) {
    throw badOptions('--bootstrap URL is missing; see colonia peer --help')
  }
  const identity = values.identity ?? env['COLONIA_IDENTITY']
  const name = values.name ?? env['COLONIA_NAME']
  const links = values.links ?? env['COLONIA_LINKS']
  return {
    ...(bootstraps === undefined ? {} : { bootstraps }),
    ...(listen === undefined ? {} : { listen }),
    ...(announce === undefined ? {} : { announce }),
    ...(identity === undefined ? {} : { identity }),
    ...(name === undefined ? {} : { name }),
    ...(links === undefined ? {} : { links: links.trim() === '' ? Number.NaN : Number(links) }),
  }
}

async function runPeer(options: NodeOptions): Promise<void> {
  // Node's own stream, and without its errors: whoever read the log may leave before we do.
  process.stdout.on('error', () => {})
  const formatters = { level: (level: string) => ({ level }) }
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, process.stdout)
  const node = await createNode(options)
  node.addEventListener('entrance', ({ detail }) => log.info(detail, 'entrance'))
  // Handshakes that others carry come and go with every look-up; who reads a log wants to know of links.
  const linked = new Set<string>()
  node.addEventListener('link', ({ detail }) => {
    if (!detail.direct) return
    linked.add(detail.peer)
    log.info(detail, 'link')
  })
  node.addEventListener('unlink', ({ detail: peer }) => {
    if (linked.delete(peer)) log.info({ peer }, 'unlink')
  })
  let told = ''
  node.addEventListener('contingency', ({ detail: { holders, holding, superseded } }) => {
    const counts = { heldBy: holders.filter(({ warm }) => warm).length, holds: holding.length, superseded }
    // It changes with every acknowledgement; who reads a log wants to know how safe it is.
    if (JSON.stringify(counts) === told) return
    told = JSON.stringify(counts)
    log.info(counts, 'contingency')
  })
  node.onIncomingCall((call) => {
    log.info({ peer: call.peer }, 'call declined')
    call.decline()
  })
  const leave = async (signal: NodeJS.Signals) => {
    log.info({ signal }, 'leaving')
    await node.stop()
    log.info('stopped')
    // node-datachannel keeps threads that hold the process; nothing of ours is left to wait for.
    process.exit(0)
  }
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)
  log.info({ peerId: node.id, addresses: node.addresses }, 'started')
}
