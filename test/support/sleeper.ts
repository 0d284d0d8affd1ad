/**
 * A page that can be put to sleep. Playwright keeps every page it opens focused, and a focused page never freezes;
 * so this one is in a Chromium of its own, to which Playwright is only connected, as to somebody's own browser.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright-core'
import { findChromium } from '../../.ci/chromium.js'
import { QUIET } from './chromium.ts'

export interface Sleeper {
  page: Page
  /** As a browser does with a page that was hidden for long. */
  freeze(): Promise<void>
  wake(): Promise<void>
  close(): Promise<void>
}

export async function openSleeper(): Promise<Sleeper> {
  const folder = await mkdtemp(`${tmpdir()}/colonia-`)
  const flags = [
    ...QUIET,
    '--headless',
    '--remote-debugging-port=0',
    `--user-data-dir=${folder}`,
    'about:blank',
  ]
  const child = spawn(findChromium() ?? 'chromium', flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const endpoint = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const [, url] = /DevTools listening on (ws:\S+)/.exec(line) ?? []
      if (url !== undefined) resolve(url)
    })
    void exited.then(() => reject(new Error('Chromium ended before it was there')))
  })
  const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true })
  const context = browser.contexts()[0]
  const page = context?.pages()[0]
  if (context === undefined || page === undefined) throw new Error('a Chromium without a page')
  const session = await context.newCDPSession(page)
  const become = async (state: 'frozen' | 'active') => {
    await session.send('Page.setWebLifecycleState', { state })
  }
  return {
    page,
    freeze: () => become('frozen'),
    wake: () => become('active'),
    async close() {
      await browser.close()
      child.kill()
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}
