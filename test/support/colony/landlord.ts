/** A house of peers, seen from outside: a process that is told what to do, and killed. See `house.ts`. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Commands, HouseOptions } from './commands.ts'

/** What a command could not do, with the code of the peer's error, or its message. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

export class House {
  /** Peers that live here, or are on their way. */
  places = 0
  readonly #child: ChildProcess
  readonly #exited: Promise<unknown>
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>()
  #ids = 0

  constructor(options: HouseOptions) {
    const script = fileURLToPath(new URL('./house.ts', import.meta.url))
    const argv = [script, JSON.stringify(options)]
    this.#child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#exited = once(this.#child, 'exit').then(() => {
      for (const { reject } of this.#asked.values()) reject(new CommandError('the house is gone'))
    })
    // What is written to one that was just killed.
    this.#child.stdin?.on('error', () => {})
    const lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream })
    lines.on('line', (line) => {
      const { id, value, error } = JSON.parse(line) as { id: number; value?: unknown; error?: string }
      const asked = this.#asked.get(id)
      this.#asked.delete(id)
      if (error === undefined) asked?.resolve(value)
      else asked?.reject(new CommandError(error))
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get dead(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** @throws CommandError */
  async tell<Name extends keyof Commands>(
    name: Name,
    argument: Parameters<Commands[Name]>[0],
  ): Promise<Awaited<ReturnType<Commands[Name]>>> {
    if (this.dead) throw new CommandError('the house is gone')
    const id = ++this.#ids
    const asked = Promise.withResolvers<unknown>()
    this.#asked.set(id, asked)
    this.#child.stdin?.write(`${JSON.stringify({ id, name, argument })}\n`)
    return (await asked.promise) as Awaited<ReturnType<Commands[Name]>>
  }

  /** SIGKILL: nobody in it says goodbye. */
  async kill(): Promise<void> {
    if (!this.dead) this.#child.kill('SIGKILL')
    await this.#exited
  }
}
