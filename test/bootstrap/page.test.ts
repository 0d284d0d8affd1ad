import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, open } from './harness.ts'

describe('the page, served from memory', () => {
  it('is still there when its files are gone, and the server as well', async () => {
    const path = await page()
    const { url } = await open({ page: path })
    await rm(join(path, 'assets'), { recursive: true })
    await rm(join(path, 'index.html'))
    expect(await (await fetch(`${url}/assets/main-abc.js`)).text()).toBe(SCRIPT)
    expect((await fetch(`${url}/`)).status).toBe(200)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  it('goes out compressed to who takes that, and as it is to who does not', async () => {
    const { url } = await open({ page: await page() })
    const encoding = async (accept: string) => {
      const { headers } = await fetch(`${url}/assets/main-abc.js`, { headers: { 'accept-encoding': accept } })
      return [headers.get('content-encoding'), headers.get('vary')]
    }
    expect(await encoding('br, gzip;q=0.5')).toEqual(['gzip', 'Accept-Encoding'])
    expect(await encoding('identity')).toEqual([null, 'Accept-Encoding'])
    expect(await encoding('gzip;q=0')).toEqual([null, 'Accept-Encoding'])
  })

  it('is not sent again to who has it', async () => {
    const { url } = await open({ page: await page() })
    const first = await fetch(`${url}/`)
    const headers = { 'if-none-match': String(first.headers.get('etag')) }
    expect((await fetch(`${url}/`, { headers })).status).toBe(304)
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/.secret', '/assets/', '/assets', '/index.html/x'])(
    'is all that can be had: %s is not',
    async (path) => {
      const { url } = await open({ page: await page() })
      expect((await fetch(`${url}${path}`)).status).toBe(404)
    },
  )
})

const SCRIPT = 'export const colony = 1\n'.repeat(100)

async function page(): Promise<string> {
  const path = await folder()
  await mkdir(join(path, 'assets'))
  await writeFile(join(path, 'index.html'), '<!doctype html>')
  await writeFile(join(path, '.secret'), 'not for the world')
  await writeFile(join(path, 'assets', 'main-abc.js'), SCRIPT)
  return path
}
