/** Peers in processes of their own, as `test/support/puppet.ts` runs them, from the outside. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { until as wait } from '../support/until.ts'

/** Processes, links and a peer that is shunned for a while: how long that takes is not what is tested. */
export const until: typeof wait = (target, type, holds, options) =>
  wait(target, type, holds, { ...options, millis: 60_000 })

export type Line = Record<string, unknown>

export interface Puppet {
  id: string
  child: ChildProcess
  /** Gives a command; the answer that has `key`. */
  ask(command: object, key: string): Promise<Line>
  says(holds: (line: Line) => boolean, what: string): Promise<Line>
}

/** Started with the options of `createNode`; killed after the test. */
export async function puppet(options: object): Promise<Puppet> {
  const script = fileURLToPath(new URL('../support/puppet.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  })
  const lines: Line[] = []
  const heard = new EventTarget()
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line) as Line)
    heard.dispatchEvent(new Event('line'))
  })
  const says = (holds: (line: Line) => boolean, what: string, from = 0) =>
    until(heard, 'line', () => lines.slice(from).find(holds), { what })
  const { id } = await says((line) => 'id' in line, 'its id')
  return {
    id: String(id),
    child,
    says,
    ask(command, key) {
      const from = lines.length
      child.stdin.write(`${JSON.stringify(command)}\n`)
      return says((line) => key in line, `an answer to ${key}`, from)
    },
  }
}
