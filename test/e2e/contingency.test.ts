/** What others keep of me: people and calls that are still there afterwards, and the panel that says who has them. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { button, connected, ended, idOf, openWorld, ready, ring, screen } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())

describe('what is remembered', () => {
  let ana: Person
  let ben: Person
  let eva: Person
  let [anaId, benId] = ['', '']

  test('who is alone and leaves loses what nobody else has, and is told so', async () => {
    ana = await world.arrive('Ana', { context: { viewport: { width: 360, height: 740 } } })
    anaId = await idOf(ana.page)
    const panel = await openNest(ana.page)
    await panel.getByText('Nobody holds a copy of your state yet: you are alone here.').waitFor()
    await screen(ana.page, 'nest-alone')
    await closeNest(panel)
  })

  test('after a call both have each other under recent, and see how it ended', async () => {
    ben = await world.arrive('Ben')
    benId = await idOf(ben.page)
    await visit(ben.page, anaId)
    await ring(ben.page, ana.page)
    await button(ana.page, 'Accept with video').click()
    await connected(ana.page, ben.page)
    await button(ben.page, 'Hang up').click()
    await Promise.all([ended(ben.page, 'hung-up'), ended(ana.page, 'they-hung-up')])
    await Promise.all([goHome(ana.page), goHome(ben.page)])
    await recent(ana.page, benId)
      .filter({ hasText: /Ben\s.*They hung up/s })
      .waitFor()
    await recent(ben.page, anaId)
      .filter({ hasText: /Ana\s.*You hung up/s })
      .waitFor()
    await recent(ana.page, benId).scrollIntoViewIfNeeded()
    await screen(ana.page, 'home-recent')
  })

  test('a contact is called what I call it, whatever it calls itself', async () => {
    await button(ana.page, 'Change Ben').click()
    await ana.page.getByLabel('What you call them').fill('Benjamín')
    await screen(ana.page, 'home-rename')
    await button(ana.page, 'Save').click()
    await recent(ana.page, benId).filter({ hasText: 'Benjamín' }).waitFor()
  })

  test('after a reload all of it is still there', async () => {
    await ana.page.reload()
    await ready(ana.page)
    await recent(ana.page, benId)
      .filter({ hasText: /Benjamín\s.*They hung up/s })
      .waitFor()
    expect(await ana.page.getByLabel('Your name').inputValue()).toBe('Ana')
  })

  test('a browser that has forgotten the name has it from the state again', async () => {
    await ana.page.evaluate(() => localStorage.clear())
    await ana.page.reload()
    await ready(ana.page)
    await expect.poll(() => ana.page.getByLabel('Your name').inputValue(), { timeout: 10_000 }).toBe('Ana')
  })

  test('with others around, the panel says who has a copy, and that nothing would be lost', async () => {
    eva = await world.arrive('Eva')
    const panel = await openNest(ana.page)
    await panel.getByText('If you left now, nothing would be lost.').waitFor()
    const holders = panel.locator('[data-role=holders] li')
    await holders.filter({ hasText: 'has a copy' }).nth(1).waitFor()
    expect(await holders.count()).toBe(2)
    await panel.locator('[data-role=holding] li').filter({ hasText: 'you have a copy' }).first().waitFor()
    await screen(ana.page, 'nest-held')
    await closeNest(panel)
  })

  test('a press on Call leads to someone recent, and the call rings there', async () => {
    await ana.page.getByRole('link', { name: 'Call Benjamín' }).click()
    await ana.page.getByRole('heading', { name: 'Call Benjamín?' }).waitFor()
    await ring(ana.page, ben.page)
    await button(ben.page, 'Decline').click()
    await ended(ana.page, 'declined')
    await Promise.all([goHome(ana.page), goHome(ben.page)])
    await recent(ana.page, benId).filter({ hasText: 'They declined' }).waitFor()
    await recent(ben.page, anaId).filter({ hasText: 'You declined' }).waitFor()
  })

  test('who is forgotten is gone, with every call', async () => {
    await button(ana.page, 'Change Benjamín').click()
    await button(ana.page, 'Forget').click()
    await recent(ana.page, benId).waitFor({ state: 'detached' })
    await ana.page.getByRole('heading', { name: 'How it works' }).waitFor()
  })

  test('a browser that crashes in the middle of a call is back in it, and remembers one call', async () => {
    const { page } = eva
    await visit(page, anaId)
    await ring(page, ana.page)
    await button(ana.page, 'Accept with video').click()
    await connected(page, ana.page)
    await page
      .getByRole('timer')
      .filter({ hasText: /0:0[1-9]/ })
      .waitFor()
    await page.goto('chrome://crash').catch(() => undefined)
    const fresh = await page.context().newPage()
    await fresh.goto(world.bootstrap.url)
    await connected(fresh, ana.page)
    await button(fresh, 'Hang up').click()
    await goHome(fresh)
    await recent(fresh, anaId)
      .filter({ hasText: /Ana\s.*You hung up/s })
      .waitFor({ timeout: 20_000 })
    expect(await recent(fresh, anaId).count()).toBe(1)
  })

  test('nothing of it made a browser complain', () => {
    expect(world.complaints()).toEqual([])
  })
})

function recent(page: Page, peer: string): Locator {
  return page.locator(`colonia-people [data-peer="${peer}"]`)
}

/** Follows the link to someone, as from a message that one was sent. */
async function visit(page: Page, peer: string): Promise<void> {
  await page.getByLabel('Their link or PeerID').fill(peer)
  await button(page, 'Open').click()
}

async function goHome(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Colonia' }).click()
  await page.getByRole('heading', { name: 'Call someone, or be called' }).waitFor()
}

async function openNest(page: Page): Promise<Locator> {
  await button(page, 'The nest').click()
  return page.getByRole('dialog', { name: 'The nest' })
}

async function closeNest(panel: Locator): Promise<void> {
  await button(panel.page(), 'Close').click()
  await panel.waitFor({ state: 'hidden' })
}
