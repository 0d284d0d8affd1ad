/** What a browser keeps and seals, in a real one: IndexedDB with a real quota, and the seal that Node opens. */
import { join } from 'node:path'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openLetter } from '#node/state/inbox'
import { Seal } from '#node/state/seal'
import { type Chromium, openChromium } from '../support/chromium.ts'

declare global {
  var tools: typeof import('./state-page.ts')['tools']
}

/** Nobody listens there: the one page of this origin is made up by the test. A browser trusts it like https. */
const ORIGIN = 'http://localhost:9'
let chromium: Chromium
let script: string

beforeAll(async () => {
  chromium = await openChromium()
  script = await bundle(join(import.meta.dirname, 'state-page.ts'))
})
afterAll(() => chromium?.close())

describe('IndexedDB', () => {
  it('has everything again after a reload, and nothing of who was dropped', async () => {
    const page = await open()
    await page.evaluate(async () => {
      const { Keep, openIndexedDb } = globalThis.tools
      const keep = await Keep.open(await openIndexedDb('state'), 'self')
      const entry = { key: 'private/x', n: 1, by: 'w', body: Uint8Array.of(7) }
      const epoch = { n: 12, writer: 'ben', session: 's1' }
      for (const owner of ['ben', 'ben2'])
        await keep.write([
          { type: 'entries', owner, entries: [entry] },
          { type: 'duty', owner, epoch, chain: [] },
        ])
      await keep.write([
        { type: 'entries', owner: 'self', entries: [entry, { ...entry, key: 'public/y' }] },
        { type: 'dropped', owner: 'ben' },
      ])
    })
    await page.reload()
    await page.addScriptTag({ content: script })
    const kept = await page.evaluate(async () => {
      const { kept } = await globalThis.tools.Keep.open(await globalThis.tools.openIndexedDb('state'), 'self')
      const own = kept.own.map(({ key, body }) => [key, ...body])
      return { own, owners: [...kept.copies.keys()] }
    })
    expect(kept).toEqual({
      own: [
        ['private/x', 7],
        ['public/y', 7],
      ],
      owners: ['ben2'],
    })
  })

  it('has a state for each identity, and gives one that comes back the state it had', async () => {
    const page = await open()
    const seen = await page.evaluate(async () => {
      const { generateKeyPairFromSeed, platform } = globalThis.tools
      /** What is kept there, and then `value` as well. */
      const visit = async (value: number) => {
        const identity = await platform.openIdentity('moving')
        const storage = await platform.openStorage('moving', identity)
        const found = [...(await storage.read()).values()].map((bytes) => bytes[0])
        await storage.write([{ type: 'put', key: String(value), bytes: Uint8Array.of(value) }])
        await storage.close()
        identity.release()
        return { found, key: identity.key }
      }
      const other = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(9))
      const born = await visit(1)
      await platform.replaceKey('moving', other)
      const brought = await visit(2)
      const replaced = await platform.replaceKey('moving', born.key)
      const back = await visit(3)
      const same = await platform.replaceKey('moving', born.key).catch(({ reason }) => reason)
      const handed = replaced?.equals(other)
      return { found: [born.found, brought.found, back.found], same, handed }
    })
    expect(seen).toEqual({ found: [[], [], [1]], same: 'taken', handed: true })
  })

  it('that is full is an error to who writes; what was kept before is whole', async () => {
    const page = await open()
    const session = await page.context().newCDPSession(page)
    await session.send('Storage.overrideQuotaForOrigin', { origin: ORIGIN, quotaSize: 400_000 })
    const { faults, pairs } = await page.evaluate(async () => {
      const storage = await globalThis.tools.openIndexedDb('state')
      const faults: unknown[] = []
      for (let n = 1; n <= 40 && faults.length === 0; n++) {
        const bytes = crypto.getRandomValues(new Uint8Array(30_000))
        const changes = ['a', 'b'].map((key) => ({ type: 'put' as const, key: `${key}${n}`, bytes }))
        await storage.write(changes).catch(({ name, code, message }) => faults.push({ name, code, message }))
      }
      const keys = [...(await storage.read()).keys()]
      return { faults, pairs: [keys.filter((key) => key[0] === 'a'), keys.filter((key) => key[0] === 'b')] }
    })
    expect(faults).toMatchObject([{ name: 'ColoniaError', code: 'storage' }])
    expect(pairs[0]?.length).toBeGreaterThan(0)
    expect(pairs[1]).toEqual(pairs[0]?.map((key) => key.replace('a', 'b')))
  })

  it('keeps nothing of a batch of which a part cannot be kept, and goes on', async () => {
    const page = await open()
    const outcome = await page.evaluate(async () => {
      const storage = await globalThis.tools.openIndexedDb('state')
      const good = { type: 'put' as const, key: 'a', bytes: Uint8Array.of(1) }
      const bad = { ...good, key: 'b', bytes: (() => {}) as unknown as Uint8Array<ArrayBuffer> }
      const code = await storage.write([good, bad]).catch((error) => error.code)
      const after = (await storage.read()).size
      await storage.write([good])
      const later = (await storage.read()).size
      await storage.close()
      return { code, after, later, closed: await storage.write([good]).catch((error) => error.code) }
    })
    expect(outcome).toEqual({ code: 'storage', after: 0, later: 1, closed: 'storage' })
  })
})

describe('what a browser seals', () => {
  it('opens in Node', async () => {
    const page = await open()
    const { entry, letter } = await page.evaluate(async () => {
      const { generateKeyPairFromSeed, Seal, sealLetter } = globalThis.tools
      const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1))
      const seal = await Seal.of(key)
      const draft = { name: 'x', packed: Uint8Array.of(7), public: false }
      const sealed = await seal.seal(draft, { n: 1, by: 'w' })
      const body = await sealLetter(key, { owner: seal.owner, id: 'a1' }, 'hi')
      return { entry: { ...sealed, body: [...sealed.body] }, letter: [...body] }
    })
    const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1))
    const seal = await Seal.of(key)
    const opened = await seal.open({ ...entry, body: Uint8Array.from(entry.body) })
    expect(opened).toEqual({ type: 'record', name: 'x', packed: Uint8Array.of(7), public: false })
    const left = { key: `inbox/${seal.owner}/a1`, n: 1, by: 'inbox', body: Uint8Array.from(letter) }
    expect(await openLetter(key, left)).toEqual({ sender: seal.owner, id: 'a1', value: 'hi' })
  })
})

async function open(): Promise<Page> {
  const { page, leave } = await chromium.person()
  onTestFinished(leave)
  await page.route(`${ORIGIN}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
  )
  await page.goto(ORIGIN)
  await page.addScriptTag({ content: script })
  return page
}

async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, target: 'es2024', lib: { entry, formats: ['iife'], name: 'page' } },
  })
  const [{ output } = { output: [] }] = Array.isArray(built) ? built : []
  const [chunk] = output
  if (chunk?.type !== 'chunk') throw new Error('nothing was built')
  return chunk.code
}
