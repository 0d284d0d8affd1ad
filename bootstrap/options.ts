/**
 * From flags, environment and a JSON file to a checked `Config`.
 *
 * Law: a flag wins over a variable, a variable over the file, the file over the default. Whatever is unknown
 * or ill-typed is refused in one sentence that names it and says what is allowed; nothing is guessed.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { ColoniaError } from '#node/errors'
import { type Config, contradiction, defaultConfig, type Option, table } from './config.ts'

const PREFIX = 'COLONIA_'
const options: ReadonlyArray<readonly [keyof Config, Option<unknown>]> = Object.entries(table).map(
  ([key, option]) => [key as keyof Config, option as Option<unknown>] as const,
)

/**
 * @returns the configuration, or `'help'` when that is asked for.
 * @throws ColoniaError `bad-options`; its message is the sentence to show.
 */
export async function readOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Config | 'help'> {
  const flags = readFlags(argv)
  if (flags.has('help')) return 'help'
  const path = flags.get('config') ?? env[`${PREFIX}CONFIG`]
  const file = path === undefined ? {} : await readFileOptions(path)
  refuseUnknownVariables(env)

  const config: Record<string, unknown> = { ...defaultConfig, ...file }
  for (const [key, option] of options) {
    const flag = flags.get(flagOf(key))
    const variable = env[variableOf(key)]
    if (flag !== undefined) config[key] = checked(`--${flagOf(key)}`, option, parse(option, flag))
    else if (variable !== undefined) config[key] = checked(variableOf(key), option, parse(option, variable))
  }
  const why = contradiction(config as Config)
  if (why !== undefined) return refuse(why)
  return config as Config
}

/** The text of `--help`: every option with its flag, unit, default and variable. */
export function help(): string {
  const rows = options.map(([key, option]) => {
    const value = Array.isArray(option.default) ? 'none' : String(option.default)
    const unit = option.unit ? ` ${option.unit}` : ''
    return `  --${flagOf(key)} ${option.form.toUpperCase()}\n      ${option.help}\n      default: ${value}${unit}; ${variableOf(key)}; "${key}"`
  })
  return `Usage: colonia bootstrap [options]

Serves the page, introduces browsers to each other and carries their first, encrypted handshake.
Each option is a flag, an environment variable or a line of a JSON file; a flag wins over a variable,
a variable over the file. A LIST is separated by commas (in the file it is a JSON list).

  --config TEXT
      JSON file of options
      default: none; ${PREFIX}CONFIG
${rows.join('\n')}
  --help
      this text
`
}

function readFlags(argv: readonly string[]): Map<string, string> {
  const names = [...options.map(([key]) => flagOf(key)), 'config']
  const declared = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const { tokens } = parseArgs({ args: [...argv], options: declared, strict: false, tokens: true })
  const flags = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'option' && (token.rawName === '--help' || token.rawName === '-h')) {
      flags.set('help', '')
    } else if (token.kind !== 'option' || !token.rawName.startsWith('--') || !names.includes(token.name)) {
      const given = token.kind === 'positional' ? token.value : token.kind === 'option' ? token.rawName : '--'
      return refuse(`unknown option ${given}; allowed are --${names.join(', --')} and --help`)
    } else if (token.value === undefined) {
      return refuse(`${token.rawName} needs a value: ${allowed(token.name)}`)
    } else {
      flags.set(token.name, token.value)
    }
  }
  return flags
}

async function readFileOptions(path: string): Promise<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ColoniaError('bad-options', `--config ${path} cannot be read as JSON: ${why}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(`--config ${path} must hold a JSON object`)
  }
  const keys = options.map(([key]) => key as string)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const option = options.find(([name]) => name === key)?.[1]
      if (option === undefined)
        return refuse(`unknown option "${key}" in ${path}; allowed are ${keys.join(', ')}`)
      return [key, checked(`"${key}" in ${path}`, option, item)]
    }),
  )
}

function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  const known = [...options.map(([key]) => variableOf(key)), `${PREFIX}CONFIG`]
  const unknown = Object.keys(env).find((name) => name.startsWith(PREFIX) && !known.includes(name))
  if (unknown !== undefined) refuse(`unknown variable ${unknown}; allowed are ${known.join(', ')}`)
}

function parse(option: Option<unknown>, value: string): unknown {
  switch (option.form) {
    case 'text':
      return value
    case 'number':
      return value.trim() === '' ? value : Number(value)
    case 'list':
      return value === '' ? [] : value.split(',').map((entry) => entry.trim())
    case 'json':
      try {
        return JSON.parse(value)
      } catch {
        return undefined
      }
  }
}

function checked(name: string, option: Option<unknown>, value: unknown): unknown {
  const result = v.safeParse(option.schema, value)
  // The value itself is left out: a credential can be part of it.
  return result.success ? result.output : refuse(`${name} must be ${option.allowed}`)
}

function allowed(flag: string): string {
  return options.find(([key]) => flagOf(key) === flag)?.[1].allowed ?? 'a file name'
}

function refuse(sentence: string): never {
  throw new ColoniaError('bad-options', sentence)
}

/** `maxConnections` → `max-connections` */
function flagOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `maxConnections` → `COLONIA_MAX_CONNECTIONS` */
function variableOf(key: string): string {
  return PREFIX + flagOf(key).replaceAll('-', '_').toUpperCase()
}
