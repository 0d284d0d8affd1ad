/** Registrations among real peers: over WebRTC, with a bootstrap and without. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ColoniaNode, NodeOptions } from '#node/index'
import type { Registry } from '#node/registration/registry'
import type { Registration } from '#protocols/registration/index'
import { folder, open } from '../../bootstrap/harness.ts'
import { until } from '../../support/until.ts'
import { introduced, linked, peer } from '../harness.ts'

describe('a registration', () => {
  it('is found by whoever shares no link with the owner, and withdrawn at goodbye', async () => {
    const bootstraps = [(await open()).url]
    const [ana, ben] = [
      await introduced({ bootstraps, links: 0 }),
      await introduced({ bootstraps, links: 0 }),
    ]
    const found = await registered(ben, ana.id, ({ relays }) => relays.length > 0)
    expect(found).toMatchObject({ owner: ana.id, gone: false, epoch: { writer: ana.id }, chain: [] })
    expect(found.relays).toEqual([expect.stringMatching(/\/p2p\/12D3KooW\w+$/)])
    // It is public, so this is all there is in it.
    const fields = ['type', 'owner', 'epoch', 'sequence', 'expires', 'gone', 'relays', 'contingents', 'chain']
    expect(Object.keys(found).sort()).toEqual(fields.sort())
    await ana.stop()
    expect(await registryOf(ben).find(ana.id)).toMatchObject({ gone: true, epoch: found.epoch })
    expect(ben.links).toEqual([])
  })

  it('is found through other peers when no bootstrap is left, and names the contingents', async () => {
    const bootstrap = await open()
    const options = { bootstraps: [bootstrap.url], links: 0, contingents: 1 }
    const [ana, ben, cai] = [await introduced(options), await introduced(options), await introduced(options)]
    await Promise.all([ana.connect(ben.id), cai.connect(ben.id)])
    await Promise.all([linked(ben, ana), linked(ben, cai)])
    await bootstrap.stop()
    const found = await registered(cai, ana.id, ({ contingents }) => contingents.length > 0)
    expect(found.contingents).toEqual([ben.id])
    // Whoever else was asked was asked through Ben.
    expect(cai.links.filter(({ direct }) => direct).map(({ peer: other }) => other)).toEqual([ben.id])
  })
})

describe('an owner', () => {
  it('that is killed is found at its stand-in, and finds it from another device that knows nobody', async () => {
    const bootstraps = [(await open()).url]
    const holders = [await introduced({ bootstraps }), await introduced({ bootstraps })]
    const stranger = await introduced({ bootstraps, links: 0, capacity: { owners: 0, bytes: 0 } })
    const [home, elsewhere] = [await folder(), await folder()]
    const owner = await killable({ bootstraps, identity: `${home}/key` })
    await owner.put('book', { ana: 'Ana' })
    const before = await registered(stranger, owner.id, ({ contingents }) => contingents.length > 0)
    expect(before.epoch.writer).toBe(owner.id)
    await copyFile(`${home}/key`, `${elsewhere}/key`)
    await owner.kill()

    const away = await registered(stranger, owner.id, ({ epoch }) => epoch.writer !== owner.id)
    expect(holders.map(({ id }) => id)).toContain(away.epoch.writer)
    expect(away.chain[0]).toMatchObject({ by: owner.id, to: away.epoch.writer })
    expect(away.epoch.n).toBeGreaterThan(before.epoch.n)

    // It is linked to nobody and remembers nobody: only the registration leads to who has its state.
    const again = await peer({ bootstraps, identity: `${elsewhere}/key`, links: 0 })
    expect(again.state.get('book')).toBeUndefined()
    const back = () =>
      again.state.get('book') !== undefined && again.contingency.holders.some(({ warm }) => warm)
    await until(again, 'contingency', back, { what: 'having everything back', millis: 30_000 })
    expect(again.state.get('book')).toEqual({ ana: 'Ana' })
    const present = await registered(stranger, owner.id, ({ epoch }) => epoch.writer === owner.id)
    expect(present.epoch.n).toBeGreaterThan(away.epoch.n)
    // Who stood in steps down, and does not register it again.
    const stepped = (node: ColoniaNode) => !node.contingency.holding.some(({ standingIn }) => standingIn)
    await Promise.all(holders.map((node) => until(node, 'contingency', () => stepped(node))))
    // Most of it is waiting for the dead: a beat, a request, a question to everyone.
  }, 60_000)
})

function registryOf(node: ColoniaNode): Registry {
  return (node as unknown as { registry: Registry }).registry
}

/** Until what `node` finds of `owner` is as wanted: there is no event for what others keep. */
async function registered(
  node: ColoniaNode,
  owner: string,
  holds: (found: Registration) => boolean,
): Promise<Registration> {
  while (true) {
    const found = await registryOf(node).find(owner)
    if (found !== undefined && holds(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A peer in a process of its own. */
async function killable(options: NodeOptions) {
  const script = fileURLToPath(new URL('../../support/puppet.ts', import.meta.url))
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  const lines = createInterface(child.stdout)
  const said = (key: string) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const hear = (line: string) => {
        const parsed = JSON.parse(line)
        if (!(key in parsed)) return
        lines.off('line', hear)
        resolve(parsed)
      }
      lines.on('line', hear)
    })
  const { id } = await said('id')
  return {
    id: String(id),
    kill,
    /** Resolves once it is backed up. */
    async put(name: string, value: unknown) {
      const answer = said('put')
      child.stdin.write(`${JSON.stringify({ put: [name, value] })}\n`)
      await answer
    },
  }
}
