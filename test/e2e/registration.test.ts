/** Browsers keep registrations for each other: what one publishes another finds by a third, with no bootstrap left. */
import { afterAll, expect, it } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { openLab } from '../support/lab.ts'

const { chromium, bootstrap, close } = await openLab()
afterAll(close)

it('finds in one browser who is in another, by a third, when the bootstrap is gone', async () => {
  const [ana, ben, cai] = [await start(), await start(), await start()]
  await connect(ana, ben.id)
  await connect(cai, ben.id)
  await bootstrap.stop()
  const found = await cai.person.page.evaluate(find, ana.id)
  expect(found).toMatchObject({
    owner: ana.id,
    gone: false,
    contingents: [ben.id],
    epoch: { writer: ana.id },
  })
  // It asked Ben, and made no link for it.
  const direct = () => (globalThis as unknown as Lab).node.links.filter((link) => link.direct).length
  expect(await cai.person.page.evaluate(direct)).toBe(1)
  // That the bootstrap is gone a browser may say, if it knocked meanwhile, or had something to say to it in that moment.
  const complaints = [ana, ben, cai].flatMap(({ person }) => person.errors)
  const gone = /ERR_CONNECTION_REFUSED|WebSocket is already in CLOSING or CLOSED state/
  expect(complaints.filter((text) => !gone.test(text))).toEqual([])
})

async function start(): Promise<{ person: Person; id: string }> {
  const person = await chromium.person()
  await person.page.goto(bootstrap.url)
  await person.page.waitForFunction(() => 'createNode' in globalThis)
  const id = await person.page.evaluate(async () => {
    const lab = globalThis as unknown as Lab
    const node = await lab.createNode({ links: 0 })
    lab.node = node
    await new Promise<void>((resolve) => {
      const look = () => node.entrances.some(({ state }) => state === 'connected') && resolve()
      node.addEventListener('entrance', look)
      look()
    })
    return node.id
  })
  return { person, id }
}

async function connect({ person }: { person: Person }, other: string): Promise<void> {
  await person.page.evaluate((id) => (globalThis as unknown as Lab).node.connect(id), other)
}

/** Runs in the page: until it says who holds the owner's state, of which there is no event. */
async function find(owner: string): Promise<Found> {
  const { registry } = (globalThis as unknown as Lab).node
  while (true) {
    const found = await registry.find(owner)
    if (found !== undefined && found.contingents.length > 0) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Found {
  owner: string
  contingents: string[]
}

interface Lab {
  createNode(options: object): Promise<LabNode>
  node: LabNode
}

interface LabNode extends EventTarget {
  id: string
  entrances: readonly { state: string }[]
  links: readonly { direct: boolean }[]
  connect(peer: string): Promise<unknown>
  registry: { find(owner: string): Promise<Found | undefined> }
}
