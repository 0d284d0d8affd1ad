/**
 * A peer in a process of its own, to be killed, stopped and woken by tests. Run with the options of `createNode`
 * as JSON; takes one JSON command a line (`{"put":["name",value]}`, `{"get":"name"}`) and answers each with a
 * line; says `{"id":…}` when it runs and `{"view":…}` whenever its contingency changes.
 */
import { createInterface } from 'node:readline'
import { createNode } from '#node/index'

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const node = await createNode(JSON.parse(process.argv[2] ?? '{}'))
node.addEventListener('contingency', ({ detail }) => say({ view: detail }))
node.addEventListener('entrance', ({ detail }) => say({ entrance: detail.state }))
say({ id: node.id, view: node.contingency })

for await (const line of createInterface(process.stdin)) {
  const command = JSON.parse(line) as { put?: [string, unknown]; get?: string }
  if (command.put !== undefined) {
    const { holders } = await node.state.put(...command.put, { until: 'backed-up' })
    say({ put: command.put[0], holders })
  }
  if (command.get !== undefined) say({ get: command.get, value: node.state.get(command.get) ?? null })
}
