/**
 * What each source file says of itself: what it imports, which names it uses, how long it is. Read with the
 * parser that Vite brings, so that an import in a comment or a string is none.
 */
import { dirname, join } from 'node:path/posix'
import { parseSync, Visitor } from 'vite'

export interface Import {
  specifier: string
  /** The files that it may lead to; none when it names a package. */
  targets: readonly string[]
  /** Imported by `import()` alone, when it is needed. */
  onDemand: boolean
}

export interface Module {
  /** Relative to the root of the repository, with slashes. */
  path: string
  imports: readonly Import[]
  /** Names used other than as a property, a key or a member: globals and what is declared here. */
  names: ReadonlySet<string>
  /** `object.property` as written, where the object is a plain name. */
  members: ReadonlySet<string>
  lines: number
}

/** The `imports` of a package.json: a target, or one target for each condition. */
export type ImportsMap = Readonly<Record<string, string | Readonly<Record<string, string>>>>

/** @throws Error when `source` is not TypeScript. */
export function readModule(path: string, source: string, map: ImportsMap): Module {
  const { program, errors } = parseSync(path, source)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const specifiers = new Set<string>()
  const demanded = new Set<string>()
  const names = new Set<string>()
  const members = new Set<string>()
  /** Where identifiers stand that name no variable. */
  const labels = new Set<number>()
  const key = (node: { computed: boolean; key: { start: number } }) => {
    if (!node.computed) labels.add(node.key.start)
  }
  new Visitor({
    ImportDeclaration: (node) => void specifiers.add(node.source.value),
    ExportAllDeclaration: (node) => void specifiers.add(node.source.value),
    ExportNamedDeclaration: (node) => void (node.source && specifiers.add(node.source.value)),
    TSImportType: (node) => void specifiers.add(node.source.value),
    ImportExpression(node) {
      demanded.add(node.source.type === 'Literal' ? String(node.source.value) : '(computed)')
    },
    MemberExpression(node) {
      if (node.computed || node.property.type !== 'Identifier') return
      labels.add(node.property.start)
      if (node.object.type === 'Identifier') members.add(`${node.object.name}.${node.property.name}`)
    },
    Property: (node) => void (node.shorthand || key(node)),
    MethodDefinition: key,
    PropertyDefinition: key,
    TSPropertySignature: key,
    TSMethodSignature: key,
    Identifier: (node) => void (labels.has(node.start) || names.add(node.name)),
  }).visit(program)
  const imports = [...new Set([...specifiers, ...demanded])].map((specifier) => ({
    specifier,
    targets: resolve(specifier, path, map),
    onDemand: !specifiers.has(specifier),
  }))
  return { path, imports, names, members, lines: source.split('\n').length - 1 }
}

/** The package of a specifier that leads to no file: `@scope/name` of `@scope/name/path`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function resolve(specifier: string, from: string, map: ImportsMap): string[] {
  if (specifier.startsWith('.')) return [join(dirname(from), specifier)]
  for (const [pattern, value] of Object.entries(map)) {
    const [head = '', tail] = pattern.split('*')
    if (tail === undefined ? specifier !== pattern : !specifier.startsWith(head)) continue
    const targets = typeof value === 'string' ? [value] : Object.values(value)
    return targets.map((target) => join(target.replace('*', specifier.slice(head.length))))
  }
  return []
}
