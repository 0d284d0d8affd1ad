/**
 * Real peers over WebRTC on loopback: each a process of its own (`tenant.ts`), so that it can be killed, and a bootstrap as
 * an operator runs it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Scenario } from '../scenario/scenario.ts'
import type { Answer } from './resident.ts'
import type { Said } from './tenant.ts'
import type { Word } from './word.ts'
import type { Guest, World } from './world.ts'

/** Each process takes some 100 MB and, at rest, a fiftieth of a core. */
export const MAX_NODES = 32
/** The end of patience with a process that is to start, or to go, in milliseconds. */
const PATIENCE = 30_000

export class WebrtcWorld implements World {
  readonly #scenario: Scenario
  #bootstrap: ChildProcess
  /** One that is on its way must not be left behind. */
  #opening: Promise<unknown> | undefined
  readonly #url: string
  readonly #folder: string
  readonly #tenants = new Set<Tenant>()

  /** @throws Error with its output if the bootstrap does not open */
  static async open(scenario: Scenario): Promise<WebrtcWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'colonia-'))
    const { child, url } = await openBootstrap(folder, '0')
    return new WebrtcWorld(scenario, child, url, folder)
  }

  private constructor(scenario: Scenario, bootstrap: ChildProcess, url: string, folder: string) {
    this.#scenario = scenario
    this.#bootstrap = bootstrap
    this.#url = url
    this.#folder = folder
  }

  async arrive(seed: number, onWord: (word: Word) => void): Promise<Guest> {
    const { contingents, links, stateBytes, writes } = this.#scenario
    const options = { bootstraps: [this.#url], links, contingents }
    const tenant = new Tenant({ options, habits: { stateBytes, writes }, seed }, onWord)
    this.#tenants.add(tenant)
    tenant.gone.finally(() => this.#tenants.delete(tenant))
    const id = await tenant.id
    return {
      id,
      find: (target) => tenant.find(target),
      leave: () => tenant.leave(),
      vanish: () => tenant.kill(),
      freeze: () => tenant.signal('SIGSTOP'),
      thaw: () => tenant.signal('SIGCONT'),
    }
  }

  async entrance(open: boolean): Promise<void> {
    if (!open) return await this.#kill()
    const opening = openBootstrap(this.#folder, new URL(this.#url).port)
    this.#opening = opening
    this.#bootstrap = (await opening).child
  }

  async bootstrap(): Promise<{ connections: number }> {
    const text = await fetch(new URL('/metrics', this.#url)).then(
      (response) => response.text(),
      () => '',
    )
    return { connections: Number(/^colonia_connections (\d+)/m.exec(text)?.[1] ?? 0) }
  }

  async end(): Promise<void> {
    const all = [...this.#tenants]
    for (const tenant of all) tenant.kill()
    await Promise.all(all.map(({ gone }) => gone))
    await this.#opening?.catch(() => {})
    await this.#kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #kill(): Promise<void> {
    const { exitCode, signalCode } = this.#bootstrap
    if (exitCode !== null || signalCode !== null) return
    this.#bootstrap.kill('SIGKILL')
    await once(this.#bootstrap, 'exit')
  }
}

/** A bootstrap whose key lies in that folder. @throws Error with its output if it does not open */
async function openBootstrap(folder: string, port: string): Promise<{ child: ChildProcess; url: string }> {
  const flags = ['--port', port, '--identity', join(folder, 'bootstrap.key')]
  // All come from one address.
  const many = ['--max-connections-per-address', '10000']
  const child = spawn(process.execPath, [fileOf('../../colonia'), 'bootstrap', ...flags, ...many], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  lines.on('line', (line) => {
    if (line.includes('"msg":"open"')) resolve((JSON.parse(line) as { url: string }).url)
  })
  child.once('exit', (code) => reject(new Error(`the bootstrap ended with ${code} before it was open`)))
  return { child, url: await promise }
}

class Tenant {
  /** Resolves when it runs. */
  readonly id: Promise<string>
  readonly gone: Promise<unknown>
  readonly #child: ChildProcess
  readonly #asked = new Map<number, (answer: Answer) => void>()
  #asks = 0

  constructor(init: object, onWord: (word: Word) => void) {
    const argv = [fileOf('./tenant'), JSON.stringify(init)]
    this.#child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.gone = once(this.#child, 'exit')
    // What is said to one that was just killed.
    this.#child.stdin?.on('error', () => {})
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    this.id = promise
    void this.gone.then(() => {
      reject(new Error('the peer ended before it ran'))
      for (const answer of this.#asked.values()) answer({ found: false, millis: 0, rounds: 0 })
    })
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const said = JSON.parse(line) as Said
      if ('id' in said) resolve(said.id)
      else if ('word' in said) onWord(said.word)
      else this.#asked.get(said.of)?.(said.answer)
    })
  }

  find(target: string): Promise<Answer> {
    const of = this.#asks++
    return new Promise((resolve) => {
      this.#asked.set(of, (answer) => {
        this.#asked.delete(of)
        resolve(answer)
      })
      this.#tell({ find: target, of })
    })
  }

  async leave(): Promise<void> {
    this.#child.stdin?.end()
    const impatience = setTimeout(() => this.kill(), PATIENCE)
    await this.gone
    clearTimeout(impatience)
  }

  kill(): void {
    this.signal('SIGKILL')
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  #tell(command: object): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`)
  }
}

/** A file beside this one, in a clone and as it is published. */
function fileOf(name: string): string {
  const { url } = import.meta
  return fileURLToPath(new URL(`${name}${url.slice(url.lastIndexOf('.'))}`, url))
}
