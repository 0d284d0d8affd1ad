/**
 * Builds the page with Vite into `dist/page`, if what it is made of has changed since the last time.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

const SOURCES = ['web', 'node', 'protocols', 'package.json', 'package-lock.json']
/** Beside the installed packages: a new installation means a new page. */
const STAMP = 'node_modules/.cache/colonia/page'

/** Runs in the root of the clone. Ends the process when Vite fails. */
export function page() {
  const hash = digest(SOURCES)
  if (existsSync('dist/page/index.html') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return
  process.stdout.write('Building the page…\n')
  const { status } = spawnSync('vite', ['build', 'web', '--logLevel', 'warn'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: [resolve('node_modules/.bin'), process.env['PATH']].join(delimiter) },
  })
  if (status !== 0) {
    process.stderr.write('Building the page failed; Vite says above why.\n')
    process.exit(1)
  }
  mkdirSync('node_modules/.cache/colonia', { recursive: true })
  writeFileSync(STAMP, hash)
}

/** @param {string[]} paths files and folders */
function digest(paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' })
          .map((name) => `${path}/${name}`)
          .filter((name) => statSync(name).isFile())
          .sort()
      : [path]
    for (const file of files) hash.update(`${file}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}
