/**
 * `npm run bench:seat`: how long from a reload in the middle of a call until both see each other again. The clock
 * starts when the old page goes; each side's stops with the first remote frame of the new media. Two people in one
 * Chromium reload in turn.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { startBootstrap } from '../support/bootstrap.ts'
import { openChromium } from '../support/chromium.ts'
import { summarise } from './statistics.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, json: { type: 'string' } },
})
const rounds = Number(values.rounds)
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1')

/** Reloads after which others go on: a bootstrap introduces nobody more than ten times a minute. */
const ROUNDS_A_PAIR = 4

interface Marks {
  gone: number
  seen: number
}

const [bootstrap, chromium] = await Promise.all([startBootstrap(), openChromium({ fps: 20, large: true })])
const back: number[] = []
const stayed: number[] = []
try {
  for (let round = 0; round < rounds; round += ROUNDS_A_PAIR) await play(round)
} finally {
  await chromium.close()
  await bootstrap.stop()
}
const result = { seat: { back: summarise(back), stayed: summarise(stayed) } }
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
process.stdout.write(`${JSON.stringify(result)}\n`)

/** Two people call each other and reload in turn. */
async function play(first: number): Promise<void> {
  const people = await Promise.all([chromium.person(), chromium.person()])
  const [one, other] = people.map(({ page }) => page) as [Page, Page]
  for (const page of [one, other]) {
    await page.addInitScript(watch)
    await page.goto(bootstrap.url)
    await page.locator('colonia-entrance [data-state=connected]').waitFor()
  }
  await one.goto((await other.locator('[data-role=link]').textContent()) ?? '')
  await one.getByRole('button', { name: 'Call', exact: true }).click()
  await other.getByRole('button', { name: 'Accept with video' }).click()
  await seen([one, other])
  for (let round = first; round < Math.min(first + ROUNDS_A_PAIR, rounds); round++) {
    // Beyond the second after which the control of the call moves to a direct link.
    await one.waitForTimeout(3_000)
    const [goes, stays] = round % 2 === 0 ? [one, other] : [other, one]
    for (const page of [goes, stays]) await page.evaluate(() => dispatchEvent(new Event('forget')))
    await goes.reload()
    await seen([goes, stays])
    const [mine, theirs] = await Promise.all([marks(goes), marks(stays)])
    back.push(mine.seen - mine.gone)
    stayed.push(theirs.seen - mine.gone)
    process.stderr.write(`round ${round + 1}: back ${back.at(-1)}, stayed ${stayed.at(-1)} ms\n`)
  }
  for (const person of people) await person.leave()
}

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

/** Runs in the page: notes when it goes, and when the first frame of another track than before is shown. */
function watch(): void {
  addEventListener('pagehide', () => sessionStorage.setItem('gone', String(Date.now())))
  let watched: HTMLVideoElement | undefined
  let shown: MediaStreamTrack | undefined
  let known: MediaStreamTrack | undefined
  addEventListener('forget', () => {
    sessionStorage.removeItem('seen')
    known = shown
  })
  const follow = (video: HTMLVideoElement) => {
    video.requestVideoFrameCallback(() => {
      const track = (video.srcObject as MediaStream | null)?.getVideoTracks()[0]
      if (sessionStorage.getItem('seen') === null && track !== known) {
        sessionStorage.setItem('seen', String(Date.now()))
      }
      shown = track
      follow(video)
    })
  }
  setInterval(() => {
    const call = document.querySelector('colonia-app')?.shadowRoot?.querySelector('colonia-call')
    const video = call?.shadowRoot?.querySelector<HTMLVideoElement>('video[data-role=remote]') ?? undefined
    if (video === undefined || video === watched) return
    watched = video
    follow(video)
  }, 10)
}
