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

/** Pictures of a small camera. */
const SMALL = { width: 320, height: 180 }

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

export interface ChromiumOptions {
  /** What people answer when a page asks for camera or microphone. */
  camera?: 'granted' | 'refused'
  /**
   * Whether the camera's pictures are as large as a page asks for, and not a sixteenth of that: several browsers' worth
   * of video share what may be two processors.
   */
  large?: boolean
  /** Pictures a second, few for the same reason. */
  fps?: number
  /** What to run, if not the machine's Chromium itself. */
  executablePath?: string | undefined
  /** Further flags. */
  args?: readonly string[]
}

/** @throws Error when there is no Chromium; `npm test` gets one */
export async function openChromium({
  camera = 'granted',
  large = false,
  fps = large ? 5 : 15,
  executablePath = findChromium(),
  args = [],
}: ChromiumOptions = {}): Promise<Chromium> {
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
      if (!large) await context.addInitScript(shrink, SMALL)
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

/** In a page: whoever asks for video gets pictures of that size. */
function shrink(size: typeof SMALL): void {
  if (typeof MediaDevices === 'undefined') return
  const devices = MediaDevices.prototype
  const ask = devices.getUserMedia
  devices.getUserMedia = function (constraints: MediaStreamConstraints = {}) {
    const { video } = constraints
    const asked = video
      ? { ...constraints, video: { ...(video === true ? {} : video), ...size } }
      : constraints
    return ask.call(this, asked)
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
