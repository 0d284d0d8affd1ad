/** Finding a peer, with real peers: over a link, by the way that led there last, by a neighbour, by a look-up, or not. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import { sentences } from '#node/find-command'
import { writeKeyFile } from '#node/identity-file'
import { type ColoniaNode, createNode, type Finding } from '#node/index'
import { keyOf } from '#node/keyspace'
import type { Parts } from '#node/parts'
import { folder, open } from '../bootstrap/harness.ts'
import { until } from '../support/until.ts'
import { entrance, introduced, linked, peer } from './harness.ts'

/** Nobody makes a link by itself. */
const QUIET = { links: 0, contingents: 0 }

/**
 * Keys of peers in a row: for whoever is in it all those before are nearer and nearer. A look-up asks only who is nearer
 * than the one who told of it, so that in another order it would end on the way.
 */
async function keysInRow(count: number): Promise<Ed25519PrivateKey[]> {
  for (;;) {
    const keys = await Promise.all(Array.from({ length: count }, () => generateKeyPair('Ed25519')))
    const places = new Map(keys.map((key) => [key, keyOf(key.publicKey.toString())]))
    const between = (a: Ed25519PrivateKey, b: Ed25519PrivateKey) =>
      (places.get(a) as bigint) ^ (places.get(b) as bigint)
    const last = keys.pop() as Ed25519PrivateKey
    const row = [...keys.sort((a, b) => (between(a, last) > between(b, last) ? -1 : 1)), last]
    const nears = row.every((target, at) =>
      row.slice(1, at).every((one, n) => between(row[n] as Ed25519PrivateKey, target) > between(one, target)),
    )
    if (nears) return row
  }
}

