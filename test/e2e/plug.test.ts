/**
 * The plug is pulled: four people, one of them in a call with another, lose their server. The call plays on, two who
 * never called each other do, one reloads and is back, and the server is used again when it returns. A peer in Node
 * that listens is the entrance that is left; in the second story that is another bootstrap.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNode } from '#node/index'
import { type BootstrapProcess, startBootstrap } from '../support/bootstrap.ts'
import type { Person } from '../support/chromium.ts'
import { meet, plays, watchPicture } from './senses.ts'
import { button, connected, ended, idOf, openWorld, ready, ring, screen, type World } from './world.ts'

/** Longest that a picture may stand still while the server dies, in milliseconds: a second would be lost. */
const SECOND = 1_000
/** Someone who has lost a server knocks again after 30 s at the latest (`protocols/entrance`), and is let in then. */
const LONGEST_KNOCK = 45_000

async function settle(people: readonly Person[], links: number): Promise<void> {
  for (const { page } of people) {
    await button(page, 'The nest').click()
    const direct = page.locator('[data-role=links]').getByText(/^direct/)
    await expect.poll(() => direct.count(), { timeout: 30_000 }).toBeGreaterThanOrEqual(links)
    // Without the kept files the page could not be loaded again.
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
    await page.keyboard.press('Escape')
  }
}

async function call(from: Page, to: Page, id: string): Promise<void> {
  await from.getByLabel('Their link or PeerID').fill(id)
  await button(from, 'Open').click()
  await ring(from, to)
  await button(to, 'Accept with video').click()
  await connected(from, to)
}

async function hangUp(one: Page, other: Page): Promise<void> {
  await button(one, 'Hang up').click()
  await ended(one, 'hung-up')
  await ended(other, 'they-hung-up')
  for (const page of [one, other]) await button(page, 'Go home').click()
}

async function arriveAll(world: World, names: readonly string[]): Promise<[Person[], string[]]> {
  const people: Person[] = []
  for (const name of names) people.push(await world.arrive(name))
  return [people, await Promise.all(people.map(({ page }) => idOf(page)))]
}

describe('with a peer in Node that listens', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'colonia-'))
  const identity = ['--identity', join(folder, 'bootstrap.key')]
  const world = await openWorld({}, await startBootstrap(identity))
  const { url } = world.bootstrap
  const keeper = await createNode({ bootstraps: [url], listen: ['/ip4/127.0.0.1/udp/0/webrtc-direct'] })
  let server: BootstrapProcess = world.bootstrap
  let [ana, ben, cai, dan] = [] as unknown as [Person, Person, Person, Person]
  let ids: string[] = []
  afterAll(async () => {
    await keeper.stop()
    await world.close()
    await server.stop()
    await rm(folder, { recursive: true })
  })

  test('four people meet, and two of them talk', async () => {
    const [people, found] = await arriveAll(world, ['Ana', 'Ben', 'Cai', 'Dan'])
    ;[ana, ben, cai, dan] = people as [Person, Person, Person, Person]
    ids = found
    // Each other, and the peer in Node.
    await settle(people, 4)
    await call(ana.page, ben.page, ids[1] as string)
    await meet(ana.page, ben.page)
  })

  test('the server is killed, and their call does not lose a second', async () => {
    const still = await Promise.all([ana, ben].map(({ page }) => watchPicture(page)))
    await server.kill()
    for (const { page } of [ana, ben]) await page.getByText('The server is gone.').waitFor()
    for (const { page } of [ana, ben, ana, ben]) await plays(page, 'remote')
    for (const most of await Promise.all(still.map((read) => read()))) expect(most).toBeLessThan(SECOND)
  })

  test('two who never called each other do, with no server alive', async () => {
    await cai.page.getByText(/your links to others hold/).waitFor()
    await call(cai.page, dan.page, ids[3] as string)
    await meet(cai.page, dan.page)
    await hangUp(cai.page, dan.page)
  })

  test('one reloads, is the same person again, and is called', async () => {
    await cai.page.reload()
    await ready(cai.page)
    expect(await idOf(cai.page)).toBe(ids[2])
    await settle([cai], 1)
    await screen(cai.page, 'back-without-server')
    await call(dan.page, cai.page, ids[2] as string)
    await meet(cai.page, dan.page)
    await hangUp(dan.page, cai.page)
    // The first call has not cared about any of this.
    await meet(ana.page, ben.page)
  })

  test('the server returns and is used again: someone new comes by it, and calls', async () => {
    server = await startBootstrap([...identity, '--port', new URL(url).port])
    for (const { page } of [ana, ben])
      await page.getByText('The server is gone.').waitFor({ state: 'detached', timeout: LONGEST_KNOCK })
    const eva = await world.arrive('Eva')
    await call(eva.page, dan.page, ids[3] as string)
    await meet(eva.page, dan.page)
    await hangUp(eva.page, dan.page)
    await hangUp(ana.page, ben.page)
  })
})

describe('with two bootstraps', () => {
  let second: BootstrapProcess
  let world: World
  // Only now: a browser that is open takes of what the one before needs.
  beforeAll(async () => {
    second = await startBootstrap(['--origins', '*'])
    world = await openWorld({}, await startBootstrap(['--bootstraps', second.url]))
  })
  afterAll(async () => {
    await world.close()
    await second.stop()
  })

  test('one is killed: whoever reloads comes in by the other, and a stranger of the other calls', async () => {
    const [[ana, ben], ids] = (await arriveAll(world, ['Ana', 'Ben'])) as [[Person, Person], string[]]
    await settle([ana, ben], 1)
    await world.bootstrap.kill()
    // Whoever stays goes to the other as well, of which the first told.
    await button(ben.page, 'The nest').click()
    await ben.page.locator('[data-role=entrances] [data-state=connected]').waitFor()
    await ben.page.keyboard.press('Escape')
    await ana.page.reload()
    await ready(ana.page)
    expect(await idOf(ana.page)).toBe(ids[0])
    const eva = await world.arrive('Eva', { at: second.url })
    await call(eva.page, ana.page, ids[0] as string)
    await meet(eva.page, ana.page)
    await hangUp(eva.page, ana.page)
    await call(ana.page, ben.page, ids[1] as string)
    await meet(ana.page, ben.page)
  })
})
