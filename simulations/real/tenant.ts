/**
 * A tenant: a process with one real peer in it. Run with what `Resident.arrive` takes as JSON; says what becomes of the peer,
 * a line each, and takes a command a line. At the end of its input it says goodbye and ends.
 */
import { createInterface } from 'node:readline'
import type { NodeOptions } from '#node/index'
import { type Answer, type Habits, Resident } from './resident.ts'
import { Traffic } from './traffic.ts'
import type { Word } from './word.ts'

/** A line of a tenant: it runs, it lets something be known, it answers a command. */
export type Said = { id: string } | { word: Word } | { of: number; answer: Answer }
/** A line to a tenant. */
export interface Command {
  find: string
  of: number
}

const init = JSON.parse(process.argv[2] ?? '{}') as { options: NodeOptions; habits: Habits; seed: number }
const traffic = Traffic.watch()
const resident = await Resident.arrive({
  ...init,
  onWord: (word) => say({ word }),
  sent: () => traffic.counts,
})
say({ id: resident.node.id })

for await (const line of createInterface(process.stdin)) {
  const { find, of } = JSON.parse(line) as Command
  void resident.find(find).then((answer) => say({ of, answer }))
}
await resident.leave()
// node-datachannel keeps threads that hold the process.
process.exit(0)

function say(said: Said): void {
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
