import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ColoniaNode } from '#node/index'
import { folder, open } from '../bootstrap/harness.ts'
import { introduced } from './harness.ts'
import { type Line, type Puppet, puppet, until } from './puppets.ts'

const book = { ana: 'Ana', numbers: [1, 2, 3], picture: 'x'.repeat(10_000) }

describe('an owner in a process of its own', () => {
  it('that is killed is stood in for, and has everything back on another device', async () => {
    const { bootstraps, holders } = await company()
    const [home, elsewhere] = [await folder(), await folder()]
    const owner = await puppet({ bootstraps, identity: `${home}/key` })
    await owner.ask({ put: ['book', book] }, 'put')
    await copyFile(`${home}/key`, `${elsewhere}/key`)
    owner.child.kill('SIGKILL')
    await Promise.any(holders.map((holder) => standsIn(holder, owner.id)))

    const again = await puppet({ bootstraps, identity: `${elsewhere}/key` })
    expect(again.id).toBe(owner.id)
    await again.says(({ view }) => warm(view) > 0, 'being held again')
    expect((await again.ask({ get: 'book' }, 'get'))['value']).toEqual(book)
    await Promise.all(holders.map((holder) => stepsDown(holder, owner.id)))
  })

  it('that freezes is stood in for, is fenced when it wakes, and goes on with what it had', async () => {
    const { bootstraps, holders } = await company()
    const owner = await puppet({ bootstraps, identity: `${await folder()}/key` })
    await owner.ask({ put: ['book', book] }, 'put')
    owner.child.kill('SIGSTOP')
    await Promise.any(holders.map((holder) => standsIn(holder, owner.id)))
    owner.child.kill('SIGCONT')
    await Promise.all(holders.map((holder) => stepsDown(holder, owner.id)))
    expect((await owner.ask({ get: 'book' }, 'get'))['value']).toEqual(book)
    const { holders: again } = await owner.ask({ put: ['later', 1] }, 'put')
    expect(again).not.toEqual([])
  })
})

describe('colonia peer', () => {
  it('at SIGTERM says goodbye: its contingent answers for it before the link is gone', async () => {
    const { bootstraps, holders } = await company()
    const colonia = fileURLToPath(new URL('../../colonia.ts', import.meta.url))
    const argv = [colonia, 'peer', '--bootstrap', bootstraps[0] ?? '', '--identity', `${await folder()}/key`]
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void (child.exitCode === null && child.kill('SIGKILL')))
    const lines = createInterface(child.stdout)
    let owner = ''
    for await (const line of lines) {
      const { peerId = owner, heldBy } = JSON.parse(line) as { peerId?: string; heldBy?: number }
      owner = peerId
      if (heldBy === 2) break
    }
    child.stdout.resume()
    const [first, second] = holders as [ColoniaNode, ColoniaNode]
    const seen: string[] = []
    for (const holder of holders) {
      holder.addEventListener('contingency', () => isStandIn(holder, owner) && seen.push('stands in'))
      holder.addEventListener('unlink', ({ detail }) => detail === owner && seen.push('unlinked'))
    }
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await Promise.any([standsIn(first, owner), standsIn(second, owner)])
    expect(seen[0]).toBe('stands in')
    expect(await exit).toEqual([0, null])
  })
})

