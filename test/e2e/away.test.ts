/** Going away in all the ways a browser knows: a tab that closes, one that dies, one that is frozen and wakes. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, expect, onTestFinished, test } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { openSleeper } from '../support/sleeper.ts'
import { button, idOf, openWorld, ready } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())
afterEach(async () => {
  await world.empty()
  expect(world.complaints()).toEqual([])
})

test('who closes the tab is stood in for, and is back with everything in a new one', async () => {
  const { ana, standing } = await company()
  const before = await idOf(ana.page)
  const context = ana.page.context()
  await ana.page.close({ runBeforeUnload: true })
  await standing.waitFor()
  const again = await context.newPage()
  await again.goto(world.bootstrap.url)
  await ready(again)
  expect(await idOf(again)).toBe(before)
  await standing.waitFor({ state: 'detached' })
})

test('whose tab dies is stood in for as well', async () => {
  const { ana, standing } = await company()
  await ana.page.goto('chrome://crash').catch(() => undefined)
  await standing.waitFor()
  const again = await ana.page.context().newPage()
  await again.goto(world.bootstrap.url)
  await standing.waitFor({ state: 'detached' })
})

test('a page that is frozen says goodbye, is stood in for, and takes back what is its own when it wakes', async () => {
  const ben = await world.arrive('Ben')
  const { page, freeze, wake, close } = await openSleeper()
  onTestFinished(close)
  await page.goto(world.bootstrap.url)
  await page.locator('#name').fill('Ana')
  await ready(page)
  const standing = await kept(ben, await idOf(page))
  await freeze()
  await standing.waitFor()
  await wake()
  await standing.waitFor({ state: 'detached' })
  expect(await page.getByLabel('Your name').inputValue()).toBe('Ana')
  await page.getByLabel('Your name').fill('Ana María')
  // It is still hidden, so it paints nothing and nobody can aim at a button.
  await button(page, 'The nest').dispatchEvent('click')
  const panel = page.getByRole('dialog', { name: 'The nest' })
  await panel.locator('[data-role=holders] li').filter({ hasText: 'has a copy' }).first().waitFor()
  await panel.getByText('If you left now, nothing would be lost.').waitFor()
})

/** Ana, and Ben who holds her, with a look at his panel: the entry there that says he answers for her. */
async function company(): Promise<{ ana: Person; standing: Locator }> {
  const ben = await world.arrive('Ben')
  const ana = await world.arrive('Ana')
  return { ana, standing: await kept(ben, await idOf(ana.page)) }
}

/** Until Ben holds her. @returns what his panel says once he answers for her */
async function kept(ben: Person, id: string): Promise<Locator> {
  const panel = await openNest(ben.page)
  const entry = panel.locator('[data-role=holding] li', { has: ben.page.locator(`[title="${id}"]`) })
  await entry.filter({ hasText: 'you have a copy' }).waitFor()
  return entry.filter({ hasText: 'away; you answer in their place' })
}

async function openNest(page: Page): Promise<Locator> {
  await button(page, 'The nest').click()
  return page.getByRole('dialog', { name: 'The nest' })
}
