/** What goes wrong in the world, what the page says about it, and what goes on regardless. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { startBootstrap } from '../support/bootstrap.ts'
import type { Person } from '../support/chromium.ts'
import { hears, meet, plays } from './senses.ts'
import { button, connected, ended, idOf, linked, openWorld, ready, ring, screen } from './world.ts'

describe('the entrance goes away in the middle of a call', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'colonia-'))
  const identity = ['--identity', join(folder, 'bootstrap.key')]
  const world = await openWorld({}, await startBootstrap(identity))
  let entrance = world.bootstrap
  afterAll(async () => {
    await world.close()
    await entrance.stop()
    await rm(folder, { recursive: true })
  })
  let ana: Person
  let ben: Person

  test('the call goes on, and the panel says what is out of reach', async () => {
    ana = await world.arrive('Ana')
    ben = await world.arrive('Ben', { hash: await idOf(ana.page) })
    await ring(ben.page, ana.page)
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await linked(ben)
    await entrance.kill()
    await button(ben.page, 'The nest').click()
    await ben.page.locator('[data-role=entrances] [data-state=lost]').waitFor()
    await screen(ben.page, 'nest-in-call')
    await ben.page.keyboard.press('Escape')
    await meet(ana.page, ben.page)
    await button(ana.page, 'Mute').click()
    await ben.page.getByText('Their microphone is off').waitFor()
  })

  test('after it, those who are linked can call each other without any entrance', async () => {
    await button(ana.page, 'Hang up').click()
    await ended(ben.page, 'they-hung-up')
    await button(ben.page, 'Call again').click()
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
    await button(ana.page, 'Hang up').click()
    await ended(ben.page, 'they-hung-up')
  })

  test('the page counts down to its next attempt, and says that the links hold', async () => {
    await button(ana.page, 'Go home').click()
    const line = ana.page.locator('colonia-entrance [data-state=lost]')
    await line.filter({ hasText: /your links to others hold: .* Trying again in/ }).waitFor()
    await screen(ana.page, 'home-lost')
  })

  test('when it is back on the same port and with the same key, all are connected again by themselves', async () => {
    entrance = await startBootstrap([...identity, '--port', new URL(world.bootstrap.url).port])
    expect(entrance.peerId).toBe(world.bootstrap.peerId)
    await button(ben.page, 'Go home').click()
    await Promise.all([ready(ana.page), ready(ben.page)])
  })

  test('browsers complained of the entrance alone', () => {
    const others = world.complaints().filter((line) => !line.includes(world.bootstrap.url.slice(7)))
    expect(others).toEqual([])
    expect(world.complaints()).not.toEqual([])
  })
})

describe('the way of the media is lost or changes', async () => {
  const world = await openWorld()
  afterAll(() => world.close())

  afterEach(() => world.empty())

  test('both are told while it lasts, and see each other again when a way is found', async () => {
    const ana = await world.arrive('Ana')
    const ben = await world.arrive('Ben', { hash: await idOf(ana.page) })
    const lose = await loser(ben)
    await ring(ben.page, ana.page)
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
    await lose(100)
    await Promise.all([ana, ben].map(({ page }) => page.locator('main[data-phase=reconnecting]').waitFor()))
    await screen(ben.page, 'reconnecting')
    await lose(0)
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
  })

  test('when both change networks at once, both look for a new way, and the call goes on', async () => {
    // The greater PeerID gives way when offers cross. That the one who was called does is what browsers find hard.
    const people = await Promise.all(['Ana', 'Ben'].map((name) => world.arrive(name)))
    const ids = await Promise.all(people.map(({ page }) => idOf(page)))
    const callee = (ids[0] ?? '') > (ids[1] ?? '') ? 0 : 1
    const [{ page: caller }, { page: called }] = [people[1 - callee], people[callee]] as [Person, Person]
    await caller.goto(`${world.bootstrap.url}/#${ids[callee]}`)
    await ring(caller, called)
    await button(called, 'Accept with video').click()
    await connected(caller, called)
    await meet(caller, called)
    const moment = Date.now() + 500
    await Promise.all([caller, called].map((page) => page.evaluate(changeNetworkAt, moment)))
    await meet(caller, called)
    await connected(caller, called)
  })

  test('nothing of it made a browser complain', () => {
    expect(world.complaints()).toEqual([])
  })
})

describe('camera and microphone are refused', async () => {
  const world = await openWorld({ camera: 'refused' })
  const other = await openWorld({}, world.bootstrap)
  afterAll(() => Promise.all([world.close(), other.close()]))

  test('the page says so and what to do, and one can call all the same', async () => {
    const ana = await other.arrive('Ana')
    const ben = await world.arrive('Ben', { hash: await idOf(ana.page) })
    await ben.page.getByText('The camera was refused', { exact: true }).waitFor()
    await ben.page.getByText('The microphone was refused', { exact: true }).waitFor()
    expect(await ben.page.locator('[data-trouble=refused]').count()).toBe(2)
    await screen(ben.page, 'preview-refused')
    await ring(ben.page, ana.page)
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await Promise.all([plays(ben.page, 'remote'), hears(ben.page)])
    await ana.page.getByText('Their camera is off').waitFor()
    await ana.page.getByText('Their microphone is off').waitFor()
    await screen(ben.page, 'call-refused')
    expect([...world.complaints(), ...other.complaints()]).toEqual([])
  })
})

/**
 * Lets a page lose packets of WebRTC, in percent; all else, the entrance included, is as before. It works on what
 * is opened after it was made, and only if something is emulated by then: hence the latency of 1 ms.
 */
async function loser({ page }: Person): Promise<(percent: number) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  async function lose(packetLoss: number): Promise<void> {
    const rest = { offline: false, latency: 1, downloadThroughput: -1, uploadThroughput: -1 }
    await devtools.send('Network.emulateNetworkConditions', { ...rest, packetLoss })
  }
  await lose(0)
  return lose
}

function changeNetworkAt(moment: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      dispatchEvent(new Event('online'))
      resolve()
    }, moment - Date.now())
  })
}
