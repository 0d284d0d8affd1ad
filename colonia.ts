#!/usr/bin/env node
/**
 * The `colonia` command: finds who is meant and steps aside. Each command is loaded only when it is asked for.
 */
import { readFile } from 'node:fs/promises'

const commands: Record<string, () => Promise<{ run(argv: string[]): Promise<void> }>> = {
  bootstrap: () => import('./bootstrap/command.ts'),
  peer: () => import('#node/command'),
  find: () => import('#node/find-command'),
  identity: () => import('#node/identity/command'),
  simulate: () => import('./simulations/command.ts'),
}

const HELP = `Usage: colonia <command> [options]

  bootstrap   serve the page and introduce browsers to each other
  peer        run a peer without a browser
  find        find a peer, and say how it was found
  identity    show an identity, or take it to another device
  simulate    run thousands of peers under churn, and say what is lost

colonia <command> --help lists the options of a command; colonia --version says which this is.
`

const [name = '--help', ...argv] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined

if (command !== undefined) {
  const { run } = await command()
  await run(argv)
} else if (name === '--help' || name === '-h') {
  process.stdout.write(HELP)
} else if (name === '--version') {
  process.stdout.write(`${await version()}\n`)
} else {
  process.stderr.write(`colonia: unknown command ${name}; allowed are ${Object.keys(commands).join(', ')}\n`)
  process.exitCode = 2
}

/** From package.json, which is beside this file in a clone and above it in the published package. */
async function version(): Promise<string> {
  const folder = import.meta.url.endsWith('.ts') ? './' : '../'
  const text = await readFile(new URL(`${folder}package.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
