/**
 * `npm run bench:seat`: how long from a reload in the middle of a call until both see each other again. The clock
 * starts when the old page goes; each side's stops with the first remote frame of the new media. Two people in one
 * Chromium, the one who reloads and the one who stays taking turns at who called whom by their PeerIDs.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { startBootstrap } from '../support/bootstrap.ts'
import { openChromium } from '../support/chromium.ts'
import { summarise } from './statistics.ts'

/** Silence that tells the new media's first frame from the last of the old, in milliseconds: frames come every 33. */
const GAP = 250

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, json: { type: 'string' } },
})
const rounds = Number(values.rounds)
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1')

interface Marks {
  gone?: number
  seen?: number
}

const [bootstrap, chromium] = await Promise.all([startBootstrap(), openChromium()])
const back: number[] = []
const stayed: number[] = []
try {
  const people = await Promise.all([chromium.person(), chromium.person()])
  const [one, other] = people.map(({ page }) => page) as [Page, Page]
  for (const page of [one, other]) {
    await page.addInitScript(watch, GAP)
    await page.goto(bootstrap.url)
    await page.locator('colonia-entrance [data-state=connected]').waitFor()
  }
  const link = await other.locator('[data-role=link]').textContent()
  await one.goto(link ?? '')
  await one.getByRole('button', { name: 'Call', exact: true }).click()
  await other.getByRole('button', { name: 'Accept with video' }).click()
  await seen([one, other])
  for (let round = 0; round < rounds; round++) {
    const [goes, stays] = round % 2 === 0 ? [one, other] : [other, one]
    await stays.evaluate(() => sessionStorage.removeItem('seen'))
    await goes.evaluate(() => sessionStorage.removeItem('seen'))
    await goes.reload()
    await seen([goes, stays])
    const [mine, theirs] = await Promise.all([marks(goes), marks(stays)])
    const began = mine.gone ?? Number.NaN
    back.push((mine.seen ?? Number.NaN) - began)
    stayed.push((theirs.seen ?? Number.NaN) - began)
    process.stderr.write(`round ${round + 1}: back ${back.at(-1)}, stayed ${stayed.at(-1)} ms\n`)
    // Beyond the second in which the control of the call moves to a direct link.
    await stays.waitForTimeout(3000)
  }
} finally {
  await chromium.close()
  await bootstrap.stop()
}
const result = { seat: { back: summarise(back), stayed: summarise(stayed) } }
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
process.stdout.write(`${JSON.stringify(result)}\n`)

async function seen(pages: readonly Page[]): Promise<void> {
  const flag = () => sessionStorage.getItem('seen') !== null
  await Promise.all(pages.map((page) => page.waitForFunction(flag, undefined, { timeout: 30_000 })))
}

async function marks(page: Page): Promise<Marks> {
  return await page.evaluate(() => ({
    gone: Number(sessionStorage.getItem('gone')),
    seen: Number(sessionStorage.getItem('seen')),
  }))
}

/** Runs in the page: notes when it goes, and when a first remote frame comes after a gap. */
function watch(gap: number): void {
  addEventListener('pagehide', () => sessionStorage.setItem('gone', String(Date.now())))
  let last = 0
  let watched: HTMLVideoElement | undefined
  const find = () => {
    const app = document.querySelector('colonia-app')
    const call = app?.shadowRoot?.querySelector('colonia-call')
    return call?.shadowRoot?.querySelector<HTMLVideoElement>('video[data-role=remote]') ?? undefined
  }
  const follow = (video: HTMLVideoElement) => {
    video.requestVideoFrameCallback(() => {
      const now = Date.now()
      if (now - last > gap && sessionStorage.getItem('seen') === null)
        sessionStorage.setItem('seen', String(now))
      last = now
      follow(video)
    })
  }
  setInterval(() => {
    const video = find()
    if (video === undefined || video === watched) return
    watched = video
    follow(video)
  }, 10)
}
