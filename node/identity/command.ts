/**
 * `colonia identity`: shows whose an identity file is, and takes an identity out of it or into it.
 *
 * Law: a key goes where it was told to and nowhere else. Files are made with mode 0600, none is written over, and
 * what is printed besides is a PeerID.
 */
import { openAsBlob } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { badOptions as bad, parseFlags } from '../command-line.ts'
import { ColoniaError } from '../errors.ts'
import { readKeyFile } from '../identity-file.ts'
import { exportIdentity, importIdentity } from './moving.ts'

const HELP = `Usage: colonia identity show   --identity FILE
       colonia identity export --identity FILE --to FILE [--words] [--passphrase FILE]
       colonia identity import --identity FILE --from FILE [--passphrase FILE]

Whoever has an identity can be that peer. State, contacts and calls are not in it: they come back from the
contingents.

  show        prints the PeerID
  export      writes the identity to a new file, to be imported elsewhere, in a browser too
  import      makes the identity file that a peer starts with; it must not be there yet

  --identity FILE
      where a peer keeps its private key, as in colonia peer --identity; COLONIA_IDENTITY
  --to FILE, --from FILE
      the exported identity; - is the standard output or input
  --words
      as 24 words in place of a file that says what it is; words cannot be protected
  --passphrase FILE
      the first line of FILE protects the export, or opens it; COLONIA_PASSPHRASE
  --help
      this text
`

const flags = {
  identity: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
  words: { type: 'boolean' },
  passphrase: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export async function run(argv: string[]): Promise<void> {
  try {
    process.stdout.write(await act(argv))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A file that is missing, or there already, is told in the system's own words.
    if (!(error instanceof ColoniaError) && typeof code !== 'string') throw error
    process.stderr.write(`colonia identity: ${(error as Error).message}\n`)
    process.exitCode = code === 'bad-options' ? 2 : 1
  }
}

/** @returns what is printed */
async function act(argv: string[]): Promise<string> {
  const { values, positionals } = parseFlags(argv, flags)
  const [what, surplus] = positionals
  if (values.help) return HELP
  if (surplus !== undefined) throw bad(`unexpected "${surplus}"; see colonia identity --help`)
  const identity = values.identity ?? process.env['COLONIA_IDENTITY']
  if (identity === undefined) throw bad('--identity FILE is missing; see colonia identity --help')
  const passphrase = await passphraseIn(values.passphrase)
  const protect = passphrase === undefined ? {} : { passphrase }
  switch (what) {
    case 'show':
      return `${await idIn(identity)}\n`
    case 'export': {
      if (values.to === undefined) throw bad('--to FILE is missing; - prints the key')
      if (values.words && passphrase !== undefined) throw bad('words cannot be protected by a passphrase')
      const as = values.words ? 'words' : 'file'
      const secret = `${(await exportIdentity({ identity, as, ...protect })).trimEnd()}\n`
      if (values.to === '-') return secret
      await writeFile(values.to, secret, { mode: 0o600, flag: 'wx' })
      return `${await idIn(identity)}\n`
    }
    case 'import': {
      if (values.from === undefined) throw bad('--from FILE is missing; - reads the standard input')
      const from = values.from === '-' ? await text(process.stdin) : await fileOf(values.from)
      return `${(await importIdentity(from, { identity, ...protect })).id}\n`
    }
    default:
      throw bad('one of show, export and import is missing; see colonia identity --help')
  }
}

async function fileOf(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path)
  } catch (cause) {
    throw new ColoniaError('bad-identity', `${path} cannot be read`, { cause })
  }
}

/** Of a key that is there: to look at one must not make one. */
async function idIn(identity: string): Promise<string> {
  const key = await readKeyFile(identity)
  if (key === undefined) throw new ColoniaError('bad-identity', `there is no ${identity}`)
  return key.publicKey.toString()
}

async function passphraseIn(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return process.env['COLONIA_PASSPHRASE']
  const [line = ''] = (await readFile(path, 'utf8')).split(/\r?\n/, 1)
  if (line === '') throw bad(`the passphrase in ${path} is empty`)
  return line
}
