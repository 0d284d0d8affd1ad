/** Credentials for a TURN server, and a secret that stays one. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, test } from 'vitest'
import { openChannel } from '#node/channel'
import { VERSION, wire } from '#protocols/introduction/index'
import type { Bootstrap } from '../../bootstrap/index.ts'
import { createBootstrap } from '../../bootstrap/index.ts'
import { createLog } from '../../bootstrap/log.ts'
import { help, readOptions } from '../../bootstrap/options.ts'
import { isTurnUrl, mint } from '../../bootstrap/turn.ts'
import { startBootstrap } from '../support/bootstrap.ts'
import { client, folder, open } from './harness.ts'

const secret = 'the ants know the way'
const urls = ['turn:turn.example.org:3478']

describe('credentials', () => {
  test('are the expiry and a name, and their HMAC-SHA1 in base64', () => {
    // printf %s 1700086400:0123456789abcdef | openssl dgst -sha1 -hmac 'the ants know the way' -binary | base64
    expect(mint({ urls, secret, seconds: 86_400 }, 1_700_000_000_999, '0123456789abcdef')).toEqual({
      urls,
      username: '1700086400:0123456789abcdef',
      credential: 'BdD0SJko3Xxbw0vb9byrpBQ4d8E=',
      seconds: 86_400,
    })
  })

  test('are others each time, and say nothing of whose they are', () => {
    const [one, other] = [mint({ urls, secret, seconds: 600 }), mint({ urls, secret, seconds: 600 })]
    expect(one.username).toMatch(/^\d{10}:[\da-f]{16}$/)
    expect(one.username?.split(':')[1]).not.toBe(other.username?.split(':')[1])
  })
})

describe('a URL of a TURN server', () => {
  it.each([
    'turn:turn.example.org',
    'turn:192.0.2.1:3478',
    'turns:[2001:db8::1]:443?transport=tcp',
    'TURN:host?transport=udp',
  ])('may be %s', (url) => expect(isTurnUrl(url)).toBe(true))

  it.each([
    'stun:stun.example.org',
    'turn://turn.example.org',
    'turn:',
    'turn:user@host',
    'turn:host:port',
    'turn:host?transport=sctp',
    'turn:host?transport=tcp&x=1',
    'turn:a b',
    'https://turn.example.org',
  ])('may not be %s', (url) => expect(isTurnUrl(url)).toBe(false))
})

describe('an introduction', () => {
  it('brings fresh credentials each time, and for how long they are good', async () => {
    const turnSecretFile = await fileOf(`${secret}\n`)
    const stun = { urls: ['stun:stun.example.org'] }
    const bootstrap = await open({ turnUrls: urls, turnSecretFile, turnSeconds: 600, iceServers: [stun] })
    const [one, other] = [await ask(bootstrap), await ask(bootstrap)]
    expect(one).toHaveLength(2)
    expect(one[0]).toEqual(stun)
    expect(one[1]?.seconds).toBe(600)
    expect(one[1]?.username).not.toBe(other[1]?.username)
    const [expiry = 0, id = ''] = one[1]?.username?.split(':') ?? []
    expect(Number(expiry) - Date.now() / 1000).toBeGreaterThan(590)
    expect(one[1]).toEqual(mint({ urls, secret, seconds: 600 }, (Number(expiry) - 600) * 1000, id))
  })

  it('names no server at all unless the operator does', async () => {
    expect(await ask(await open())).toEqual([])
  })
})

describe('the secret', () => {
  it.each([
    ['that is missing', undefined, /^--turn-secret-file .* cannot be read \(ENOENT\)$/],
    ['that is empty', '', /must hold 16 to 1024 characters; it holds 0$/],
    ['that is only space', ' \n\n', /it holds 0$/],
    ['that is too short to keep', 'hunter2', /it holds 7$/],
    ['that is a whole file of something', 'x'.repeat(1025), /it holds 1025$/],
  ])('%s is refused before the door opens', async (_, content, sentence) => {
    const turnSecretFile = content === undefined ? '/does/not/exist' : await fileOf(content)
    const identity = join(await folder(), 'bootstrap.key')
    const opening = createBootstrap({ port: 0, identity, turnUrls: urls, turnSecretFile })
    await expect(opening).rejects.toMatchObject({ code: 'bad-options' })
    const why = await opening.catch((error: Error) => error.message)
    expect(why).toMatch(sentence)
    expect(why).not.toContain('hunter2')
  })

  it('and the URLs need each other, in a form that can be used', async () => {
    const file = await fileOf(secret)
    const read = (...argv: string[]) => readOptions(argv, {})
    const both = /^turnUrls and turnSecretFile need each other/
    await expect(read('--turn-urls', 'turn:turn.example.org')).rejects.toThrow(both)
    await expect(read('--turn-secret-file', file)).rejects.toThrow(both)
    const ill = /^--turn-urls must be a list of up to 8 URLs such as turn:/
    for (const given of ['stun:x', 'turn:a,http://b', Array(9).fill('turn:a').join()]) {
      await expect(read('--turn-secret-file', file, '--turn-urls', given)).rejects.toThrow(ill)
    }
    await expect(
      read('--turn-secret-file', file, '--turn-urls', 'turn:a', '--turn-seconds', '599'),
    ).rejects.toThrow(/^--turn-seconds must be a whole number from 600 to 604800 \(seconds\)$/)
    const full = JSON.stringify(Array(8).fill({ urls: ['stun:x'] }))
    await expect(
      read('--turn-secret-file', file, '--turn-urls', 'turn:a', '--ice-servers', full),
    ).rejects.toThrow(/^iceServers must be fewer than 8 beside turnUrls$/)
    expect(await read('--turn-secret-file', file, '--turn-urls', 'turn:a, turns:b:443')).toMatchObject({
      turnUrls: ['turn:a', 'turns:b:443'],
      turnSecretFile: file,
    })
  })

  it('is in no line of the log, not even at debug, and not in the help', async () => {
    const lines: string[] = []
    const log = createLog('debug', { write: (line) => lines.push(line) })
    const identity = join(await folder(), 'bootstrap.key')
    const turnSecretFile = await fileOf(secret)
    const bootstrap = await createBootstrap({ port: 0, identity, turnUrls: urls, turnSecretFile }, log)
    const [server] = await ask(bootstrap)
    await bootstrap.stop()
    expect(lines.join('') + help()).not.toContain(secret)
    expect(lines.join('')).not.toContain(server?.credential)
  })

  it('that cannot be read ends the command with 2 and a sentence', async () => {
    const flags = ['--turn-urls', urls.join(), '--turn-secret-file', '/does/not/exist']
    await expect(startBootstrap(flags)).rejects.toThrow(/ended with 2 .*\n.*cannot be read \(ENOENT\)/)
  })
})

async function fileOf(content: string): Promise<string> {
  const path = join(await folder(), 'turn.secret')
  await writeFile(path, content)
  return path
}

/** The ICE servers of which a newcomer is told. */
async function ask(bootstrap: Bootstrap) {
  const node = await client()
  const connection = await node.dial(multiaddr(bootstrap.addresses[0]))
  const channel = openChannel(await connection.newStream(wire.protocol), wire)
  await channel.send({ type: 'introduce', lowest: VERSION, highest: VERSION, want: 1 })
  const reply = await channel.receive()
  if (reply.type !== 'introduction') throw new TypeError(`answered ${reply.type}`)
  return reply.iceServers
}
