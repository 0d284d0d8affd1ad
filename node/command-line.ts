/** What the commands of `colonia` share: reading flags, and refusing in a sentence. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { ColoniaError } from './errors.ts'

export function badOptions(message: string): ColoniaError {
  return new ColoniaError('bad-options', message)
}

/** @throws ColoniaError `bad-options`: what is wrong, and which flags there are */
export function parseFlags<const Flags extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  flags: Flags,
) {
  try {
    return parseArgs({ args: [...argv], options: flags, allowPositionals: true })
  } catch (error) {
    throw badOptions(`${(error as Error).message}; allowed are --${Object.keys(flags).join(', --')}`)
  }
}

/** Does what a command does. A refusal is a line on standard error, and exit code 2 if the flags were wrong, else 1. */
export async function runCommand(name: string, act: () => void | Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof ColoniaError)) throw error
    process.stderr.write(`colonia ${name}: ${error.message}\n`)
    process.exitCode = error.code === 'bad-options' ? 2 : 1
  }
}
