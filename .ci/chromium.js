/**
 * The browser that the tests drive: found, or installed where that needs nobody's leave.
 */
import { accessSync, constants } from 'node:fs'
import { install, mayInstall } from './apt.js'

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * Where Chromium is: `CHROMIUM_PATH` if that is set, else the first of the usual places.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env['CHROMIUM_PATH']
  return (named ? [named] : USUAL).find(executable)
}

/** Finds Chromium or installs it; ends the process with a sentence that says how to get one when it can't. */
export function chromium() {
  if (findChromium() !== undefined) return
  const named = process.env['CHROMIUM_PATH']
  if (named) fail(`CHROMIUM_PATH is ${named}, which is not a program that can be run.`)
  if (!mayInstall()) fail('The tests need Chromium, and none was found.')
  process.stdout.write('Installing Chromium with apt-get (once, about a minute)…\n')
  if (!install('chromium')) fail('apt-get failed; it says above why.')
  if (findChromium() === undefined) fail('apt-get installed chromium, but there is none in the usual places.')
}

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * @param {string} what
 * @returns {never}
 */
function fail(what) {
  process.stderr.write(
    `${what}\nInstall it (Debian and Ubuntu: sudo apt-get install chromium; macOS: brew install --cask chromium), ` +
      'or set CHROMIUM_PATH to the Chromium or Chrome that you have.\n',
  )
  process.exit(1)
}
