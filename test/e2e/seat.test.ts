/** A page that goes in the middle of a call and comes back: both are in the call again, and nobody has dialled. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Person } from '../support/chromium.ts'
import { meet } from './senses.ts'
import { button, connected, ended, idOf, linked, openWorld, ring, screen } from './world.ts'

const world = await openWorld()
afterAll(() => world.close())
afterEach(async () => {
  await world.empty()
  expect(world.complaints()).toEqual([])
})

/** Ana and Ben, who called, see and hear each other. */
async function talking(): Promise<{ ana: Person; ben: Person }> {
  const ana = await world.arrive('Ana')
  const ben = await world.arrive('Ben', { hash: await idOf(ana.page) })
  await ring(ben.page, ana.page)
  await button(ana.page, 'Accept with video').click()
  await connected(ana.page, ben.page)
  await meet(ana.page, ben.page)
  return { ana, ben }
}

/** Keeps the stream and the time of the call as they are now, to compare. */
async function remember(page: Page): Promise<void> {
  await page.locator('video[data-role=remote]').evaluate((video) => {
    Object.assign(window, { before: (video as HTMLVideoElement).srcObject })
  })
}

async function isSameStream(page: Page): Promise<boolean> {
  return await page.locator('video[data-role=remote]').evaluate((video) => {
    return (video as HTMLVideoElement).srcObject === (window as unknown as { before: MediaStream }).before
  })
}

describe('a page that is reloaded in a call', () => {
  test('is in it again by itself, and for the other it is the same call', async () => {
    const { ana, ben } = await talking()
    await remember(ben.page)
    await ana.page.reload()
    await connected(ana.page)
    await connected(ben.page)
    await meet(ana.page, ben.page)
    expect(await isSameStream(ben.page)).toBe(true)
    for (const { page } of [ana, ben]) {
      await page.getByRole('heading', { name: 'Call with' }).waitFor()
      expect(await page.getByRole('timer').textContent()).not.toMatch(/^0:00/)
    }
    await button(ben.page, 'Hang up').click()
    await ended(ana.page, 'they-hung-up')
  })

  test('with its camera off comes back with its camera off', async () => {
    const { ana, ben } = await talking()
    await button(ben.page, 'Turn camera off').click()
    await ana.page.getByText('Their camera is off').waitFor()
    await ben.page.reload()
    await connected(ben.page, ana.page)
    await ana.page.getByText('Their camera is off').waitFor()
    await button(ben.page, 'Turn camera on').click()
    await ana.page.getByText('Their camera is off').waitFor({ state: 'hidden' })
    await meet(ana.page, ben.page)
  })

  test('at the same time as the other is in it again, and so is the other', async () => {
    const { ana, ben } = await talking()
    await Promise.all([ana.page.reload(), ben.page.reload()])
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
  })
})

describe('a page that is gone for a while', () => {
  test('is waited for, as the other sees, and is in the call when it is back', async () => {
    const { ana, ben } = await talking()
    await ana.page.goto('about:blank')
    await ben.page.getByText('Waiting for Ana to come back…').filter({ visible: true }).last().waitFor()
    await ben.page.getByText(/^Their seat is kept for 1:/).waitFor()
    await screen(ben.page, 'call-away')
    await ana.page.goBack()
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
  })

  test('asks before it opens the camera, and goes back or leaves', async () => {
    const { ana, ben } = await talking()
    await later(ana.page, 40_000)
    await ana.page.reload()
    await ana.page.getByRole('heading', { name: 'You are still in a call with Ben' }).waitFor()
    await screen(ana.page, 'seat')
    await button(ana.page, 'Rejoin').click()
    await connected(ana.page, ben.page)
    await meet(ana.page, ben.page)
    await later(ana.page, 40_000)
    await ana.page.reload()
    await button(ana.page, 'Leave the call').click()
    await Promise.all([ended(ana.page, 'hung-up'), ended(ben.page, 'they-hung-up')])
  })

  test('need not be waited for: the other hangs up at once, and a return finds the end', async () => {
    const { ana, ben } = await talking()
    await ana.page.goto('about:blank')
    await ben.page.locator('[data-role=kept]').waitFor()
    await button(ben.page, 'Hang up').click()
    await ended(ben.page, 'hung-up')
    await ana.page.goBack()
    await ended(ana.page, 'they-hung-up')
  })
})

describe('a tab that crashes in a call', () => {
  test('is missed, and in the call again as soon as the page is opened anew', async () => {
    const { ana, ben } = await talking()
    const context = ana.page.context()
    await crash(ana.page)
    await ben.page.locator('main[data-phase=reconnecting]').waitFor()
    await returned(context, ben.page)
  })

  test('and is opened anew before anyone misses it is in the call all the same, whatever is left of its links', async () => {
    const { ana, ben } = await talking()
    await linked(ben)
    const context = ana.page.context()
    await crash(ana.page)
    await returned(context, ben.page)
  })
})

describe('a browser that plays no sound before it was touched', () => {
  test('has a button for it after a reload', async () => {
    const { ana, ben } = await talking()
    await ana.page.addInitScript(refusePlay)
    await ana.page.reload()
    await connected(ana.page, ben.page)
    await button(ana.page, 'Play the sound').click()
    await meet(ana.page, ben.page)
  })
})

async function crash(page: Page): Promise<void> {
  await page.goto('chrome://crash').catch(() => undefined)
}

/** The page is opened in another tab, and both are in the call without a touch. */
async function returned(context: BrowserContext, other: Page): Promise<void> {
  const fresh = await context.newPage()
  await fresh.goto(world.bootstrap.url)
  await connected(fresh, other)
  await meet(fresh, other)
}

/** From its next document on, the page believes that it is so much later. */
async function later(page: Page, millis: number): Promise<void> {
  await page.addInitScript((shift) => {
    const now = Date.now
    Date.now = () => now() + shift
  }, millis)
}

/** Runs in the page: nothing plays by itself, nor when it is told to before someone has touched the page. */
function refusePlay(): void {
  const { play } = HTMLMediaElement.prototype
  let touched = false
  addEventListener('pointerdown', () => (touched = true), { capture: true })
  HTMLMediaElement.prototype.play = function () {
    return touched ? play.call(this) : Promise.reject(new DOMException('no gesture', 'NotAllowedError'))
  }
  const attach = Element.prototype.attachShadow
  Element.prototype.attachShadow = function (init) {
    const root = attach.call(this, init)
    const strip = () => {
      for (const video of root.querySelectorAll('video[data-role=remote]')) video.removeAttribute('autoplay')
    }
    new MutationObserver(strip).observe(root, { childList: true, subtree: true })
    return root
  }
}
