/** What serves the bench: its page, built once, and the servers by which callers find each other. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { type BootstrapProcess, startBootstrap } from '../support/bootstrap.ts'

export interface Servers {
  /** A bootstrap that serves the bench's page. */
  bench: BootstrapProcess
  /** A bootstrap that serves the app. */
  app: BootstrapProcess
  peerjs: { port: number; stop(): Promise<void> }
}

export async function startServers(): Promise<Servers> {
  const folder = await buildPage()
  const [bench, app, peerjs] = await Promise.all([
    startBootstrap(['--page', folder]),
    startBootstrap(),
    startPeerServer(),
  ])
  return { bench, app, peerjs }
}

async function buildPage(): Promise<string> {
  const root = fileURLToPath(new URL('./page/', import.meta.url))
  const outDir = fileURLToPath(new URL('../../artifacts/bench/', import.meta.url))
  const options = { outDir, emptyOutDir: true, target: 'es2024', chunkSizeWarningLimit: 1200 }
  await build({ root, configFile: false, logLevel: 'error', base: './', build: options })
  return outDir
}

/** PeerJS's own server as an operator runs it: a process of its own, here on a free port. */
async function startPeerServer(): Promise<Servers['peerjs']> {
  const program = fileURLToPath(new URL('bin/peerjs.js', import.meta.resolve('peer')))
  // A port of 0 is taken from the variable only: as a flag it counts as missing.
  const env = { ...process.env, PORT: '0' }
  const child = spawn(process.execPath, [program, '--host', '127.0.0.1'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const open = new Promise<number>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, port] = /^Started PeerServer on .* port: (\d+)/.exec(line) ?? []
      if (port !== undefined) resolve(Number(port))
    })
  })
  const port = await Promise.race([open, exited.then(() => undefined)])
  if (port === undefined) throw new Error('the server of PeerJS ended before it was open')
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
