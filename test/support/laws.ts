/**
 * The laws of the architecture, each a function from the modules of the tree to the sentences that say where it
 * is broken: layers, crossings, cycles, purity, length, and what a published package may depend on.
 */
import { type Module, packageOf } from './modules.ts'

/** Which folders each folder may import. `colonia.ts` is the command, which only leads to the others. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  protocols: [],
  node: ['protocols'],
  bootstrap: ['node', 'protocols'],
  web: ['node', 'protocols'],
  simulations: ['node', 'protocols'],
  'colonia.ts': ['bootstrap', 'node', 'simulations'],
  test: ['protocols', 'node', 'bootstrap', 'web', 'simulations', 'colonia.ts', '.ci'],
}

/** Folders with a name in the imports map, by which alone they are entered from outside. */
const NAMED = ['protocols', 'node']

/** All that a protocol may know of the world beyond itself. */
const PURE_PACKAGES = ['@msgpack/msgpack', 'valibot']

/** Clocks, timers, chance, input and output: what a machine borrows or leaves to its driver. */
const IMPURE = [
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...['crypto', 'fetch', 'WebSocket', 'RTCPeerConnection', 'console', 'process', 'Buffer'],
  ...['window', 'document', 'navigator', 'localStorage', 'globalThis', 'global'],
]

/** A file is one noun, and a noun fits in this. */
const MAX_LINES = 300

export function layers(modules: readonly Module[]): string[] {
  return crossings(modules).flatMap(({ module, target, specifier }) => {
    const allowed = LAYERS[top(module.path)]
    if (allowed === undefined) return [`${module.path} is in no layer`]
    if (!allowed.includes(top(target))) return [`${module.path} imports ${specifier}, a layer closed to it`]
    if (NAMED.includes(top(target)) && !specifier.startsWith('#')) {
      return [`${module.path} imports ${specifier}: enter ${top(target)}/ by its # name`]
    }
    return []
  })
}

/** Inside of a folder the way is relative: the # names are for crossings, so that these show. */
export function detours(modules: readonly Module[]): string[] {
  return modules.flatMap((module) =>
    module.imports
      .filter(({ specifier }) =>
        NAMED.some((name) => top(module.path) === name && specifier.startsWith(`#${name}/`)),
      )
      .map(
        ({ specifier }) => `${module.path} imports ${specifier} from its own folder: write a relative path`,
      ),
  )
}

export function missing(modules: readonly Module[]): string[] {
  const paths = new Set(modules.map(({ path }) => path))
  return modules.flatMap((module) =>
    module.imports.flatMap(({ specifier, targets }) =>
      targets
        .filter((target) => target.endsWith('.ts') && !paths.has(target))
        .map(() => `${module.path} imports ${specifier}, which is not there`),
    ),
  )
}

export function cycles(modules: readonly Module[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const done = new Set<string>()
  const found: string[] = []
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) found.push([...trail.slice(at), path].join(' → '))
    if (at >= 0 || done.has(path)) return
    for (const { targets } of byPath.get(path)?.imports ?? []) {
      for (const target of targets) walk(target, [...trail, path])
    }
    done.add(path)
  }
  for (const { path } of modules) walk(path, [])
  return found
}

export function purity(modules: readonly Module[]): string[] {
  return modules
    .filter(({ path }) => top(path) === 'protocols')
    .flatMap(({ path, imports, names, members }) => [
      ...imports
        .filter(({ specifier, targets }) => targets.length === 0 && !PURE_PACKAGES.includes(specifier))
        .map(({ specifier }) => `${path} imports ${specifier}`),
      ...IMPURE.filter((name) => names.has(name) || members.has(`self.${name}`)).map(
        (name) => `${path} uses ${name}`,
      ),
      ...(members.has('Math.random') ? [`${path} uses Math.random`] : []),
    ])
}

export function length(modules: readonly Module[], allowed: readonly string[]): string[] {
  return modules
    .filter(({ path, lines }) => lines > MAX_LINES && !allowed.includes(path))
    .map(({ path, lines }) => `${path} has ${lines} lines`)
}

/**
 * What is published runs with `dependencies` alone; an optional peer may be imported when it is needed, never before. The
 * page is bundled, so it may use the others.
 */
export function dependencies(
  modules: readonly Module[],
  published: readonly string[],
  optional: readonly string[] = [],
): string[] {
  return modules
    .filter(({ path }) => !['web', 'test'].includes(top(path)))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier, targets }) => targets.length === 0 && !specifier.startsWith('node:'))
        .filter(({ specifier }) => !published.includes(packageOf(specifier)))
        .filter(({ specifier, onDemand }) => !(onDemand && optional.includes(packageOf(specifier))))
        .map(({ specifier }) => `${path} imports ${specifier}, which is not in dependencies`),
    )
}

function crossings(modules: readonly Module[]) {
  return modules.flatMap((module) =>
    module.imports.flatMap(({ specifier, targets }) =>
      targets
        .filter((target) => top(target) !== top(module.path))
        .map((target) => ({ module, specifier, target })),
    ),
  )
}

function top(path: string): string {
  return path.split('/')[0] ?? path
}
