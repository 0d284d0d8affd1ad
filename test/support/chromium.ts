/**
 * Chromium with a fake camera, and people in it: one browser for a test file, for each person a context of
 * their own, as if each had a machine of their own. Usable outside of tests too (the benches do).
 */
import { mkdir } from 'node:fs/promises'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { findChromium } from '../../.ci/chromium.js'

/** What keeps Chromium quiet, and away from any network but ours. */
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A small phone and a usual desktop: the sizes that every screen must be good at. */
const SIZES = [
  { width: 360, height: 740 },
  { width: 1440, height: 900 },
]

export interface Person {
  page: Page
  /** Console errors and uncaught exceptions of this person's pages so far. */
  errors: readonly string[]
  /** Leaves: closes every page of this person, as closing the browser does. */
  leave(): Promise<void>
}

export interface Chromium {
  /** Someone with an empty profile, on a blank page. */
  person(options?: BrowserContextOptions): Promise<Person>
  close(): Promise<void>
}

/**
 * @param camera what the person answers when a page asks for camera or microphone
 * @param fps pictures a second of the camera: few, because several browsers' worth of video share what may be two processors
 * @param executablePath what to run, if not the machine's Chromium itself
 * @param args further flags
 * @throws Error when there is no Chromium; `npm test` gets one
 */
export async function openChromium({
  camera = 'granted' as 'granted' | 'refused',
  fps = 5,
  executablePath = findChromium(),
  args = [] as readonly string[],
} = {}): Promise<Chromium> {
  if (executablePath === undefined) throw new Error('no Chromium was found; npm test gets one')
  const answer =
    camera === 'granted' ? '--use-fake-ui-for-media-stream' : '--use-fake-ui-for-media-stream=deny'
  const media = [
    `--use-fake-device-for-media-stream=fps=${fps}`,
    '--autoplay-policy=no-user-gesture-required',
  ]
  const browser = await chromium.launch({
    executablePath,
    args: [...QUIET, ...media, answer, ...args],
  })
  return {
    async person(options) {
      const context = await browser.newContext(options)
      const errors: string[] = []
      context.on('console', (message) => {
        if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
      })
      context.on('weberror', (error) => errors.push(String(error.error().stack ?? error.error())))
      return { page: await context.newPage(), errors, leave: () => context.close() }
    },
    close: () => browser.close(),
  }
}

/** Keeps what `page` shows, at both sizes, as `artifacts/NAME-WIDTH.png`. */
export async function screenshots(page: Page, name: string): Promise<void> {
  await mkdir('artifacts', { recursive: true })
  const before = page.viewportSize()
  for (const size of SIZES) {
    await page.setViewportSize(size)
    await page.screenshot({ path: `artifacts/${name}-${size.width}.png`, animations: 'disabled' })
  }
  if (before !== null) await page.setViewportSize(before)
}
