/** Two people whose servers have both died, and who never met: they send each other a text, and then they call. */
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { type BootstrapProcess, startBootstrap } from '../support/bootstrap.ts'
import type { Person } from '../support/chromium.ts'
import { hears, plays } from './senses.ts'
import { button, connected, ended, openWorld, ring, screen } from './world.ts'

const phone = { viewport: { width: 360, height: 740 } }
const world = await openWorld()
let other: BootstrapProcess | undefined
afterAll(async () => {
  await other?.stop()
  await world.close()
})

describe('a reply that is opened as a link, as a phone’s camera does', () => {
  test('finds the tab that made the invitation', async () => {
    const [eva, leo] = [
      await world.arrive('Eva'),
      await world.arrive('Leo', { context: { ...phone, locale: 'es-ES' } }),
    ]
    await eva.page.goto(`${world.bootstrap.url}/#meet`)
    await button(eva.page, 'Make an invitation').click()
    await leo.page.goto(await noteOf(eva.page))
    await leo.page.getByRole('heading', { name: 'Dale esta respuesta' }).waitFor()
    await screen(leo.page, 'hand-replied-es')
    const tab = await eva.page.context().newPage()
    await tab.goto(await noteOf(leo.page))
    await tab.getByRole('heading', { name: 'The reply was passed on' }).waitFor()
    await eva.page.getByRole('heading', { name: 'You are connected' }).waitFor()
    await leo.page.getByRole('heading', { name: 'Estáis conectados' }).waitFor()
    await Promise.all([eva.leave(), leo.leave()])
  })
})

describe('with no entrance left', () => {
  let [ana, ben]: Person[] = []
  let [invitation, reply] = ['', '']
  const page = (person: Person | undefined) => (person as Person).page

  test('the page offers to meet by hand, at home and in the panel', async () => {
    ana = await world.arrive('Ana', { context: phone })
    ben = await world.arrive('Ben', { context: phone })
    // Each has an entrance of their own, so nobody introduces them.
    other = await startBootstrap()
    await page(ben).goto(`${other.url}/#`)
    await page(ben).locator('colonia-entrance [data-state=connected]').waitFor()
    await button(page(ana), 'The nest').click()
    await page(ana).getByRole('link', { name: 'Meet by hand' }).scrollIntoViewIfNeeded()
    await screen(page(ana), 'hand-nest')
    await page(ana).keyboard.press('Escape')
    await Promise.all([world.bootstrap.kill(), other.kill()])
    for (const each of [page(ana), page(ben)]) {
      await each.locator('colonia-entrance [data-state=lost]').waitFor()
      await each.getByRole('link', { name: 'Meet by hand' }).waitFor()
    }
    await screen(page(ana), 'hand-home')
  })

  test('one makes an invitation, which says what it shows and how long it is good', async () => {
    await page(ana).getByRole('link', { name: 'Meet by hand' }).click()
    await page(ana).getByText('network addresses').waitFor()
    await screen(page(ana), 'hand-start')
    await button(page(ana), 'Make an invitation').click()
    await page(ana).getByRole('img', { name: 'QR code of this text' }).waitFor()
    await screen(page(ana), 'hand-invited')
    invitation = await noteOf(page(ana))
    expect(invitation).toMatch(/\/#meet=[A-Z2-7]{300,500}$/)
  })

  test('a text that is cut off is refused in words, and so is one’s own', async () => {
    await page(ben).getByRole('link', { name: 'Meet by hand' }).click()
    await paste(page(ben), 'The invitation you were sent', invitation.slice(0, -40), 'Make a reply')
    await page(ben).getByText('A part of it is missing').waitFor()
    await screen(page(ben), 'hand-refused')
    await paste(page(ana), 'The reply they sent you', invitation, 'Connect')
    await page(ana).getByText('That is your own text').waitFor()
  })

  test('the other makes a reply of it', async () => {
    await paste(page(ben), 'The invitation you were sent', `Meet me! ${invitation}`, 'Make a reply')
    await page(ben).getByRole('heading', { name: 'Give them this reply' }).waitFor()
    await screen(page(ben), 'hand-replied')
    reply = await noteOf(page(ben))
  })

  test('which, pasted, connects them, and both are told', async () => {
    await paste(page(ana), 'The reply they sent you', reply, 'Connect')
    for (const each of [page(ana), page(ben)]) {
      await each.getByRole('heading', { name: 'You are connected', level: 1 }).waitFor()
    }
    await screen(page(ana), 'hand-met')
  })

  test('they call each other, and see and hear', async () => {
    await page(ana).getByRole('link', { name: 'Call them' }).click()
    await ring(page(ana), page(ben))
    await button(page(ben), 'Accept with video').click()
    await connected(page(ana), page(ben))
    await Promise.all([page(ana), page(ben)].map((each) => plays(each, 'remote')))
    await Promise.all([page(ana), page(ben)].map((each) => hears(each)))
    await button(page(ana), 'Hang up').click()
    await ended(page(ben), 'they-hung-up')
  })
})

async function noteOf(page: Page): Promise<string> {
  return (await page.locator('[data-role=note]').textContent()) ?? ''
}

async function paste(page: Page, label: string, content: string, action: string): Promise<void> {
  await page.getByLabel(label).fill(content)
  await button(page, action).click()
}
