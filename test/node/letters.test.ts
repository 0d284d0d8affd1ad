/** Messages for an absent owner, between real peers. */
import { copyFile } from 'node:fs/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { describe, expect, it } from 'vitest'
import type { ColoniaNode, Letter } from '#node/index'
import { folder, open } from '../bootstrap/harness.ts'
import { until as wait } from '../support/until.ts'
import { introduced, linked } from './harness.ts'

const words = { text: 'Call me back — ¡hasta luego! 👋', bytes: Uint8Array.of(0, 1, 254, 255) }

/** Links, and a peer that is shunned for a while: how long that takes is not what is tested. */
const until: typeof wait = (target, type, holds, options) =>
  wait(target, type, holds, { ...options, millis: 60_000 })

describe('someone who is called while away', () => {
  it('is said to be there while it is, with the name that it made public', async () => {
    const { bootstraps, ben } = await company()
    const ana = await introduced({ bootstraps })
    await ana.state.put('profile/name', 'Ana', { public: true })
    await linked(ben, ana)
    expect(await ben.presence(ana.id)).toMatchObject({ presence: 'present', name: 'Ana' })
    await expect(ben.leaveMessage(ana.id, words)).rejects.toMatchObject({ code: 'present' })
  })

  it('is said to be away since when, gets a message, and finds it on its return', async () => {
    const { bootstraps, ben, others } = await company()
    const home = await folder()
    const ana = await introduced({ bootstraps, identity: `${home}/key` })
    await ana.state.put('profile/name', 'Ana', { public: true, until: 'backed-up' })
    await away(ana, others)

    const presence = await ben.presence(ana.id)
    expect(presence).toMatchObject({ presence: 'away', name: 'Ana' })
    const since = presence.presence === 'away' ? (presence.since ?? 0) : 0
    expect(Date.now() - since).toBeLessThan(10_000)
    const { kept } = await ben.leaveMessage(ana.id, words, { id: 'first' })
    expect(others.map(({ id }) => id)).toContain(kept[0])
    // Said again, as when the answer was lost.
    await ben.leaveMessage(ana.id, words, { id: 'first' })
    await ben.leaveMessage(ana.id, 'later')

    const again = await introduced({ bootstraps, identity: `${home}/key` })
    const letters = await received(again, 2)
    expect(letters.map(({ sender }) => sender)).toEqual([ben.id, ben.id])
    expect(letters.map(({ value }) => value)).toEqual(['later', words])
    expect(Math.abs(Date.now() - (letters[0]?.at ?? 0))).toBeLessThan(60_000)
  })

  it('finds it on another device too; and once it is deleted, it stays so on both', async () => {
    const { bootstraps, ben, others } = await company()
    const [home, elsewhere] = [await folder(), await folder()]
    const ana = await introduced({ bootstraps, identity: `${home}/key` })
    await ana.state.put('a', 1, { until: 'backed-up' })
    await away(ana, others)
    await ben.leaveMessage(ana.id, words, { id: 'first' })
    await ben.leaveMessage(ana.id, 'stays')

    await copyFile(`${home}/key`, `${elsewhere}/key`)
    const other = await introduced({ bootstraps, identity: `${elsewhere}/key` })
    const [stays, first] = await received(other, 2)
    expect(first?.value).toEqual(words)
    await other.inbox.remove(first as Letter)
    expect(other.inbox.list()).toEqual([stays])
    await until(other, 'contingency', () => backedUp(other), { what: 'the deletion with a holder' })
    await away(other, others)

    const again = await introduced({ bootstraps, identity: `${home}/key` })
    await received(again, 1)
    await until(again, 'contingency', () => backedUp(again), { what: 'all gathered' })
    expect(again.inbox.list().map(({ value }) => value)).toEqual(['stays'])
    // What was deleted is not taken in once more, and is called kept: it did arrive.
    await away(again, others)
    await ben.leaveMessage(ana.id, words, { id: 'first' })
    const last = await introduced({ bootstraps, identity: `${home}/key` })
    await until(last, 'contingency', () => backedUp(last), { what: 'all gathered' })
    expect(last.inbox.list().map(({ value }) => value)).toEqual(['stays'])
  })

  it('gets no more than is kept for it from one stranger; others are unaffected', async () => {
    const { bootstraps, ben, others } = await company()
    const eve = await introduced({ bootstraps })
    const home = await folder()
    const ana = await introduced({ bootstraps, identity: `${home}/key` })
    await ana.state.put('a', 1, { until: 'backed-up' })
    await away(ana, [...others, eve])
    const flood: unknown[] = []
    // Each costs two of sixteen drops.
    for (let at = 0; at < 12; at++)
      flood.push(await eve.leaveMessage(ana.id, at, { signal: soon() }).catch((error) => error))
    expect(flood.filter((each) => !(each instanceof Error)).length).toBeLessThanOrEqual(8)
    await ben.leaveMessage(ana.id, words)
    const again = await introduced({ bootstraps, identity: `${home}/key` })
    await until(again.inbox, 'change', () => again.inbox.list().some(({ sender }) => sender === ben.id), {
      what: "Ben's message",
    })
    expect(again.inbox.list().filter(({ sender }) => sender === eve.id).length).toBeLessThanOrEqual(8)
  })

  it('is told of to one who asks without end only now and then, and to others all the while', async () => {
    const bootstraps = [(await open()).url]
    const bo = await introduced({ bootstraps })
    const nobodys = { bootstraps, capacity: { owners: 0, bytes: 0 } }
    const [ben, eve] = [await introduced(nobodys), await introduced(nobodys)]
    const ana = await introduced({ bootstraps })
    await Promise.all([linked(ben, bo), linked(eve, bo)])
    await ana.state.put('a', 1, { until: 'backed-up' })
    await away(ana, [bo], 1)
    const asks = () => eve.presence(ana.id, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    let answers = 0
    while (answers < 100 && (await asks()) !== undefined) answers += 1
    expect(answers).toBeGreaterThan(10)
    expect(answers).toBeLessThan(100)
    expect(await ben.presence(ana.id)).toMatchObject({ presence: 'away', by: bo.id })
  })

  it('may be stood in for by the very one who calls', async () => {
    const bootstraps = [(await open()).url]
    const identity = `${await folder()}/key`
    const ben = await introduced({ bootstraps })
    const ana = await introduced({ bootstraps, identity })
    await ana.state.put('a', 1, { until: 'backed-up' })
    await ana.stop()
    await until(ben, 'contingency', () => ben.contingency.holding.some(({ standingIn }) => standingIn))
    expect(await ben.presence(ana.id)).toMatchObject({ presence: 'away', by: ben.id })
    expect(await ben.leaveMessage(ana.id, words)).toEqual({ kept: [ben.id] })
    const again = await introduced({ bootstraps, identity })
    expect(await received(again, 1)).toMatchObject([{ sender: ben.id, value: words }])
  })

  it('that nobody knows is unknown, and takes no message', async () => {
    const { ben } = await company()
    const nobody = (await generateKeyPair('Ed25519')).publicKey.toString()
    expect(await ben.presence(nobody)).toEqual({ presence: 'unknown' })
    await expect(ben.leaveMessage(nobody, words)).rejects.toMatchObject({ code: 'nobody-stands-in' })
    await expect(ben.leaveMessage(nobody, 'x'.repeat(4_096))).rejects.toMatchObject({
      code: 'record-too-large',
    })
    await expect(ben.leaveMessage(ben.id, words)).rejects.toMatchObject({ code: 'bad-peer-id' })
    const over = AbortSignal.abort(new Error('enough'))
    await expect(ben.presence(nobody, { signal: over })).rejects.toThrow('enough')
  })
})

/** A bootstrap, Ben, and two others who can hold: Ben too. */
async function company() {
  const bootstraps = [(await open()).url]
  const all = [await introduced({ bootstraps }), await introduced({ bootstraps })]
  const ben = await introduced({ bootstraps, capacity: { owners: 0, bytes: 0 } })
  await Promise.all(all.map((other) => linked(ben, other)))
  return { bootstraps, ben, others: all }
}

/** Leaves, and somebody stands in. */
async function away(owner: ColoniaNode, others: readonly ColoniaNode[], copies = 2): Promise<void> {
  await until(owner, 'contingency', () => backedUp(owner, copies), { what: 'being held' })
  await owner.stop()
  const standsIn = (node: ColoniaNode) => () =>
    node.contingency.holding.some((duty) => duty.owner === owner.id && duty.standingIn)
  await Promise.any(others.map((node) => until(node, 'contingency', standsIn(node), { what: 'standing in' })))
}

function backedUp({ contingency: { holders, unbacked } }: ColoniaNode, copies = 2): boolean {
  return unbacked === 0 && holders.filter(({ warm }) => warm).length >= copies
}

async function received(node: ColoniaNode, count: number): Promise<readonly Letter[]> {
  return await until(node.inbox, 'change', () => node.inbox.list().length >= count && node.inbox.list(), {
    what: `${count} messages`,
  })
}

function soon(): AbortSignal {
  return AbortSignal.timeout(1_000)
}
