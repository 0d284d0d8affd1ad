/** The page of a simulation in Chromium: it opens from a file, fits a phone, and its picture moves when it should. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pageOf } from '../../simulations/report/page.ts'
import { exampleReport } from '../simulations/report/example.ts'
import { type Chromium, openChromium, type Person } from '../support/chromium.ts'

let folder: string
let address: string
let chromium: Chromium

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colonia-page-'))
  await writeFile(join(folder, 'report.html'), await pageOf(exampleReport()))
  address = pathToFileURL(join(folder, 'report.html')).href
  chromium = await openChromium()
})

afterAll(async () => {
  await chromium?.close()
  await rm(folder, { recursive: true, force: true })
})

test.each([360, 1440])(
  'nothing is wider than a screen of %i pixels, nor asked of any network',
  async (width) => {
    const { person, requests } = await opened({ viewport: { width, height: 800 } })
    await person.page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true
    })
    const beyond = await person.page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.outerHTML.slice(0, 80)),
    )
    expect(beyond).toEqual([])
    expect(requests).toEqual([address])
    expect(person.errors).toEqual([])
    await person.leave()
  },
)

test('the picture waits for who wants less motion, and is moved by the keyboard', async () => {
  const { person } = await opened({ reducedMotion: 'reduce' })
  const { page } = person
  await page.locator('.movie svg').scrollIntoViewIfNeeded()
  await page.waitForTimeout(500)
  expect(await timeOf(page)).toBe('0:00:00')
  await page.locator('#scrub').focus()
  await page.keyboard.press('ArrowRight')
  expect(await timeOf(page)).toBe('0:00:08')
  await page.locator('#play').focus()
  await page.keyboard.press('Space')
  await expect.poll(() => timeOf(page)).toBe('0:00:23')
  await page.keyboard.press('Space')
  const stopped = await timeOf(page)
  await page.waitForTimeout(400)
  expect(await timeOf(page)).toBe(stopped)
  await person.leave()
})

test('the picture begins when it is first seen, and stays where it is scrubbed to', async () => {
  const { person } = await opened({ reducedMotion: 'no-preference', viewport: { width: 360, height: 500 } })
  const { page } = person
  expect(await timeOf(page)).toBe('0:00:00')
  const before = await copies(page)
  await page.locator('.movie').scrollIntoViewIfNeeded()
  await expect.poll(() => timeOf(page)).not.toBe('0:00:00')
  expect(await copies(page)).not.toBe(before)
  await page.locator('#scrub').fill('30')
  expect(await timeOf(page)).toBe('0:03:45')
  expect(await page.locator('#news').textContent()).toMatch(/^\d+ peers, \d+ copies/)
  await page.waitForTimeout(400)
  expect(await timeOf(page)).toBe('0:03:45')
  expect(person.errors).toEqual([])
  await person.leave()
})

async function opened(
  options: Parameters<Chromium['person']>[0],
): Promise<{ person: Person; requests: readonly string[] }> {
  const person = await chromium.person(options)
  const requests: string[] = []
  person.page.on('request', (request) => requests.push(request.url()))
  await person.page.goto(address)
  return { person, requests }
}

async function timeOf(page: Page): Promise<string | null> {
  return page.locator('#clock').textContent()
}

function copies(page: Page): Promise<string> {
  return page.locator('#film-copies').innerHTML()
}
