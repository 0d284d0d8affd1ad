/**
 * `colonia bootstrap`: reads the options, opens the front door, and drains it at SIGTERM or SIGINT.
 *
 * Standard output is the log, one JSON object a line; the line with `"msg":"open"` says where the page is. On
 * a terminal a sentence for the person who started it comes as well. Exit: 0 after a drain, 2 for an option
 * that is refused, 1 when it cannot start.
 */
import { collectDefaultMetrics } from 'prom-client'
import type { Config } from './config.ts'
import { type Bootstrap, createBootstrap } from './index.ts'
import { createLog, type Log } from './log.ts'
import { help, readOptions } from './options.ts'

/** How often the counts are logged, if they changed. */
const COUNTS_MILLIS = 60_000

export async function run(argv: string[]): Promise<void> {
  let config: Config | 'help'
  try {
    config = await readOptions(argv, process.env)
  } catch (error) {
    return fail(2, error)
  }
  if (config === 'help') return void process.stdout.write(help())

  // Whoever read the log may leave before we do; its lines are lost then, and nothing else.
  process.stdout.on('error', () => {})
  const log = createLog(config.logLevel)
  let bootstrap: Bootstrap
  try {
    bootstrap = await createBootstrap(config, log)
  } catch (error) {
    // The file of a secret is an option too.
    return fail((error as { code?: unknown }).code === 'bad-options' ? 2 : 1, error)
  }
  collectDefaultMetrics({ register: bootstrap.metrics.registry })
  const counting = logCounts(bootstrap, log)
  // A promise that some library forgot must not close the door to everyone; only its name is safe to tell.
  process.on('unhandledRejection', (error) => {
    log.error({ error: error instanceof Error ? error.name : typeof error }, 'unhandled rejection')
    log.debug({ err: error }, 'unhandled rejection')
  })

  const onSignal = async (signal: NodeJS.Signals) => {
    clearInterval(counting)
    log.info({ signal, ...bootstrap.counts() }, 'draining')
    await bootstrap.drain()
    log.info('stopped')
    // Something in a library may still hold the loop; nothing of ours is left to wait for.
    process.exit(0)
  }
  process.once('SIGTERM', onSignal)
  process.once('SIGINT', onSignal)
  // Last: whoever reads that it is open may tell it to stop.
  greet(bootstrap, config, log)
}

function greet({ url, peerId }: Bootstrap, config: Config, log: Log): void {
  if (process.stdout.isTTY) process.stdout.write(`\nColonia is open. Go to ${url}\n\n`)
  log.info({ url, peerId }, 'open')
  if (config.announce.length > 0 && config.iceServers.length + config.turnUrls.length === 0) {
    log.warn('no STUN or TURN server is set (--turn-urls, --ice-servers): peers behind NATs may not meet')
  }
}

function logCounts(bootstrap: Bootstrap, log: Log): NodeJS.Timeout {
  let last = ''
  return setInterval(() => {
    const counts = bootstrap.counts()
    const now = JSON.stringify(counts)
    if (now !== last) log.info(counts, 'counts')
    last = now
  }, COUNTS_MILLIS)
}

/** What went wrong, in a sentence; a stack helps nobody who mistyped a port. */
function fail(exit: number, error: unknown): void {
  const { message, code: kind } = error as NodeJS.ErrnoException
  const sentence =
    kind === 'EADDRINUSE'
      ? `${message}; is another one running? Choose another port with --port`
      : kind === 'bad-options'
        ? `${message} (see --help)`
        : message
  process.stderr.write(`colonia bootstrap: ${sentence}\n`)
  process.exitCode = exit
}
