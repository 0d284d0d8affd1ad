/**
 * The package as a stranger gets it: built, packed, installed in an empty folder, and then run, imported and
 * compiled against from there.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BootstrapProcess, startBootstrap } from './support/bootstrap.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../')

/** What README.md asks of those who install: it spares them React Native, which nothing here uses. */
const OVERRIDES = { 'react-native-webrtc': 'npm:empty-npm-package@1.0.0' }

let folder: string
let bootstrap: BootstrapProcess

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/colonia-package-`)
})

afterAll(async () => {
  await bootstrap?.kill()
  await rm(folder, { recursive: true, force: true })
})

test('it packs what is published and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--json', '--loglevel=error', '--pack-destination', folder], {
    cwd: root,
  })
  // The build, which npm runs first, writes to the same output.
  const [{ files }] = JSON.parse(stdout.slice(stdout.search(/^\[$/m)))
  const paths: string[] = files.map(({ path }: { path: string }) => path)
  expect(paths).toEqual(
    expect.arrayContaining(['dist/colonia.js', 'dist/node/index.d.ts', 'dist/page/index.html']),
  )
  expect(paths.filter((path) => !/^(dist\/|package\.json$|README\.md$|LICENSE$)/.test(path))).toEqual([])
  expect(paths.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([])
})

test('it installs in an empty folder, as the README says', async () => {
  const [[name, replacement] = []] = Object.entries(OVERRIDES)
  expect(await readFile(`${root}README.md`, 'utf8')).toContain(`"${name}": "${replacement}"`)
  await writeFile(`${folder}/package.json`, JSON.stringify({ type: 'module', overrides: OVERRIDES }))
  await run(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', './colonia-0.1.0.tgz'],
    { cwd: folder },
  )
})

test('its command says what it can do', async () => {
  const { stdout } = await run('npx', ['colonia', '--help'], { cwd: folder })
  expect(stdout).toContain('colonia <command>')
})

test('it simulates, on workers of its own', async () => {
  const flags = ['--nodes', '40', '--hours', '0.05', '--seeds', '2', '--quiet', '--json', 'report.json']
  await run('npx', ['colonia', 'simulate', 'run', 'tabs', ...flags], { cwd: folder })
  const { runs } = JSON.parse(await readFile(`${folder}/report.json`, 'utf8'))
  expect(runs.map(({ complete }: { complete: boolean }) => complete)).toEqual([true, true])
})

test('npx colonia bootstrap serves the page and the introduction', async () => {
  bootstrap = await startBootstrap([], ['npx', 'colonia'], folder)
  const page = await fetch(bootstrap.url)
  expect(page.status).toBe(200)
  const html = await page.text()
  const [, script = 'no script'] = /<script[^>]+src="([^"]+)"/.exec(html) ?? []
  expect((await fetch(new URL(script, bootstrap.url))).status).toBe(200)
  const introduction = await fetch(`${bootstrap.url}/introduction`)
  expect(await introduction.json()).toMatchObject({ peerId: bootstrap.peerId })
})

test('createNode, imported from it, makes a peer that the bootstrap lets in', async () => {
  await writeFile(
    `${folder}/peer.js`,
    `import { createNode } from 'colonia'
     const node = await createNode({ bootstraps: [process.argv[2]] })
     const entered = () => node.entrances.some(({ state }) => state === 'connected')
     while (!entered()) await new Promise((resolve) => node.addEventListener('entrance', resolve, { once: true }))
     await node.stop()
     console.log('in and out')`,
  )
  const { stdout } = await run(process.execPath, ['peer.js', bootstrap.url], { cwd: folder, timeout: 30_000 })
  expect(stdout).toBe('in and out\n')
})

test('its types are whole for a strict compiler', async () => {
  await writeFile(
    `${folder}/typed.ts`,
    `import { type ColoniaNode, createNode } from 'colonia'
     import { createBootstrap } from 'colonia/bootstrap'
     export const node: ColoniaNode = await createNode({ name: 'Ada' })
     // @ts-expect-error: a name is text, so the types are there and are not any
     await createNode({ name: 7 })
     export const url: string = (await createBootstrap({ port: 0 })).url`,
  )
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2024', '--module', 'nodenext']
  await run(`${root}node_modules/.bin/tsc`, [...flags, 'typed.ts'], { cwd: folder }).catch(({ stdout }) => {
    throw new Error(stdout)
  })
})

test('the bootstrap leaves when it is asked to', async () => {
  await bootstrap.stop()
  const open = () =>
    fetch(`${bootstrap.url}/healthz`).then(
      () => true,
      () => false,
    )
  await expect.poll(open, { timeout: 10_000 }).toBe(false)
})
