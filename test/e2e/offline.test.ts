/** Once visited, the page opens with the server off, says what it is doing, and is renewed without a word. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BootstrapProcess, startBootstrap } from '../support/bootstrap.ts'
import type { Person } from '../support/chromium.ts'
import { idOf, openWorld, ready, screen } from './world.ts'

describe('a page that was visited once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'colonia-'))
  const identity = ['--identity', join(folder, 'bootstrap.key')]
  const first = await startBootstrap(identity)
  const world = await openWorld({}, first)
  const port = ['--port', new URL(first.url).port]
  let server: BootstrapProcess = first
  let ana: Person
  let id = ''
  beforeAll(() => anotherBuild(join(folder, 'page')))
  afterAll(async () => {
    await world.close()
    await server.stop()
    await rm(folder, { recursive: true })
  })

  test('is one that can be installed, and is kept soon after', async () => {
    ana = await world.arrive('Ana')
    id = await idOf(ana.page)
    await kept(ana.page)
    const devtools = await ana.page.context().newCDPSession(ana.page)
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors')
    // Each person here has a private window.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
    const { errors } = await devtools.send('Page.getAppManifest')
    expect(errors).toEqual([])
  })

  test('asks the server each time whether the worker is still the same', async () => {
    const { headers } = await fetch(`${first.url}/worker.js`)
    expect(headers.get('cache-control')).toBe('no-cache')
    expect(headers.get('content-type')).toMatch(/javascript/)
  })

  test('opens with the server off as the same person, and says what it is doing', async () => {
    await server.kill()
    await ana.page.reload()
    await ana.page.getByText('The server does not answer. This page was kept on your device').waitFor()
    expect(await idOf(ana.page)).toBe(id)
    await screen(ana.page, 'kept')
  })

  test('answers in place of the server for its own files, and for nothing else', async () => {
    const asked = await ana.page.evaluate(async () => {
      const paths = ['./', './icon.svg', './introduction', './healthz', './metrics', './nothing']
      const answers = paths.map(
        async (path) =>
          [
            path,
            await fetch(path).then(
              ({ ok }) => ok,
              () => false,
            ),
          ] as const,
      )
      return Object.fromEntries(await Promise.all(answers))
    })
    const own = { './': true, './icon.svg': true }
    const rest = { './introduction': false, './healthz': false, './metrics': false, './nothing': false }
    expect(asked).toEqual({ ...own, ...rest })
  })

  test('is connected without a reload when the server is back', async () => {
    server = await startBootstrap([...identity, ...port])
    await ready(ana.page)
    await ana.page.goto(`${first.url}/metrics`)
    await ana.page.getByText('colonia_').first().waitFor()
  })

  test('opens when the server accepts and does not answer', async () => {
    process.kill(server.pid, 'SIGSTOP')
    const began = Date.now()
    await ana.page.goto(first.url)
    await ana.page.getByText('This page was kept on your device').waitFor()
    expect(Date.now() - began).toBeLessThan(10_000)
    process.kill(server.pid, 'SIGCONT')
    await ready(ana.page)
  })

  test('is a newer page at the next visit, and with the server off ever after; of older ones one stays', async () => {
    const before = await scriptOf(ana.page)
    const ben = await world.arrive('Ben')
    await kept(ben.page)
    await ana.page.evaluate(() => caches.open('colonia-page-before'))
    await server.stop()
    server = await startBootstrap([...identity, ...port, '--page', join(folder, 'page')])
    await ana.page.reload()
    await ready(ana.page)
    expect(await ana.page.title()).toBe('Another Colonia')
    expect(await scriptOf(ana.page)).not.toBe(before)
    const names = () => ana.page.evaluate(() => caches.keys())
    await expect.poll(async () => (await names()).length, { timeout: 20_000 }).toBe(2)
    await expect.poll(async () => (await names())[0], { timeout: 20_000 }).toBe('colonia-page-before')

    const second = await ben.page.context().newPage()
    await second.goto(first.url)
    await ready(second)
    await expect.poll(() => second.evaluate(() => caches.keys()), { timeout: 20_000 }).toHaveLength(2)
    await server.kill()
    // A page of the build before still finds what it has not loaded yet.
    expect(await ben.page.evaluate(async (url) => (await fetch(url, { cache: 'reload' })).ok, before)).toBe(
      true,
    )

    await ana.page.reload()
    await ana.page.getByText('This page was kept on your device').waitFor()
    expect(await ana.page.title()).toBe('Another Colonia')
  })

  test('browsers complained of the server alone', () => {
    const others = world.complaints().filter((line) => !line.includes(first.url.slice(7)))
    expect(others).toEqual([])
  })
})

describe('a tab that crashes, and takes the worker with it', async () => {
  const world = await openWorld()
  afterAll(() => world.close())

  test('opens again at once, each of six times', async () => {
    const ana = await world.arrive('Ana')
    await kept(ana.page)
    let { page } = ana
    for (let round = 0; round < 6; round++) {
      await page.goto('chrome://crash').catch(() => undefined)
      const next = await ana.page.context().newPage()
      await next.goto(world.bootstrap.url)
      await ready(next)
      await page.close()
      page = next
    }
    expect(world.complaints()).toEqual([])
  })
})

/** The build is kept, and its worker stands between the page and the server. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (navigator.serviceWorker.controller !== null) return
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve))
  })
}

function scriptOf(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '')
}

/** The page as the next version may be: another document, and another script. */
async function anotherBuild(folder: string): Promise<void> {
  await build({
    configFile: join(import.meta.dirname, '../../web/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder },
    plugins: [
      {
        name: 'another',
        transformIndexHtml: (html) => html.replace('<title>', '<title>Another '),
        transform: (code, file) =>
          file.endsWith('web/src/main.ts') ? `${code}\nperformance.mark('another')` : undefined,
      },
    ],
  })
}
