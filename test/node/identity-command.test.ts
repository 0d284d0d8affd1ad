/** `colonia identity` as people run it: what is printed, what is written, and with which mode. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadIdentity } from '#node/identity-file'
import { folder } from '../bootstrap/harness.ts'

describe('colonia identity', () => {
  it('takes an identity to another machine as a file that only its owner can read', async () => {
    const home = await folder()
    const id = (await loadIdentity(`${home}/key`)).publicKey.toString()
    await writeFile(`${home}/secret`, 'correct horse\nignored\n')
    const locked = ['--passphrase', `${home}/secret`]
    expect(await identity('show', '--identity', `${home}/key`)).toEqual([0, `${id}\n`, ''])
    const out = await identity('export', '--identity', `${home}/key`, '--to', `${home}/out`, ...locked)
    expect(out).toEqual([0, `${id}\n`, ''])
    expect((await stat(`${home}/out`)).mode & 0o777).toBe(0o600)
    expect(await identity('import', '--identity', `${home}/new`, '--from', `${home}/out`, ...locked)).toEqual(
      [0, `${id}\n`, ''],
    )
    expect((await stat(`${home}/new`)).mode & 0o777).toBe(0o600)
    expect(await readFile(`${home}/new`)).toEqual(await readFile(`${home}/key`))
  })

  it('prints words only when asked to, and reads them from the standard input', async () => {
    const home = await folder()
    const id = (await loadIdentity(`${home}/key`)).publicKey.toString()
    const [code, words] = await identity('export', '--identity', `${home}/key`, '--words', '--to', '-')
    expect([code, words.trim().split(' ').length]).toEqual([0, 24])
    expect(await identity(words, 'import', '--identity', `${home}/new`, '--from', '-')).toEqual([
      0,
      `${id}\n`,
      '',
    ])
  })

  it('writes over nothing, and says in one sentence what is wrong', async () => {
    const home = await folder()
    await loadIdentity(`${home}/key`)
    const key = ['--identity', `${home}/key`]
    await writeFile(`${home}/there`, 'x')
    expect(await identity('export', ...key, '--to', `${home}/there`)).toEqual([
      1,
      '',
      expect.stringMatching(/exist/),
    ])
    expect(await readFile(`${home}/there`, 'utf8')).toBe('x')
    const faults: [string[], number, RegExp][] = [
      [['export', ...key], 2, /--to FILE is missing/],
      [['show', '--identity', `${home}/none`], 1, /there is no /],
      [['import', ...key, '--from', `${home}/there`], 1, /neither an identity file of Colonia nor its words/],
      [['import', ...key, '--from', `${home}/none`], 1, /none/],
      [['show', '--port', '1'], 2, /allowed are --identity/],
      [['sing', ...key], 2, /one of show, export and import/],
    ]
    for (const [argv, code, sentence] of faults) {
      expect(await identity(...argv)).toEqual([code, '', expect.stringMatching(sentence)])
    }
  })
})

/** Exit code, output and errors. A first word with spaces is what it reads. */
async function identity(...argv: string[]): Promise<[number, string, string]> {
  const input = argv[0]?.includes(' ') ? argv.shift() : ''
  const colonia = fileURLToPath(new URL('../../colonia.ts', import.meta.url))
  const child = spawn(process.execPath, [colonia, 'identity', ...argv])
  const exit = once(child, 'exit')
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return [code, out, errors]
}
