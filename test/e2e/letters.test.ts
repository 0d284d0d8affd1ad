/** Someone calls while you are away: they are told, leave a message, and it is there when you return. */
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { button, ended, idOf, openWorld, ready, screen } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())

const words = 'Ana, soy Ben.\nThe bread is in the oven: call me back when you can. 🥖'

describe('a message for someone who is away', () => {
  let ana: Person
  let ben: Person
  let eva: Person
  let anaId = ''
  let fresh: Page

  test('nothing is said of someone who is there', async () => {
    ana = await world.arrive('Ana', { context: { viewport: { width: 360, height: 740 } } })
    anaId = await idOf(ana.page)
    eva = await world.arrive('Eva', { context: { locale: 'es-ES' } })
    ben = await world.arrive('Ben', { hash: anaId })
    await button(ana.page, 'The nest').click()
    await ana.page.getByText('If you left now, nothing would be lost.').waitFor()
    await ana.page.locator('[data-role=holders] li').filter({ hasText: 'has a copy' }).nth(1).waitFor()
    await ben.page.getByRole('heading', { name: 'Call Ana?' }).waitFor()
    expect(await absence(ben.page).count()).toBe(0)
  })

  test('who has opened the link of someone who leaves sees since when she is away, by her name', async () => {
    await ana.page.close()
    await absence(ben.page)
      .filter({ hasText: /^Ana has been away since \d+:\d\d/ })
      .waitFor()
    await screen(ben.page, 'away-preview')
    await eva.page.goto(`${world.bootstrap.url}/#${anaId}`)
    await absence(eva.page)
      .filter({ hasText: /^Ana no está. Última señal: \d+:\d\d/ })
      .waitFor()
    await screen(eva.page, 'away-preview-es')
  })

  test('a call that does not reach her ends with a form, and what is written is kept, sealed', async () => {
    const { page } = ben
    await button(page, 'Call').click()
    await ended(page, 'unreachable')
    await absence(page).waitFor()
    await screen(page, 'away-ended')
    expect(await button(page, 'Leave it').isDisabled()).toBe(true)
    await page.getByLabel('Your message to Ana').fill(words)
    await button(page, 'Leave it').click()
    await page.locator('[data-role=kept]').filter({ hasText: 'only Ana can read it' }).waitFor()
    await screen(page, 'away-kept')
  })

  test('she opens the page again, and it is there, marked as new, though the one who left it has left', async () => {
    await ben.leave()
    fresh = await ana.page.context().newPage()
    await fresh.goto(world.bootstrap.url)
    await ready(fresh)
    const message = letter(fresh)
    await message.filter({ hasText: 'Ben' }).filter({ hasText: 'New' }).waitFor()
    expect(await message.locator('.words').textContent()).toBe(words)
    await fresh.getByRole('status').filter({ hasText: '1 new message' }).waitFor({ state: 'attached' })
    await screen(fresh, 'messages')
  })

  test('whoever has her link before them sees that she is back', async () => {
    await absence(eva.page).filter({ hasText: 'Ana ha vuelto.' }).waitFor()
    await screen(eva.page, 'away-back-es')
  })

  test('after a reload it is there still, and not new any more', async () => {
    await fresh.reload()
    await ready(fresh)
    await letter(fresh).waitFor()
    await letter(fresh).getByText('New').waitFor({ state: 'detached' })
    await fresh.getByRole('link', { name: 'Call back: Ben' }).waitFor()
  })

  test('what she deletes is gone, and stays gone', async () => {
    await button(fresh, 'Delete the message of Ben').click()
    await letter(fresh).waitFor({ state: 'detached' })
    await fresh.getByText('The message was deleted.').waitFor({ state: 'attached' })
    await fresh.reload()
    await ready(fresh)
    await fresh.locator('[data-role=link]').waitFor()
    await button(fresh, 'The nest').click()
    await fresh.locator('[data-role=holders] li').filter({ hasText: 'has a copy' }).waitFor()
    expect(await letter(fresh).count()).toBe(0)
  })

  test('nothing of it made a browser complain', () => {
    expect(world.complaints()).toEqual([])
  })
})

function absence(page: Page) {
  return page.locator('colonia-absence [data-presence]')
}

function letter(page: Page) {
  return page.locator('colonia-letters li')
}