/** Peers in a row, each linked to the next and nobody else; the bootstrap is dead. */
async function row(count: number): Promise<ColoniaNode[]> {
  const bootstrap = await open()
  const home = await folder()
  const all: ColoniaNode[] = []
  for (const [index, key] of (await keysInRow(count)).entries()) {
    await writeKeyFile(`${home}/${index}.key`, key)
    const identity = `${home}/${index}.key`
    const one = await introduced({ ...QUIET, identity, bootstraps: [bootstrap.url] })
    const before = all.at(-1)
    if (before !== undefined) {
      await before.connect(one.id)
      await linked(one, before)
    }
    all.push(one)
  }
  await bootstrap.stop()
  for (const one of all) await entrance(one, 'lost')
  // Each has told the one before and behind it.
  for (const [index, one] of all.entries()) {
    const next = all[index + 1]
    const behind = all[index + 2]
    if (next === undefined || behind === undefined) continue
    const told = () => one.neighbours.get(next.id)?.has(behind.id)
    while (!told()) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  // And has registered that it is reached by no bootstrap any more, or that would be put beside what is looked for.
  const parts = all.map((one) => (one as unknown as { parts: Pick<Parts, 'registry' | 'entrances'> }).parts)
  await Promise.all(parts.map(({ registry, entrances }) => registry.register(entrances.relays)))
  return all
}

/**
 * By a look-up, which took so many rounds; or the registration was left with whoever looks; or a look-up that it made
 * for itself a moment ago was told of the way.
 */
function lookedUp(finding: Finding, rounds: number): Finding {
  expect([`dht ${rounds}`, 'dht 0', 'cache 0']).toContain(`${finding.how} ${finding.rounds}`)
  return finding
}

/** Until only its one link is left: what was carried for a look-up ends when nobody uses it. */
async function rest(one: ColoniaNode): Promise<void> {
  await until(one, 'unlink', () => one.links.length === 1)
}

describe('a peer is found', () => {
  it('over a link, through a neighbour, by the way that led there last, and by a look-up', async () => {
    const [ana, ben, cai, dan, eva] = (await row(5)) as [
      ColoniaNode,
      ColoniaNode,
      ColoniaNode,
      ColoniaNode,
      ColoniaNode,
    ]
    const before = ana.counts.peerConnections
    expect(await ana.find(ben.id)).toMatchObject({ presence: 'here', how: 'link', rounds: 0, via: [] })
    await rest(ana)
    expect(await ana.find(cai.id)).toMatchObject({ how: 'neighbour', rounds: 0, via: [ben.id] })
    await rest(ana)
    // Ben is asked, to whom Cai has said that it is linked to Dan.
    expect(lookedUp(await ana.find(dan.id), 1)).toMatchObject({ presence: 'here', via: [ben.id, cai.id] })
    await rest(ana)
    // Ben knows of Cai, who is asked through Ben, and to whom Dan has said that it is linked to Eva.
    expect(lookedUp(await ana.find(eva.id), 2)).toMatchObject({ via: [ben.id, cai.id, dan.id] })
    // Nobody needed a connection of WebRTC for that.
    expect(ana.counts.peerConnections).toBe(before)
    expect(ben.counts.carried).toBeGreaterThan(0)
    // A handshake that nobody uses ends after a while.
    await rest(ana)
    expect(await ana.find(eva.id)).toMatchObject({ how: 'cache', rounds: 0, via: [ben.id, cai.id, dan.id] })
    expect((await ana.connect(eva.id)).direct).toBe(true)
    expect(await ana.find(eva.id)).toMatchObject({ how: 'link' })
  })

  it('no more when nobody is there, and it says so', async () => {
    const { url } = await open()
    const [ana, ben] = [await introduced({ bootstraps: [url] }), await introduced({ bootstraps: [url] })]
    await linked(ana, ben)
    const stranger = await createNode()
    await stranger.stop()
    await expect(ana.find(stranger.id)).rejects.toMatchObject({ code: 'unreachable' })
    await expect(ana.find('12D3KooWnonsense')).rejects.toMatchObject({ code: 'bad-peer-id' })
    await expect((await peer({})).find(ana.id)).rejects.toMatchObject({ code: 'no-entrance' })
    const reason = new Error('changed my mind')
    await expect(ana.find(stranger.id, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('as one who is away, with who stands in for it', async () => {
    const { url } = await open()
    const all = [await introduced({ bootstraps: [url] }), await introduced({ bootstraps: [url] })] as const
    const [ana, ben] = all
    const cai = await introduced({ bootstraps: [url] })
    await until(cai, 'contingency', () => cai.contingency.holders.filter(({ warm }) => warm).length === 2)
    await cai.stop()
    const stands = () =>
      all.find(({ contingency }) => contingency.holding.some((one) => one.owner === cai.id && one.standingIn))
    await Promise.any(all.map((one) => until(one, 'contingency', stands)))
    // What was carried for another's question may still be there, and what a link says is said at once: asked again
    // and again without a pause, it would keep out the very news that the link is gone.
    await until(ana, 'unlink', () => ana.links.every((link) => link.peer !== cai.id))
    let finding = await ana.find(cai.id).catch(() => undefined)
    while (finding?.standIn === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      finding = await ana.find(cai.id).catch(() => undefined)
    }
    expect(finding).toMatchObject({ presence: 'away', how: 'dht' })
    expect([ana.id, ben.id]).toContain(finding.standIn)
  })
})

describe('a neighbour that lies', () => {
  it('about whom it is linked to costs an attempt, and the way is found all the same', async () => {
    const [ana, ben, cai, dan] = (await row(4)) as [ColoniaNode, ColoniaNode, ColoniaNode, ColoniaNode]
    await rest(ana)
    const { atlas } = (
      ana as unknown as { parts: { links: { atlas: { told(a: string, b: string[]): void } } } }
    ).parts.links
    // As if a linked peer had said so.
    atlas.told(ben.id, [dan.id])
    expect(lookedUp(await ana.find(dan.id), 1)).toMatchObject({ presence: 'here', via: [ben.id, cai.id] })
  })
})

describe('what colonia find says', () => {
  it('is where a peer is, how that was found, and what it took', () => {
    const finding = {
      peer: 'P',
      presence: 'here',
      how: 'dht',
      via: ['A', 'B'],
      rounds: 2,
      millis: 31.5,
    } as const
    expect(sentences(finding)).toBe(
      'P is here\n  found by a look-up in the DHT (dht): 2 rounds, 31.5 ms\n  carried by A, then B\n',
    )
    const away = { ...finding, presence: 'away', via: [], rounds: 1, standIn: 'C' } as const
    expect(sentences(away)).toBe(
      'P is away\n  found by a look-up in the DHT (dht): 1 round, 31.5 ms\n  stood in for by C\n',
    )
  })
})
