/**
 * A peer of the bench, in a process of its own. Run with `{"owd":…,"options":…}` as JSON, the options those of
 * `createNode`; takes a command a line and answers each with a line of the same `id`. Unasked it says
 * `{"view":…}` and `{"probe":true}`, each with `at`: milliseconds of a clock that all processes of a machine share.
 */
import { createInterface } from 'node:readline'
import { lengthenWire } from './wire.ts'

export type Command =
  /** Keeps `bytes` bytes under `name`. */
  | { type: 'put'; name: string; bytes: number; until: 'local' | 'backed-up' }
  | { type: 'ping' }
  /** Bytes on contingency streams so far, or those of them that were said of one owner's state, beats left out. */
  | { type: 'sent'; of?: string }
  /** Goodbye; then how many bytes. The process ends. */
  | { type: 'leave'; of?: string }

const now = () => Number(process.hrtime.bigint()) / 1e6
const say = (line: object) => process.stdout.write(`${JSON.stringify({ at: now(), ...line })}\n`)
const { owd, options } = JSON.parse(process.argv[2] ?? '{}')
const wire = lengthenWire({ owd, onProbe: () => say({ probe: true }) })

// What libp2p takes of WebRTC it takes when it is loaded.
const { createNode } = await import('#node/index')
const node = await createNode(options)
node.addEventListener('contingency', ({ detail }) => say({ view: detail }))
say({ started: node.id, view: node.contingency })

for await (const line of createInterface(process.stdin)) {
  const { id, ...command } = JSON.parse(line) as Command & { id: number }
  say({ id, ...(await perform(command as Command)) })
  if (command.type === 'leave') process.exit(0)
}
process.exit(0)

async function perform(command: Command): Promise<object> {
  switch (command.type) {
    case 'put': {
      const value = crypto.getRandomValues(new Uint8Array(command.bytes))
      const begun = now()
      await node.state.put(command.name, value, { until: command.until })
      return { took: now() - begun }
    }
    case 'ping':
      return { rtts: await wire.ping() }
    case 'sent':
      return { sent: sent(command.of) }
    case 'leave': {
      const begun = now()
      await node.stop()
      return { begun, sent: sent(command.of) }
    }
  }
}

function sent(of: string | undefined): number {
  return of === undefined ? wire.sent : (wire.sentOf.get(of) ?? 0)
}