describe('a contingent in a process of its own', () => {
  it('that is killed is replaced by someone else, who gets a copy', async () => {
    const { bootstraps, holders } = await company()
    const contingent = await puppet({ bootstraps })
    const owner = await introduced({ bootstraps, contingents: 3 })
    await until(owner, 'contingency', () => warm(owner.contingency) === 3, { what: 'three holders' })
    contingent.child.kill('SIGKILL')
    const gone = () => owner.contingency.holders.every(({ peer }) => peer !== contingent.id)
    await until(owner, 'contingency', gone, { what: 'noticing' })
    const { holders: has } = await owner.state.put('book', book, { until: 'backed-up' })
    expect(holders.map(({ id }) => id)).toContain(has[0])
    const next = await introduced({ bootstraps })
    const hired = () => owner.contingency.holders.some(({ peer, warm: has }) => peer === next.id && has)
    await until(owner, 'contingency', hired, { what: 'a new contingent' })
  })

  it('that freezes is replaced, and when it wakes gives up what it has in favour of who took its place', async () => {
    const { bootstraps } = await company()
    const contingent = await puppet({ bootstraps })
    const owner = await introduced({ bootstraps, contingents: 3 })
    await until(owner, 'contingency', () => warm(owner.contingency) === 3, { what: 'three holders' })
    await owner.state.put('book', book, { until: 'backed-up' })
    contingent.child.kill('SIGSTOP')
    const gone = () => owner.contingency.holders.every(({ peer }) => peer !== contingent.id)
    await until(owner, 'contingency', gone, { what: 'noticing' })
    const next = await introduced({ bootstraps })
    const hired = () => owner.contingency.holders.some(({ peer, warm: has }) => peer === next.id && has)
    await until(owner, 'contingency', hired, { what: 'a new contingent' })
    contingent.child.kill('SIGCONT')
    const holds = ({ view }: Line) =>
      (view as View | undefined)?.holding.some((duty) => duty.owner === owner.id)
    await contingent.says((line) => 'view' in line && !holds(line), 'having given it up')
    expect(owner.state.get('book')).toEqual(book)
    expect(owner.contingency.unbacked).toBe(0)
  })
})

describe('an owner and its contingent', () => {
  it('that are killed at the same moment: the other contingent stands in, and gives all of it back', async () => {
    const bootstraps = [(await open()).url]
    const contingent = await puppet({ bootstraps })
    const other = await introduced({ bootstraps })
    const [home, elsewhere] = [await folder(), await folder()]
    const owner = await puppet({ bootstraps, identity: `${home}/key` })
    await owner.ask({ put: ['book', book] }, 'put')
    await bothHaveAll(owner)
    await copyFile(`${home}/key`, `${elsewhere}/key`)
    owner.child.kill('SIGKILL')
    contingent.child.kill('SIGKILL')
    await standsIn(other, owner.id)
    const again = await puppet({ bootstraps, identity: `${elsewhere}/key` })
    await again.says(({ view }) => warm(view) > 0, 'being held again')
    expect((await again.ask({ get: 'book' }, 'get'))['value']).toEqual(book)
  })

  it('that freeze together and wake are what they were, with every byte', async () => {
    const bootstraps = [(await open()).url]
    const contingent = await puppet({ bootstraps })
    const other = await introduced({ bootstraps })
    const owner = await puppet({ bootstraps, identity: `${await folder()}/key` })
    await owner.ask({ put: ['book', book] }, 'put')
    await bothHaveAll(owner)
    for (const { child } of [owner, contingent]) child.kill('SIGSTOP')
    await standsIn(other, owner.id)
    for (const { child } of [owner, contingent]) child.kill('SIGCONT')
    await stepsDown(other, owner.id)
    expect((await owner.ask({ get: 'book' }, 'get'))['value']).toEqual(book)
    const { holders } = await owner.ask({ put: ['later', 1] }, 'put')
    expect(holders).not.toEqual([])
  })
})

/** A bootstrap and two peers who can hold. */
async function company(): Promise<{ bootstraps: string[]; holders: ColoniaNode[] }> {
  const bootstraps = [(await open()).url]
  return { bootstraps, holders: [await introduced({ bootstraps }), await introduced({ bootstraps })] }
}

interface View {
  holders: readonly { warm: boolean; lacks: number }[]
  holding: readonly { owner: string }[]
}

function warm(view: unknown): number {
  return ((view as View | undefined)?.holders ?? []).filter((holder) => holder.warm).length
}

/** Asks, as fast as it answers, until two holders have all there is. */
async function bothHaveAll(owner: Puppet): Promise<void> {
  let holders: View['holders'] = []
  while (holders.filter(({ warm, lacks }) => warm && lacks === 0).length < 2) {
    const { now } = await owner.ask({ view: true }, 'now')
    holders = (now as View).holders
  }
}

function isStandIn(node: ColoniaNode, owner: string): boolean {
  return node.contingency.holding.some((duty) => duty.owner === owner && duty.standingIn)
}

async function standsIn(node: ColoniaNode, owner: string): Promise<void> {
  await until(node, 'contingency', () => isStandIn(node, owner), { what: 'standing in' })
}

async function stepsDown(node: ColoniaNode, owner: string): Promise<void> {
  await until(node, 'contingency', () => !isStandIn(node, owner), { what: 'stepping down' })
}
