/**
 * Makes a clone ready for what comes next: `node .ci/ready.js [page] [chromium] [networks]`.
 *
 * npm runs this before `start`, `test`, `check` and `build`, so that a bare machine needs no command before
 * them. It is plain JavaScript without dependencies because it runs before there are any, on whatever Node
 * the machine has (20 or newer); all else runs on the Node that the packages bring. Each step says what it
 * does, and says and does nothing when there is nothing to do.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from './chromium.js'
import { networks } from './networks.js'
import { page } from './page.js'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
packages()
if (process.argv.includes('page')) page()
if (process.argv.includes('chromium')) chromium()
if (process.argv.includes('networks')) networks()

/** Installs exactly what the lock file says, unless it is there already. */
function packages() {
  if (installed()) return
  process.stdout.write('Installing packages (once, about half a minute)…\n')
  // npm must not run on the Node that it is about to replace.
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => !entry.endsWith('node_modules/.bin'))
  const { status } = spawnSync('npm', ['ci', '--loglevel=error'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: path.join(delimiter) },
  })
  if (status !== 0) {
    process.stderr.write('Installing packages failed; npm says above why. Is the network there?\n')
    process.exit(1)
  }
}

/** Whether `node_modules` holds what the lock file asks for. npm records there what it put, when it is done. */
function installed() {
  const record = 'node_modules/.package-lock.json'
  if (!existsSync(record) || !existsSync('node_modules/.bin/node')) return false
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { integrity, optional }]) =>
      path === '' || (path in present ? present[path].integrity === integrity : optional === true),
  )
}
