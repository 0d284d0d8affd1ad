/** Packages of Debian and Ubuntu, installed where that needs nobody's leave. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

export function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/**
 * False when it fails; apt-get has then said why.
 * @param {string[]} packages
 */
export function install(...packages) {
  return apt('update') && apt('install', '-y', '--no-install-recommends', ...packages)
}

/** @param {string[]} args */
function apt(...args) {
  const { status } = spawnSync('apt-get', ['-q', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
}
