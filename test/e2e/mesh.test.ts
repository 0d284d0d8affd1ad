/** The live mesh as the panel draws and tells it, and what a page says when its server dies in a call. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { startBootstrap } from '../support/bootstrap.ts'
import type { Person } from '../support/chromium.ts'
import { meet, plays } from './senses.ts'
import { button, connected, idOf, openWorld, ring, screen } from './world.ts'

const folder = await mkdtemp(join(tmpdir(), 'colonia-'))
const identity = ['--identity', join(folder, 'bootstrap.key')]
const world = await openWorld({}, await startBootstrap(identity))
let server = world.bootstrap
afterAll(async () => {
  await world.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

let ana: Person
let ben: Person
let eva: Person
let [benId, evaId] = ['', '']

test('three people see each other around them, who stands in for whom, and the entrance', async () => {
  ana = await world.arrive('Ana', { context: { viewport: { width: 360, height: 740 } } })
  ben = await world.arrive('Ben')
  eva = await world.arrive('Eva', { context: { colorScheme: 'dark' } })
  ;[benId, evaId] = [await idOf(ben.page), await idOf(eva.page)]
  for (const { page } of [ana, eva]) {
    const picture = await openPicture(page)
    await expect.poll(() => picture.locator('[data-way=direct]').count(), { timeout: 20_000 }).toBe(2)
    await picture.locator('.rank').nth(1).waitFor()
    await picture.locator('.egg').nth(1).waitFor()
    await picture.locator('[data-door=connected]').waitFor()
    await picture.getByText('ms').first().waitFor()
  }
  await ana.page
    .getByRole('img', { name: /^The mesh: you in the middle, 2 links, 1 entrance connected/ })
    .waitFor()
  // The two others are linked to each other.
  await ana.page.locator('colonia-mesh .edge').waitFor({ state: 'attached' })
  await screen(ana.page, 'mesh')
  await screen(eva.page, 'mesh-dark')
})

test('nobody moves when someone goes, and the list says the same as the picture', async () => {
  const picture = ana.page.locator('colonia-mesh .picture')
  const where = () =>
    picture
      .locator(`[data-mate="${benId}"] circle`)
      .first()
      .evaluate((face) => face.getAttribute('cx'))
  const before = await where()
  await eva.leave()
  // Whoever has a copy of theirs still has to do with them.
  await picture.locator(`.apart[data-mate="${evaId}"]`).waitFor()
  expect(await where()).toBe(before)
  const links = ana.page.locator('[data-role=links] li')
  expect(await links.count()).toBe(await picture.locator('[data-way]').count())
  await links.getByText(/^direct · (< 1|\d+) ms · for/).waitFor()
  await ana.page.keyboard.press('Escape')
})

test('a call stands out', async () => {
  await ben.page.getByLabel('Their link or PeerID').fill(await idOf(ana.page))
  await button(ben.page, 'Open').click()
  await ring(ben.page, ana.page)
  await button(ana.page, 'Accept with video').click()
  await connected(ana.page, ben.page)
  await meet(ana.page, ben.page)
  const picture = await openPicture(ana.page)
  await picture.locator(`[data-mate="${benId}"] .ring`).waitFor()
  await ana.page
    .locator('[data-role=links]')
    .getByText(/^direct · .* · in a call with you$/)
    .waitFor()
  await screen(ana.page, 'mesh-call')
})

test('the server dies: one quiet line says so, and the call plays on', async () => {
  await server.kill()
  await ana.page.locator('colonia-mesh [data-door=lost]').waitFor()
  await screen(ana.page, 'mesh-lost')
  await ana.page.keyboard.press('Escape')
  for (const { page } of [ana, ben]) {
    await page.getByRole('status').getByText('The server is gone. Your call does not need it.').waitFor()
    await plays(page, 'remote')
  }
  await meet(ana.page, ben.page)
  await screen(ana.page, 'call-server-gone')
})

test('the line goes when the server is back, and comes again when it dies again', async () => {
  server = await startBootstrap([...identity, '--port', new URL(world.bootstrap.url).port])
  const lines = [ana, ben].map(({ page }) => page.getByText('The server is gone.'))
  await Promise.all(lines.map((line) => line.waitFor({ state: 'detached' })))
  await server.kill()
  await Promise.all(lines.map((line) => line.waitFor()))
})

test('after it the page says what still works', async () => {
  await button(ana.page, 'Hang up').click()
  await button(ana.page, 'Go home').click()
  await ana.page.getByText(/your links to others hold: through them you can call and be called/).waitFor()
  await screen(ana.page, 'home-server-gone')
})

test('who cannot be reached is called by the name that is known', async () => {
  await ben.leave()
  await ana.page.goto(`${world.bootstrap.url}/#${benId}`)
  await ana.page.getByRole('heading', { name: 'Call Ben?' }).waitFor()
  await button(ana.page, 'Call').click()
  await ana.page.locator('colonia-notice[data-end]').getByText('Call with Ben').waitFor()
  await screen(ana.page, 'unreachable-named')
})

test('browsers complained of the entrance alone', () => {
  const others = world.complaints().filter((line) => !line.includes(world.bootstrap.url.slice(7)))
  expect(others).toEqual([])
})

async function openPicture(page: Page): Promise<Locator> {
  await button(page, 'The nest').click()
  const picture = page.locator('colonia-mesh .picture')
  await picture.waitFor()
  return picture
}
