/** Who one is: kept across a reload, and one's own in each tab. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, expect, test } from 'vitest'
import { button, connected, idOf, openWorld, ready, ring } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())
afterEach(async () => {
  await world.empty()
  expect(world.complaints()).toEqual([])
})

async function again(page: Page): Promise<string> {
  await page.reload()
  await ready(page)
  return await idOf(page)
}

test('a reload keeps PeerID and name', async () => {
  const { page } = await world.arrive('Ana')
  const before = await idOf(page)
  expect(await again(page)).toBe(before)
  expect(await page.getByLabel('Your name').inputValue()).toBe('Ana')
})

test('two tabs of one browser are two peers, each keeps its own across a reload, and they can call each other', async () => {
  const { page: first } = await world.arrive('Ana')
  const second = await first.context().newPage()
  await second.goto(world.bootstrap.url)
  await ready(second)
  await second.getByText('Colonia is open in another tab too').waitFor()
  const [one, two] = [await idOf(first), await idOf(second)]
  expect(one).not.toBe(two)
  expect(await again(second)).toBe(two)
  expect(await again(first)).toBe(one)
  await second.goto(`${world.bootstrap.url}/#${one}`)
  await ring(second, first)
  await button(first, 'Accept with video').click()
  await connected(first, second)
})

test('who closes all tabs and opens the page again is who they were', async () => {
  const { page } = await world.arrive('Ana')
  const before = await idOf(page)
  const context = page.context()
  await page.close()
  const fresh = await context.newPage()
  await fresh.goto(world.bootstrap.url)
  await ready(fresh)
  expect(await idOf(fresh)).toBe(before)
})
