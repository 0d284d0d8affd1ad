/** The laws of ARCHITECTURE.md hold in the tree, and those who watch over them are awake. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cycles, dependencies, detours, layers, length, missing, purity } from './support/laws.ts'
import { type ImportsMap, type Module, readModule } from './support/modules.ts'

const root = join(import.meta.dirname, '../')
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const manifest: {
  imports: ImportsMap
  dependencies: Record<string, string>
  peerDependenciesMeta: Record<string, { optional?: boolean }>
  scripts: Record<string, string>
} = JSON.parse(read('package.json'))

/** Files that may be longer than the rest, each for a reason. */
const LONG: readonly string[] = []

const FOLDERS = ['bootstrap', 'node', 'protocols', 'simulations', 'test', 'web']
const PAGES = ['ARCHITECTURE.md', 'LICENSE', 'README.md']
const CONFIGURATION = ['colonia.ts', 'package.json', 'package-lock.json', 'tsconfig.json']

describe('the tree', () => {
  const paths = FOLDERS.filter((folder) => existsSync(`${root}${folder}`))
    .flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((path) => path.endsWith('.ts'))
  const modules = [...paths, 'colonia.ts'].map((path) => readModule(path, read(path), manifest.imports))

  test('is layered: protocols ← node ← bootstrap, web and simulations, which do not know each other', () => {
    expect(layers(modules)).toEqual([])
  })

  test('shows its crossings: # names between folders, relative paths inside', () => {
    expect(detours(modules)).toEqual([])
  })

  test('imports only files that are there', () => {
    expect(missing(modules)).toEqual([])
  })

  test('has no cycles', () => {
    expect(cycles(modules)).toEqual([])
  })

  test('keeps protocols pure: no clock, timer, chance, network or console', () => {
    expect(modules.some(({ path }) => path.startsWith('protocols/'))).toBe(true)
    expect(purity(modules)).toEqual([])
  })

  test('has no file of more than 300 lines', () => {
    expect(length(modules, LONG)).toEqual([])
    expect(LONG.filter((path) => length(modules, []).every((found) => !found.startsWith(path)))).toEqual([])
  })

  test('publishes what runs with its dependencies alone', () => {
    const { peerDependenciesMeta: peers } = manifest
    const optional = Object.keys(peers).filter((name) => peers[name]?.optional)
    expect(dependencies(modules, Object.keys(manifest.dependencies), optional)).toEqual([])
  })

  test('has nothing at the top but what is always there', () => {
    // What git does not follow is someone's own affair.
    const names = execFileSync('git', ['ls-tree', '--name-only', 'HEAD'], { cwd: root, encoding: 'utf8' })
    const known = [...FOLDERS, ...PAGES, ...CONFIGURATION]
    expect(names.split('\n').filter((name) => !/^(\.|$)/.test(name) && !known.includes(name))).toEqual([])
  })
})

describe('the lock file', () => {
  type Locked = { resolved?: string; link?: boolean; optionalDependencies?: Record<string, string> }
  const locked: Record<string, Locked> = JSON.parse(read('package-lock.json')).packages

  test('names no registry', () => {
    expect(Object.keys(locked).filter((path) => locked[path]?.resolved !== undefined)).toEqual([])
  })

  test('knows the binaries of every platform, or npm ci would refuse it elsewhere', () => {
    const absent = Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !(`node_modules/${name}` in locked) && !(`${path}/node_modules/${name}` in locked),
      ),
    )
    expect(absent).toEqual([])
  })
})

test('the README tells to run the scripts that there are', () => {
  const told = [...read('README.md').matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
    ([, script, short]) => script ?? short ?? '',
  )
  expect(told).toEqual(expect.arrayContaining(['start', 'test']))
  expect(told.filter((script) => !(script in manifest.scripts))).toEqual([])
})

