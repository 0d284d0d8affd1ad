/**
 * A peer in a process of its own, to be killed, stopped and woken by tests. Run with the options of `createNode`
 * as JSON; takes one JSON command a line (`{"put":["name",value]}`, `{"get":"name"}`) and answers each with a
 * line; answers every call and goes on with each that it was in (`{"call":peer}` makes one), saying `{"call":…}` of
 * every change; says `{"id":…}` when it runs and `{"view":…}` whenever its contingency changes.
 */
import { createInterface } from 'node:readline'
import { type Call, createNode } from '#node/index'

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const node = await createNode(JSON.parse(process.argv[2] ?? '{}'))
node.addEventListener('contingency', ({ detail }) => say({ view: detail }))
node.addEventListener('entrance', ({ detail }) => say({ entrance: detail.state }))
node.onIncomingCall((call) => {
  follow(call)
  call.accept()
})
node.onResume(({ call, elsewhere }) => {
  say({ resume: call.id, elsewhere })
  follow(call)
  call.accept()
})
say({ id: node.id, view: node.contingency })

for await (const line of createInterface(process.stdin)) {
  const command = JSON.parse(line) as Command
  if (command.call !== undefined) follow(node.call(command.call))
  if (command.hangUp) node.calls[0]?.hangUp()
  if (command.put !== undefined) {
    const { holders } = await node.state.put(...command.put, { until: 'backed-up' })
    say({ put: command.put[0], holders })
  }
  if (command.view) say({ now: node.contingency })
  if (command.get !== undefined) say({ get: command.get, value: node.state.get(command.get) ?? null })
}

interface Command {
  put?: [string, unknown]
  get?: string
  view?: true
  call?: string
  hangUp?: true
}

function follow(call: Call): void {
  const tell = () => {
    const { id, phase, end, away } = call
    say({ call: id, phase, end, away: away !== undefined })
  }
  call.addEventListener('change', tell)
  tell()
}
