import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultConfig, options } from '../../bootstrap/index.ts'
import { help, readOptions } from '../../bootstrap/options.ts'
import { folder } from './harness.ts'

describe('the options of the bootstrap', () => {
  it('are their defaults when nothing is said', async () => {
    expect(await readOptions([], {})).toEqual(defaultConfig)
  })

  it('have defaults that are themselves allowed', async () => {
    const path = await fileOf(defaultConfig)
    expect(await readOptions(['--config', path], {})).toEqual(defaultConfig)
  })

  it('are all listed by --help, with flag, unit, default, variable and key', async () => {
    expect(await readOptions(['--help'], {})).toBe('help')
    const text = help()
    for (const [key, option] of Object.entries(options)) {
      const flag = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      const variable = `COLONIA_${flag.replaceAll('-', '_').toUpperCase()}`
      expect(text).toContain(`--${flag} `)
      expect(text).toContain(option.help)
      const shown = Array.isArray(option.default) ? 'none' : option.default
      expect(text).toContain(
        `default: ${shown}${option.unit ? ` ${option.unit}` : ''}; ${variable}; "${key}"`,
      )
    }
  })

  it('come from flags, variables and a file, in this order', async () => {
    const path = await fileOf({ port: 1, host: '10.0.0.1', maxConnections: 7 })
    const env = { COLONIA_PORT: '2', COLONIA_HOST: '10.0.0.2', COLONIA_CONFIG: path, HOME: '/' }
    expect(await readOptions(['--port=3'], env)).toMatchObject({
      port: 3,
      host: '10.0.0.2',
      maxConnections: 7,
      pingSeconds: 30,
    })
  })

  it('take lists with commas and ICE servers as JSON', async () => {
    const iceServers = [{ urls: ['turn:turn.example.org'], username: 'u', credential: 'c' }]
    const argv = [
      '--origins',
      'https://a.example, https://b.example:8443',
      '--trusted-proxies',
      '10.0.0.0/8,::1',
    ]
    expect(await readOptions([...argv, '--ice-servers', JSON.stringify(iceServers)], {})).toMatchObject({
      origins: ['https://a.example', 'https://b.example:8443'],
      trustedProxies: ['10.0.0.0/8', '::1'],
      iceServers,
    })
  })

  it.each([
    [['--prot', '80'], /^unknown option --prot; allowed are .*--port.* and --help$/],
    [['serve'], /^unknown option serve; allowed are --host/],
    [['-p', '80'], /^unknown option -p; /],
    [['--port'], /^--port needs a value: a whole number from 0 to 65535$/],
    [['--port', 'http'], /^--port must be a whole number from 0 to 65535$/],
    [['--port', ''], /^--port must be a whole number/],
    [['--port', '80.5'], /^--port must be a whole number/],
    [['--port', '65536'], /^--port must be a whole number/],
    [['--max-message-bytes', '10'], /^--max-message-bytes must be a whole number from 1024 .*\(bytes\)$/],
    [['--ping-seconds', '-1'], /^--ping-seconds must be a number from 0.01 to 86400 \(seconds\)$/],
    [['--ping-seconds', '90'], /^silenceSeconds \(90\) must be more than pingSeconds \(90\)$/],
    [['--log-level', 'loud'], /^--log-level must be one of debug, info, warn, error, silent$/],
    [['--host', ''], /^--host must be a text/],
    [
      ['--origins', 'example.org'],
      /^--origins must be a list of origins such as https:\/\/example.org, or \*$/,
    ],
    [['--origins', 'https://example.org/page'], /^--origins must be/],
    [['--announce', 'ftp://example.org'], /^--announce must be a list of URLs without a path/],
    [['--announce', 'https://example.org/x'], /^--announce must be/],
    [['--trusted-proxies', '10.0.0.0/99'], /^--trusted-proxies must be a list of IP addresses or ranges/],
    [['--trusted-proxies', 'proxy'], /^--trusted-proxies must be/],
    [['--ice-servers', '[{"urls":'], /^--ice-servers must be a JSON list/],
    [['--ice-servers', '[{"url":"stun:x"}]'], /^--ice-servers must be a JSON list/],
    [['--config', '/does/not/exist'], /^--config \/does\/not\/exist cannot be read as JSON: /],
  ])('refuse %j in a sentence that says what is allowed', async (argv, sentence) => {
    await expect(readOptions(argv, {})).rejects.toMatchObject({ code: 'bad-options' })
    await expect(readOptions(argv, {})).rejects.toThrow(sentence)
  })

  it('refuse a variable that is unknown or ill-typed', async () => {
    await expect(readOptions([], { COLONIA_PROT: '1' })).rejects.toThrow(
      /^unknown variable COLONIA_PROT; allowed/,
    )
    await expect(readOptions([], { COLONIA_PORT: 'x' })).rejects.toThrow(
      /^COLONIA_PORT must be a whole number/,
    )
  })

  it('refuse a file with an unknown key, an ill-typed value, or no object', async () => {
    const read = async (value: unknown) => readOptions(['--config', await fileOf(value)], {})
    await expect(read({ prot: 1 })).rejects.toThrow(/^unknown option "prot" in .*; allowed are host, port/)
    await expect(read({ port: '80' })).rejects.toThrow(/^"port" in .* must be a whole number/)
    await expect(read([])).rejects.toThrow(/must hold a JSON object$/)
  })

  it('never repeat a credential that is refused', async () => {
    const secret = '[{"urls":"turn:x","credential":"hunter2"}]'
    const refusal = await readOptions(['--ice-servers', secret], {}).catch(String)
    expect(refusal).toContain('--ice-servers must be')
    expect(refusal).not.toContain('hunter2')
  })
})

async function fileOf(value: unknown): Promise<string> {
  const path = join(await folder(), 'colonia.json')
  await writeFile(path, JSON.stringify(value))
  return path
}
