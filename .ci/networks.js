/**
 * What the tests with networks of their own need: coturn, nftables, iproute2. Found, or installed where that needs
 * nobody's leave and starts no server: Debian's coturn is a service, which systemd would start. Without them those
 * tests are skipped, and say why.
 */
import { existsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { install, mayInstall } from './apt.js'

/** Each program, and the package that brings it. */
const PROGRAMS = { ip: 'iproute2', nft: 'nftables', turnserver: 'coturn' }

export function networks() {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const missing = Object.entries(PROGRAMS).filter(
    ([program]) => !folders.some((folder) => existsSync(`${folder}/${program}`)),
  )
  if (missing.length === 0 || !mayInstall() || existsSync('/run/systemd/system')) return
  const packages = missing.map(([, name]) => name)
  process.stdout.write(`Installing ${packages.join(', ')} with apt-get (once, some seconds)…\n`)
  install(...packages)
}
