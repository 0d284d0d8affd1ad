/**
 * A world for a story: a bootstrap that serves the page, a Chromium, and people who open it. What a story says
 * of a person is said in the words on the screen, because those are what a person has.
 */
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type BootstrapProcess, startBootstrap } from '../support/bootstrap.ts'
import { openChromium, type Person, screenshots } from '../support/chromium.ts'

/** The end of patience with anything on a screen, in milliseconds: ICE alone may take a few on a busy machine. */
const PATIENCE = 20_000

export interface Arrival {
  hash?: string
  context?: BrowserContextOptions
  at?: string
}

export interface World {
  bootstrap: BootstrapProcess
  /** Someone new, with the page open and ready. `hash` is the fragment of the link they open, `at` another server. */
  arrive(name: string, options?: Arrival): Promise<Person>
  /** Whoever has not left leaves. */
  empty(): Promise<void>
  /** What the browsers' consoles complained of so far. */
  complaints(): readonly string[]
  close(): Promise<void>
}

export async function openWorld(
  options?: Parameters<typeof openChromium>[0],
  bootstrap?: BootstrapProcess,
): Promise<World> {
  const [chromium, entrance] = await Promise.all([openChromium(options), bootstrap ?? startBootstrap()])
  const people: Person[] = []
  return {
    bootstrap: entrance,
    async arrive(name, { hash = '', context = {}, at = entrance.url } = {}) {
      const person = await chromium.person(context)
      people.push(person)
      const { page } = person
      page.setDefaultTimeout(PATIENCE)
      await page.goto(`${at}/#${hash}`)
      await page.locator('#name').fill(name)
      await ready(page)
      return person
    },
    async empty() {
      await Promise.all(people.map((person) => person.leave()))
    },
    complaints: () => people.flatMap(({ errors }) => errors),
    async close() {
      await chromium.close()
      await entrance.stop()
    },
  }
}

/** The page is connected to its entrance, and says so. */
export async function ready(page: Page): Promise<void> {
  await page.locator('colonia-entrance [data-state=connected]').waitFor()
}

/** The PeerID of whoever is at home. */
export async function idOf(page: Page): Promise<string> {
  const link = await page.locator('[data-role=link]').textContent()
  return new URL(link ?? '').hash.slice(1)
}

export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}

/** The caller sits in front of the preview; afterwards the other side's page rings. */
export async function ring(caller: Page, callee: Page): Promise<void> {
  await button(caller, 'Call').click()
  await callee.getByRole('alertdialog').waitFor()
  await caller.locator('main[data-phase=ringing]').waitFor()
}

/** Both see the call as connected. */
export async function connected(...pages: Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.locator('main[data-phase=active]').waitFor()))
}

/** What is said on the screen after a call. */
export async function ended(page: Page, end: string): Promise<void> {
  await page.locator(`colonia-notice[data-end=${end}]`).waitFor()
}

/** Their direct link is there, as their panel shows it. */
export async function linked({ page }: Person): Promise<void> {
  await button(page, 'The nest').click()
  await page
    .locator('[data-role=links]')
    .getByText(/^direct/)
    .waitFor()
  await page.keyboard.press('Escape')
}

/**
 * Keeps pictures of the screen, and asks of it what every screen owes those who cannot see it: one main
 * landmark, one heading of the first level, a language, and a name for all that can be used.
 */
export async function screen(page: Page, name: string): Promise<void> {
  const tree = await page.locator('body').ariaSnapshot()
  const lines = tree.split('\n').map((line) => line.trim())
  const nameless = /^- (button|link|textbox|combobox|img|meter|timer|dialog|alertdialog|video)(?! ")/
  expect(lines.filter((line) => nameless.test(line))).toEqual([])
  expect(lines.filter((line) => /^- main\b/.test(line))).toHaveLength(1)
  expect(lines.filter((line) => /^- heading .*\[level=1\]/.test(line))).toHaveLength(1)
  const [language, browser, overflow] = await page.evaluate(() => [
    document.documentElement.lang,
    navigator.language.slice(0, 2),
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
  ])
  expect(language).toBe(browser)
  expect(overflow, 'nothing is wider than the screen').toBe(0)
  await screenshots(page, name)
}
