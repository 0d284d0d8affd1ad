import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOptions } from '#node/command'
import { folder, open } from '../bootstrap/harness.ts'
import { until } from '../support/until.ts'

describe('the options of colonia peer', () => {
  it('come from flags, and otherwise from the environment', () => {
    const env = { COLONIA_BOOTSTRAP: 'http://a, http://b', COLONIA_NAME: 'Ana', COLONIA_LINKS: '3' }
    expect(readOptions([], env)).toEqual({ bootstraps: ['http://a', 'http://b'], name: 'Ana', links: 3 })
    expect(readOptions(['--bootstrap', 'http://c', '--name', 'Ben', '--identity', 'f'], env)).toEqual({
      bootstraps: ['http://c'],
      identity: 'f',
      name: 'Ben',
      links: 3,
    })
  })

  it('need no bootstrap where others enter by this peer', () => {
    const env = { COLONIA_LISTEN: '/ip4/0.0.0.0/tcp/1/ws, /ip4/0.0.0.0/udp/2/webrtc-direct' }
    expect(readOptions(['--announce', '/dns4/a/tcp/443/tls/ws'], env)).toEqual({
      listen: ['/ip4/0.0.0.0/tcp/1/ws', '/ip4/0.0.0.0/udp/2/webrtc-direct'],
      announce: ['/dns4/a/tcp/443/tls/ws'],
    })
  })

  it.each([
    [[], /--bootstrap URL is missing/],
    [['--bootstrap', 'http://a', '--port', '1'], /--port.*allowed are --bootstrap/s],
    [['--bootstrap', 'http://a', 'surplus'], /unexpected "surplus"/],
  ])('refuse %j', (argv, sentence) => {
    expect(() => readOptions(argv, {})).toThrow(sentence)
  })
})

describe('colonia peer', () => {
  it('joins, is linked to by another, and leaves at SIGTERM with 0', async () => {
    const { url } = await open()
    const [one, two] = [command(url), command(url)]
    const { peerId } = await one.says('started')
    await one.says('entrance', ({ state }) => state === 'connected')
    await two.says('link', ({ peer, direct }) => peer === peerId && direct === true)
    const exit = once(one.child, 'exit')
    one.child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    await two.says('unlink', ({ peer }) => peer === peerId)
  })

  it('keeps its identity in a file', async () => {
    const identity = `${await folder()}/peer.key`
    const ids: unknown[] = []
    for (let run = 0; run < 2; run++) {
      const { child, says } = command('http://127.0.0.1:9', '--identity', identity)
      ids.push((await says('started'))['peerId'])
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    expect(ids[1]).toBe(ids[0])
  })

  it('that listens says where, and lets another one in by that after a restart', async () => {
    const identity = `${await folder()}/keeper.key`
    const listen = (where: string) => command('http://127.0.0.1:9', '--identity', identity, '--listen', where)
    const before = listen('/ip4/127.0.0.1/udp/0/webrtc-direct')
    const { peerId, addresses } = await before.says('started')
    const [address] = addresses as [string]
    const exit = once(before.child, 'exit')
    before.child.kill('SIGKILL')
    await exit
    const after = listen(address.split('/certhash')[0] ?? '')
    expect((await after.says('started'))['addresses']).toEqual([address])
    const visitor = command(address)
    await visitor.says('link', ({ peer, direct }) => peer === peerId && direct === true)
    await visitor.says(
      'entrance',
      ({ kind, url, state }) => kind === 'peer' && url === address && state === 'connected',
    )
  })

  it('refuses an ill-typed option with one sentence and exit code 2', async () => {
    const { child } = command('http://127.0.0.1:9', '--links', 'many')
    const said = once(createInterface(child.stderr), 'line')
    const exit = once(child, 'exit')
    expect((await said)[0]).toMatch(/^colonia peer: option links: /)
    expect(await exit).toEqual([2, null])
  })
})

/** `colonia peer` as a process of its own, ended after the test if it is still there. */
function command(url: string, ...argv: string[]) {
  const colonia = fileURLToPath(new URL('../../colonia.ts', import.meta.url))
  const child = spawn(process.execPath, [colonia, 'peer', '--bootstrap', url, ...argv])
  onTestFinished(() => void (child.exitCode === null && child.kill('SIGKILL')))
  const lines: Record<string, unknown>[] = []
  const heard = new EventTarget()
  createInterface(child.stdout).on('line', (line) => {
    lines.push(JSON.parse(line))
    heard.dispatchEvent(new Event('line'))
  })
  return {
    child,
    says: (msg: string, holds: (line: Record<string, unknown>) => boolean = () => true) =>
      until(heard, 'line', () => lines.find((line) => line['msg'] === msg && holds(line)), { what: msg }),
  }
}
