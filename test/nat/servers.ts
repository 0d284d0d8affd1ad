/** What stands on the public machine: the bootstrap, and coturn exactly as the README sets it up. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type BootstrapProcess, startBootstrap } from '../support/bootstrap.ts'
import { type Internet, PUBLIC } from './internet.ts'

const ROOT = join(import.meta.dirname, '../..')
const SECRET = 'a secret that nobody knows but the two'

export interface Servers {
  bootstrap: BootstrapProcess
  turnUrls: readonly string[]
  secret: string
  /** Lines of coturn's log so far. */
  turnLog: readonly string[]
  close(): Promise<void>
}

export async function openServers({ inside }: Internet): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'colonia-nat-'))
  const secretFile = join(folder, 'turn.secret')
  await writeFile(secretFile, `${SECRET}\n`)
  const turn = await startTurn(inside, folder)
  const turnUrls = [`turn:${PUBLIC}:3478`, `turn:${PUBLIC}:3478?transport=tcp`]
  const bootstrap = await startBootstrap(
    [
      ...['--host', '0.0.0.0', '--port', '8080', '--announce', `http://${PUBLIC}:8080`],
      ...['--turn-urls', turnUrls.join(), '--turn-secret-file', secretFile],
    ],
    [...inside, process.execPath, join(ROOT, 'colonia.ts')] as unknown as [string, ...string[]],
  )
  return {
    bootstrap,
    turnUrls,
    secret: SECRET,
    turnLog: turn.log,
    async close() {
      await bootstrap.stop()
      await turn.stop()
      await rm(folder, { recursive: true })
    },
  }
}

async function startTurn(inside: readonly string[], folder: string) {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const [, text = ''] = readme.match(/```ini\n(.*?static-auth-secret.*?)```/s) ?? []
  const file = join(folder, 'turnserver.conf')
  await writeFile(file, text.replace('static-auth-secret=SECRET', `static-auth-secret=${SECRET}`))
  const [program = '', ...args] = inside
  // Where it logs and which files are its own is the machine's, not the set-up's.
  const own = ['--log-file', 'stdout', '--verbose', '--pidfile', `${folder}/pid`, '--userdb', `${folder}/db`]
  const child = spawn(program, [...args, 'turnserver', '-c', file, ...own], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  const exited = once(child, 'exit')
  const listening = new Promise<void>((resolve) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on('line', (line) => {
        log.push(line)
        if (line.includes(`TCP listener opened on : ${PUBLIC}:3478`)) resolve()
      })
    }
  })
  await Promise.race([listening, exited])
  if (child.exitCode !== null) throw new Error(`coturn ended with ${child.exitCode}:\n${log.join('\n')}`)
  return {
    log,
    async stop() {
      child.kill()
      await exited
    },
  }
}
