/**
 * The hunt: plants one mutant at a time in a copy of the source and lets the fuzz loose on it. The shipped code
 * knows nothing of it.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What the fuzz needs to run. */
const SOURCE = ['protocols', 'node/driver.ts', 'simulations', 'package.json']
const AT_ONCE = 2

/** @returns 0 when every mutant was caught */
export async function hunt(
  mutants: readonly Mutant[],
  { from, seeds }: { from: number; seeds: number },
  say: (line: string) => void,
): Promise<number> {
  const waiting = [...mutants]
  let survived = 0
  const next = async (): Promise<void> => {
    const mutant = waiting.shift()
    if (mutant === undefined) return
    const caught = await attempt(mutant, ['--from', String(from), '--seeds', String(seeds)])
    if (caught === undefined) survived += 1
    say(
      `${caught === undefined ? 'SURVIVED' : 'caught'}  ${mutant.name}${caught === undefined ? '' : `: ${caught}`}`,
    )
    return await next()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  say(`${mutants.length} mutants, ${survived} survived`)
  return survived === 0 ? 0 : 1
}

/** What caught it, and at which seed. @throws Error when what it changes is not there just once. */
async function attempt(
  { name, file, from, to }: Mutant,
  options: readonly string[],
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'colonia-mutant-'))
  try {
    for (const path of SOURCE) await cp(join(root, path), join(folder, path), { recursive: true })
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const path = join(folder, 'protocols', file)
    const source = await readFile(path, 'utf8')
    const parts = source.split(from)
    if (parts.length !== 2)
      throw new Error(`${name}: what it changes is ${parts.length - 1} times in ${file}`)
    await writeFile(path, parts.join(to))
    const [seed, what] = await fuzz(folder, options)
    return seed === undefined ? undefined : `${what?.trim()} (${seed.split(',')[0]})`
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The first lines of its report; none when nothing was found. */
async function fuzz(folder: string, options: readonly string[]): Promise<string[]> {
  return await new Promise((resolve, reject) => {
    const args = ['simulations/fuzz.ts', '--first', ...options]
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      if (error === null) return resolve([])
      if (stderr.includes('SyntaxError')) return reject(new Error(`a mutant that is no code: ${stderr}`))
      resolve(
        stdout === ''
          ? ['crash', stderr.split('\n').find((line) => line.includes('Error')) ?? '']
          : stdout.split('\n'),
      )
    })
  })
}
