/**
 * The two people of the bench, each in a context of their own, with every phone there is in hand, so that
 * all are timed between the same two pages.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { Chromium } from '../support/chromium.ts'
import { LIMIT } from './page/limit.ts'
import type { Bench, PhoneName } from './page/page.ts'
import type { Servers } from './servers.ts'

/** Frames of a stream whose ages are not taken: for its first two seconds the encoder finds its rate. */
const SETTLING_FRAMES = 60
/** Frames whose ages are taken: three seconds of them. */
const AGED_FRAMES = 90

/**
 * From being ready to pressing Call, in milliseconds, for peers that are new: sooner than any person is, and as
 * long as libp2p gathers news of itself before it tells the entrance. What it then says is no part of a call.
 */
const PAUSE = 1_500

export interface Pair {
  /** Milliseconds to the first remote frame. @throws Error when the call fails */
  floor(): Promise<number>
  call(variant: PhoneName): Promise<number>
  /** Milliseconds from glass to glass, frame by frame. */
  glass(variant: 'peerjs' | 'warm'): Promise<number[]>
  leave(): Promise<void>
}

declare const bench: Bench

export async function meet(chromium: Chromium, servers: Servers): Promise<Pair> {
  const people = await Promise.all([chromium.person(), chromium.person()])
  const [caller, callee] = people.map(({ page }) => page) as [Page, Page]
  const both = <T>(act: (page: Page) => Promise<T>) => Promise.all([act(caller), act(callee)])
  const open = async (name: PhoneName) => {
    const { port } = servers.peerjs
    const [, id] = await both((page) =>
      page.evaluate(([name, port]) => bench.open(name, port), [name, port] as const),
    )
    return id
  }
  const hangUp = (name: PhoneName) => both((page) => page.evaluate((name) => bench.hangUp(name), name))
  const press = (name: PhoneName, id: string) =>
    caller.evaluate(([name, id]) => bench.call(name, id), [name, id] as const).finally(() => hangUp(name))

  await both(async (page) => {
    await page.goto(servers.bench.url)
    await page.waitForFunction(() => 'bench' in globalThis)
    await page.evaluate(() => bench.openCamera())
  })
  const ids = { peerjs: await open('peerjs'), warm: await open('warm') }
  await caller.evaluate((id) => bench.link('warm', id), ids.warm)

  return {
    floor: () => caller.evaluate(() => bench.floor()),
    async call(variant) {
      if (variant !== 'cold') return await press(variant, ids[variant])
      const id = await open('cold')
      await delay(PAUSE)
      return await press('cold', id).finally(() => both((page) => page.evaluate(() => bench.close('cold'))))
    },
    async glass(variant) {
      await both((page) => page.evaluate(() => bench.send('codes')))
      const given = [variant, ids[variant], SETTLING_FRAMES, AGED_FRAMES] as const
      try {
        return await caller.evaluate((given) => bench.ages(...given), given)
      } finally {
        await hangUp(variant)
        await both((page) => page.evaluate(() => bench.send('camera')))
      }
    },
    async leave() {
      await Promise.all(people.map((person) => person.leave()))
    },
  }
}

/** Milliseconds from opening the app, by someone who was never there, until it is connected to an entrance. */
export async function openApp(chromium: Chromium, url: string): Promise<number> {
  const { page, leave } = await chromium.person()
  try {
    await page.goto(url)
    await page.locator('colonia-entrance [data-state=connected]').waitFor({ timeout: LIMIT })
    return await page.evaluate(() => performance.now())
  } finally {
    await leave()
  }
}
