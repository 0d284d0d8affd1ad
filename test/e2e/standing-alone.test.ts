/** A page that stands alone hangs up on its server, says so, and can be called all the same. */
import { afterAll, afterEach, expect, test } from 'vitest'
import { peer } from '../node/harness.ts'
import { startBootstrap } from '../support/bootstrap.ts'
import { button, idOf, openWorld, screen } from './world.ts'

const bootstrap = await startBootstrap(['--anchors', '0'])
const world = await openWorld({}, bootstrap)
afterAll(() => world.close())
afterEach(async () => {
  await world.empty()
  // What the page cannot load once the server is dead.
  expect(world.complaints().filter((line) => !line.includes(bootstrap.url.slice(7)))).toEqual([])
})

test('one among six hangs up; the server is killed; somebody calls', async () => {
  const bootstraps = [bootstrap.url]
  const others = await Promise.all(Array.from({ length: 5 }, () => peer({ bootstraps })))
  const { page } = await world.arrive('Ana')
  await page.locator('colonia-entrance [data-state=left]').waitFor({ timeout: 150_000 })
  await page.getByText('the server is not needed now').waitFor()
  await screen(page, 'standing-alone')
  await button(page, 'The nest').click()
  await page.locator('[data-role=entrances] [data-state=left]').waitFor()
  await screen(page, 'standing-alone-nest')
  await page.keyboard.press('Escape')

  await bootstrap.kill()
  const call = others[0]?.call(await idOf(page))
  await page.getByRole('alertdialog').waitFor()
  call?.hangUp()
  await button(page, 'Go home').click()
  // That the server is gone is nothing to it.
  await page.locator('colonia-entrance [data-state=left]').waitFor()
})
