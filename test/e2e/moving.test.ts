/** Who one is, on another device: taken along as words or as a file, and what a page says that one has left behind. */
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { button, connected, ended, idOf, openWorld, ready, ring, screen } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())

describe('a person who moves', () => {
  let [ana, ben, laptop]: Person[] = []
  let [anaId, benId] = ['', '']
  let words = ''
  const page = (person: Person | undefined) => (person as Person).page

  test('has a name, a contact and a call that others keep', async () => {
    ben = await world.arrive('Ben')
    await world.arrive('Eva')
    ana = await world.arrive('Ana', { context: { viewport: { width: 360, height: 740 } } })
    ;[anaId, benId] = [await idOf(page(ana)), await idOf(page(ben))]
    await page(ana).getByLabel('Their link or PeerID').fill(benId)
    await button(page(ana), 'Open').click()
    await ring(page(ana), page(ben))
    await button(page(ben), 'Accept with video').click()
    await connected(page(ana), page(ben))
    await button(page(ana), 'Hang up').click()
    await ended(page(ana), 'hung-up')
    await button(page(ana), 'Go home').click()
    await button(page(ana), 'Change Ben').click()
    await page(ana).getByLabel('What you call them').fill('Benjamín')
    await button(page(ana), 'Save').click()
  })

  test('is shown 24 words at the press of a button, after a warning', async () => {
    const panel = await openNest(page(ana))
    await panel.getByText('If you left now, nothing would be lost.').waitFor()
    await button(page(ana), 'Take me along').click()
    await panel.getByText('Whoever reads them can be you').waitFor()
    await button(page(ana), 'Show 24 words').click()
    const list = panel.locator('[data-role=words] li')
    await list.nth(23).waitFor()
    words = (await list.allTextContents()).join(' ')
    await list.first().scrollIntoViewIfNeeded()
    await screen(page(ana), 'moving-words')
    await page(ana).keyboard.press('Escape')
    await panel.waitFor({ state: 'hidden' })
  })

  test('is refused with a word that does not exist, and told which', async () => {
    laptop = await world.arrive('Somebody', { context: { viewport: { width: 360, height: 740 } } })
    await openNest(page(laptop))
    await button(page(laptop), 'I have an identity').click()
    await page(laptop).getByLabel('Or your 24 words').fill(words.replace(/^\w+/, 'colonia'))
    await button(page(laptop), 'Continue').click()
    await page(laptop).getByText('Word 1, “colonia”').waitFor()
    await page(laptop).getByText('Word 1, “colonia”').scrollIntoViewIfNeeded()
    await screen(page(laptop), 'moving-refused')
  })

  test('is told what happens to who is here, and is there with everything while the old page is closed', async () => {
    await page(ana).close()
    await page(laptop).getByLabel('Or your 24 words').fill(words.toUpperCase().replaceAll(' ', '  \n'))
    await button(page(laptop), 'Continue').click()
    await page(laptop).getByText('gone for good').scrollIntoViewIfNeeded()
    await screen(page(laptop), 'moving-confirm')
    await button(page(laptop), `Replace …${(await nestId(page(laptop))).slice(-6)}`).click()
    await hasEverything(page(laptop))
  })

  test('who opens the old page again is told that they are elsewhere only once the other goes on', async () => {
    const old = await (ana as Person).page.context().newPage()
    await old.goto(world.bootstrap.url)
    await hasEverything(old)
    await page(laptop).getByRole('heading', { name: 'You are here on another device' }).waitFor()
    await screen(page(laptop), 'elsewhere')
    await button(page(laptop), 'Take over here').click()
    await hasEverything(page(laptop))
    await old.getByRole('heading', { name: 'You are here on another device' }).waitFor()
  })

  test('goes as a file with a passphrase, too, while the page it comes from stays open', async () => {
    const panel = await openNest(page(laptop))
    await button(page(laptop), 'Take me along').click()
    await page(laptop).getByLabel('A passphrase for the file').fill('correct horse')
    const download = page(laptop).waitForEvent('download')
    await button(page(laptop), 'Save as a file').click()
    const path = await (await download).path()
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ kind: 'colonia identity', peer: anaId })
    await panel.getByRole('button', { name: 'Saved' }).scrollIntoViewIfNeeded()
    await screen(page(laptop), 'moving-saved')

    const phone = await world.arrive('Nobody', {
      context: { locale: 'es-ES', viewport: { width: 360, height: 740 } },
    })
    await button(phone.page, 'El nido').click()
    await button(phone.page, 'Tengo una identidad').click()
    await phone.page.getByLabel('Tu archivo de identidad').setInputFiles(path)
    await phone.page.getByText('Este archivo está protegido').waitFor()
    await phone.page.getByLabel('Contraseña del archivo').fill('wrong horse')
    await button(phone.page, 'Continuar').click()
    await phone.page.getByText('Esa no es la contraseña').waitFor()
    await screen(phone.page, 'moving-passphrase-es')
    await phone.page.getByLabel('Contraseña del archivo').fill('correct horse')
    await button(phone.page, 'Continuar').click()
    await phone.page.getByRole('button', { name: /^Reemplazar/ }).click()
    await hasEverything(phone.page, 'Tu nombre')
    await page(laptop).getByRole('heading', { name: 'You are here on another device' }).waitFor()
  })

  test('nothing of it made a browser complain', () => {
    expect(world.complaints()).toEqual([])
  })

  async function hasEverything(page: Page, name = 'Your name'): Promise<void> {
    page.setDefaultTimeout(30_000)
    await page.locator(`[data-role=link]`, { hasText: anaId }).waitFor()
    await page.locator(`colonia-people [data-peer="${benId}"]`).filter({ hasText: 'Benjamín' }).waitFor()
    await expect.poll(() => page.getByLabel(name).inputValue(), { timeout: 10_000 }).toBe('Ana')
    await ready(page)
  }
})

async function openNest(page: Page): Promise<Locator> {
  await button(page, 'The nest').click()
  return page.getByRole('dialog', { name: 'The nest' })
}

async function nestId(page: Page): Promise<string> {
  return (await page.locator('[data-role=id]').textContent()) ?? ''
}
