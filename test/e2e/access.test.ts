/** The page for those who do not use a mouse, do not read English, or want to know what goes on underneath. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, expect, test } from 'vitest'
import { button, connected, ended, idOf, openWorld, ring, screen } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())
afterEach(async () => {
  await world.empty()
  expect(world.complaints()).toEqual([])
})

/** Goes from control to control as the Tab key does, until `target` is reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = () => target.evaluate((element) => element.matches(':focus-visible'))
  for (let presses = 0; presses < 30; presses += 1) {
    if (await focused()) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the Tab key does not lead to ${target}`)
}

test('a call is placed, accepted, muted and ended with the keyboard alone', async () => {
  const ana = await world.arrive('Ana')
  const ben = await world.arrive('Ben')
  await tabTo(ben.page, ben.page.getByLabel('Their link or PeerID'))
  await ben.page.keyboard.insertText(await idOf(ana.page))
  await ben.page.keyboard.press('Enter')
  await tabTo(ben.page, button(ben.page, 'Call'))
  await ben.page.keyboard.press('Enter')

  await ana.page.getByRole('alertdialog').waitFor()
  await tabTo(ana.page, button(ana.page, 'Accept with video'))
  await ana.page.keyboard.press('Space')
  await connected(ana.page, ben.page)

  await ana.page.keyboard.press('m')
  await ben.page.getByText('Their microphone is off').waitFor()
  await ana.page.keyboard.press('v')
  await ben.page.getByText('Their camera is off').waitFor()
  await tabTo(ben.page, button(ben.page, 'Hang up'))
  await ben.page.keyboard.press('Enter')
  await ended(ana.page, 'they-hung-up')
})

test('Escape declines a call that comes in, and cancels one that goes out', async () => {
  const ana = await world.arrive('Ana')
  const ben = await world.arrive('Ben', { hash: await idOf(ana.page) })
  await ring(ben.page, ana.page)
  await ana.page.keyboard.press('Escape')
  await ended(ben.page, 'declined')
  await button(ben.page, 'Call again').click()
  await ana.page.getByRole('alertdialog').waitFor()
  await ben.page.keyboard.press('Escape')
  await ended(ana.page, 'cancelled')
})

test('what happens is told to screen readers, and the focus follows', async () => {
  const ana = await world.arrive('Ana')
  const ben = await world.arrive('Ben', { hash: await idOf(ana.page) })
  const told = (page: Page, words: string) =>
    page.locator('[data-role=announcement]').filter({ hasText: words }).waitFor({ state: 'attached' })
  await ring(ben.page, ana.page)
  await Promise.all([told(ana.page, 'Calling you'), told(ben.page, 'Ringing…')])
  await ana.page.locator('h1:focus', { hasText: 'Ben is calling' }).waitFor()
  await button(ana.page, 'Accept, audio only').click()
  await Promise.all([told(ana.page, 'Connected'), told(ben.page, 'Connected')])
  await button(ben.page, 'Hang up').click()
  await Promise.all([told(ana.page, 'They hung up'), told(ben.page, 'You hung up')])
})

test('the nest shows my PeerID, the entrance and the links to others', async () => {
  const ana = await world.arrive('Ana')
  const ben = await world.arrive('Ben')
  const id = await idOf(ana.page)
  await button(ana.page, 'The nest').click()
  const panel = ana.page.getByRole('dialog', { name: 'The nest' })
  expect(await panel.locator('[data-role=id]').textContent()).toBe(id)
  await panel.locator('[data-role=entrances] [data-state=connected]').waitFor()
  await panel.locator(`[data-role=links] [title="${await idOf(ben.page)}"]`).waitFor()
  await panel.getByText(/^direct/).waitFor()
  await screen(ana.page, 'nest')
  await ana.page.keyboard.press('Escape')
  await panel.waitFor({ state: 'hidden' })
})

test('who reads Spanish is spoken to in Spanish', async () => {
  const ana = await world.arrive('Ana')
  const pia = await world.arrive('Pía', { hash: await idOf(ana.page), context: { locale: 'es-ES' } })
  await screen(pia.page, 'preview-es')
  await button(pia.page, 'Llamar').click()
  await pia.page.getByText('Sonando…').last().waitFor()
  await button(ana.page, 'Accept with video').click()
  await connected(ana.page, pia.page)
  await button(pia.page, 'Colgar').click()
  await pia.page.getByRole('heading', { name: 'Colgaste' }).waitFor()
  await screen(pia.page, 'ended-es')
  await button(pia.page, 'Ir al inicio').click()
  await pia.page.getByRole('heading', { name: 'Llama a alguien o deja que te llamen' }).waitFor()
  await screen(pia.page, 'home-es')
})

test('in the dark the page is dark', async () => {
  const { page } = await world.arrive('Ana', { context: { colorScheme: 'dark' } })
  await screen(page, 'home-dark')
})