describe('the watch', () => {
  const plant = (files: Record<string, string>): Module[] =>
    Object.entries(files).map(([path, source]) => readModule(path, source, manifest.imports))

  test.each([
    ['upward', { 'protocols/a.ts': "import '#node/b'" }],
    ['upward, for a type', { 'protocols/a.ts': "import type { B } from '#node/b'" }],
    ['upward, in a type', { 'node/a.ts': "type B = import('../web/b.ts').B" }],
    ['upward, on demand', { 'node/a.ts': "await import('../bootstrap/b.ts')" }],
    ['upward, by passing on', { 'node/a.ts': "export * from '../web/b.ts'" }],
    ['sideways', { 'web/a.ts': "export { b } from '../bootstrap/b.ts'" }],
    ['from the test', { 'bootstrap/a.ts': "import '../test/support/b.ts'" }],
    ['past the # name', { 'web/a.ts': "import '../node/b.ts'" }],
    ['from nowhere', { 'util/a.ts': "import '#node/b'" }],
  ])('catches an import %s', (_, files) => {
    expect(layers(plant(files))).toHaveLength(1)
  })

  test('lets pass what is allowed, and what only looks like an import', () => {
    const modules = plant({
      'web/a.ts':
        "import { b } from '#node/b'\n// import '../bootstrap/c.ts'\nconst s = \"import '../test/d.ts'\"",
      'node/b.ts': "import '#protocols/wire/index'\nimport './link/c.ts'\nimport '#platform'",
      'colonia.ts': "await import('./bootstrap/command.ts')",
      'test/e.test.ts': "import '../bootstrap/index.ts'",
    })
    expect([...layers(modules), ...detours(modules)]).toEqual([])
  })

  test('catches a # name used at home', () => {
    expect(detours(plant({ 'node/a.ts': "import '#node/b'" }))).toHaveLength(1)
  })

  test('catches an import of what is not there', () => {
    expect(missing(plant({ 'node/a.ts': "import './gone.ts'\nimport '#protocols/gone'" }))).toHaveLength(2)
  })

  test('catches cycles: of one, of three, through a # name', () => {
    expect(cycles(plant({ 'node/a.ts': "import './a.ts'" }))).toEqual(['node/a.ts → node/a.ts'])
    const three = {
      'node/a.ts': "import './b.ts'",
      'node/b.ts': "import './c.ts'",
      'node/c.ts': "import './a.ts'",
    }
    expect(cycles(plant(three))).toEqual(['node/a.ts → node/b.ts → node/c.ts → node/a.ts'])
    const crossing = { 'protocols/a.ts': "import '#node/b'", 'node/b.ts': "import '#protocols/a'" }
    expect(cycles(plant(crossing))).toHaveLength(1)
    const diamond = {
      'node/a.ts': "import './b.ts'; import './c.ts'",
      'node/b.ts': "import './c.ts'",
      'node/c.ts': '',
    }
    expect(cycles(plant(diamond))).toEqual([])
  })

  test.each([
    'const now = Date.now()',
    'const now = new Date()',
    'const now = performance.now()',
    'const chance = Math.random()',
    'setTimeout(() => {}, 1)',
    'const wait = setInterval',
    'crypto.getRandomValues(new Uint8Array(1))',
    "await fetch('/')",
    "console.log('x')",
    "process.env['X']",
    'window.close()',
    'self.setTimeout(() => {}, 1)',
    "globalThis.document.title = 'x'",
    "import 'node:fs'",
    "import { createLibp2p } from 'libp2p'",
    "import { peerIdFromString } from '@libp2p/peer-id'",
    'const bag = { Date }',
  ])('catches in protocols: %s', (source) => {
    expect(purity(plant({ 'protocols/a.ts': source })).length).toBeGreaterThan(0)
  })

  test('lets protocols have fields and methods of any name, and their two packages', () => {
    const source = `import * as v from 'valibot'
      import { encode } from '@msgpack/msgpack'
      interface Log { console: string; fetch(): void }
      const book = { process: 1, Date: 2 }
      class Page { document = 1; crypto() { return book.process + this.document + Math.max(1, 2) } }`
    expect(purity(plant({ 'protocols/a.ts': source }))).toEqual([])
    expect(purity(plant({ 'node/a.ts': 'Date.now()' }))).toEqual([])
  })

  test('catches a long file, and a package that is not published with us', () => {
    expect(length(plant({ 'node/a.ts': '\n'.repeat(301) }), [])).toHaveLength(1)
    expect(length(plant({ 'node/a.ts': '\n'.repeat(300) }), [])).toEqual([])
    const modules = plant({ 'node/a.ts': "import 'vite/client'\nimport '@libp2p/x/y'\nimport 'node:fs'" })
    expect(dependencies(modules, ['@libp2p/x'])).toEqual([
      'node/a.ts imports vite/client, which is not in dependencies',
    ])
  })

  test('lets an optional peer be imported when it is needed, and only then', () => {
    const late = plant({ 'simulations/a.ts': "await import('x/core')" })
    expect(dependencies(late, [], ['x'])).toEqual([])
    expect(dependencies(late, [])).toHaveLength(1)
    const early = plant({ 'simulations/a.ts': "import 'x/core'\nawait import('x/core')" })
    expect(dependencies(early, [], ['x'])).toHaveLength(1)
  })
})
