/** A company for the bench: a bootstrap and peers in processes of their own, told what to do and listened to. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once, setMaxListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ContingencyView } from '#node/contingency/contingency'
import { type BootstrapProcess, startBootstrap } from '../../support/bootstrap.ts'
import { until } from '../../support/until.ts'
import type { Command } from './peer.ts'

/** Milliseconds that anything here may take: a peer that failed is shunned for 15 s. */
const PATIENCE = 60_000

export interface Line {
  at: number
  id?: number
  view?: ContingencyView
  probe?: true
  started?: string
  [more: string]: unknown
}

/** Milliseconds, by the clock of `peer.ts`. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

export class Company {
  readonly #bootstrap: BootstrapProcess
  readonly #owd: number
  readonly #folder: string
  readonly #peers = new Set<Peer>()

  static async gather(owd: number): Promise<Company> {
    return new Company(await startBootstrap(), owd, await mkdtemp(`${tmpdir()}/colonia-bench-`))
  }

  private constructor(bootstrap: BootstrapProcess, owd: number, folder: string) {
    this.#bootstrap = bootstrap
    this.#owd = owd
    this.#folder = folder
  }

  /** A peer that has started; its state is on the disk. */
  async peer(): Promise<Peer> {
    const identity = `${this.#folder}/${this.#peers.size}.key`
    const peer = new Peer(
      JSON.stringify({ owd: this.#owd, options: { bootstraps: [this.#bootstrap.url], identity } }),
    )
    this.#peers.add(peer)
    await peer.started()
    return peer
  }

  /** Bytes that `peers` have sent on contingency streams so far, of one owner's state or of all. */
  async sent(peers: readonly Peer[], owner?: Peer): Promise<number> {
    const of = owner === undefined ? {} : { of: owner.id }
    const counts = await Promise.all(peers.map((peer) => peer.ask({ type: 'sent', ...of })))
    return counts.reduce((sum, { sent }) => sum + Number(sent), 0)
  }

  async end(): Promise<void> {
    await Promise.all([...this.#peers].map((peer) => peer.kill()))
    await this.#bootstrap.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Its event `line` says that it said something. */
export class Peer extends EventTarget {
  readonly #child: ChildProcess
  readonly lines: Line[] = []
  #asked = 0
  id = ''

  constructor(argument: string) {
    super()
    // Who waits for the first of several to speak leaves a listener at the others.
    setMaxListeners(0, this)
    const script = fileURLToPath(new URL('./peer.ts', import.meta.url))
    this.#child = spawn(process.execPath, [script, argument], { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
      this.lines.push(JSON.parse(text) as Line)
      this.dispatchEvent(new Event('line'))
    })
  }

  async started(): Promise<void> {
    const { started } = await this.says('to start', ({ started: id }) => id !== undefined)
    this.id = String(started)
  }

  get view(): ContingencyView | undefined {
    return this.lines.findLast(({ view }) => view !== undefined)?.view
  }

  /** The first line, of those said from `since` on, that `holds`. */
  says(what: string, holds: (line: Line) => boolean, since = 0): Promise<Line> {
    const look = () => this.lines.find((line) => line.at >= since && holds(line))
    return until(this, 'line', look, { what, millis: PATIENCE })
  }

  /** Until what it last said of contingency `holds`. */
  async is(what: string, holds: (view: ContingencyView) => boolean): Promise<void> {
    const look = () => this.view !== undefined && holds(this.view)
    await until(this, 'line', look, { what, millis: PATIENCE })
  }

  async ask(command: Command): Promise<Line> {
    this.#asked += 1
    const id = this.#asked
    this.#child.stdin?.write(`${JSON.stringify({ id, ...command })}\n`)
    return await this.says(`to answer ${command.type}`, (line) => line.id === id)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}

/** Views, read. */
export const warm = ({ holders }: ContingencyView): number => holders.filter((one) => one.warm).length
export const standsIn = (owner: Peer) => (view: ContingencyView) =>
  view.holding.some((one) => one.owner === owner.id && one.standingIn)
