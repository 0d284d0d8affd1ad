/**
 * A bootstrap as an operator runs it: a process of its own, on a free port of this machine, with a fresh
 * identity. Tests that look inside use `createBootstrap` instead.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface BootstrapProcess {
  /** `http://127.0.0.1:PORT`, or what its log says. */
  url: string
  peerId: string
  pid: number
  /** Its log so far, one JSON object a line, for when a test fails. */
  log: readonly string[]
  /** Asks it to leave (SIGTERM); resolves with its exit code. Idempotent. */
  stop(): Promise<number | null>
  /** Ends it without asking (SIGKILL), as a crash does. */
  kill(): Promise<void>
}

/**
 * @param flags after `colonia bootstrap --port 0 --identity FILE`; a later flag wins.
 * @param command how `colonia` is run; by default the sources, on the Node that runs the test.
 * @throws Error with its output when it ends before it is open.
 */
export async function startBootstrap(
  flags: readonly string[] = [],
  command: readonly [string, ...string[]] = [process.execPath, join(import.meta.dirname, '../../colonia.ts')],
  cwd?: string,
): Promise<BootstrapProcess> {
  const folder = await mkdtemp(`${tmpdir()}/colonia-`)
  const [program, ...args] = command
  const child = spawn(
    program,
    [...args, 'bootstrap', '--port', '0', '--identity', `${folder}/bootstrap.key`, ...flags],
    // A process group of its own: npx does not pass signals on to what it runs.
    { stdio: ['ignore', 'pipe', 'pipe'], cwd, detached: true },
  )
  const log: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text))
  const exited = once(child, 'exit').then(async ([code]) => {
    await rm(folder, { recursive: true, force: true })
    return code as number | null
  })

  const open = new Promise<{ url: string; peerId: string }>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      log.push(line)
      if (line.includes('"msg":"open"')) resolve(JSON.parse(line))
    })
  })
  const first = await Promise.race([open, exited])
  if (first === null || typeof first === 'number') {
    throw new Error(`the bootstrap ended with ${first} before it was open:\n${log.join('\n')}`)
  }

  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, name)
  }

  return {
    url: first.url,
    peerId: first.peerId,
    pid: child.pid ?? 0,
    log,
    stop() {
      signal('SIGTERM')
      return exited
    },
    async kill() {
      signal('SIGKILL')
      await exited
    },
  }
}
