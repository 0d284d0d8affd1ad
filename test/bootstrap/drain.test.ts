import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Bootstrap } from '../../bootstrap/index.ts'
import { client, folder, knock, mute, open, refusal } from './harness.ts'

describe('a bootstrap that drains', () => {
  it('says that it is not ready, takes no upgrade, and tells clients with 1001', async () => {
    const bootstrap = await open({ drainSeconds: 0.5 })
    const { closed } = await knock(bootstrap)
    // One that does not answer the close frame holds the door open for us to look through.
    await mute(bootstrap)
    const drained = bootstrap.drain()
    expect(await closed).toEqual({ code: 1001, reason: 'this server is about to stop' })
    expect((await fetch(new URL('/readyz', bootstrap.url))).status).toBe(503)
    expect((await fetch(new URL('/introduction', bootstrap.url))).status).toBe(503)
    expect((await fetch(new URL('/healthz', bootstrap.url))).status).toBe(200)
    expect(await refusal(bootstrap)).toBe(503)
    await drained
    await expect(fetch(new URL('/healthz', bootstrap.url))).rejects.toThrow()
    expect(bootstrap.counts()).toMatchObject({ connections: 0, addressGroups: 0 })
  })

  it('is done at once when everyone leaves', async () => {
    const bootstrap = await open({ drainSeconds: 60 })
    const peer = await client()
    await peer.dial(multiaddr(bootstrap.addresses[0]))
    const gone = once(peer as unknown as EventTarget, 'peer:disconnect')
    await bootstrap.drain()
    await gone
  })

  it('may be told so twice, and to stop', async () => {
    const bootstrap = await open()
    await Promise.all([bootstrap.drain(), bootstrap.drain(), bootstrap.stop()])
    await bootstrap.stop()
  })
})

describe('the command', () => {
  it('says where it is, one JSON object a line, and exits with 0 at SIGTERM', async () => {
    const { child, lines } = await command(['--port', '0'])
    const first = await lines.next()
    const { msg, url, level } = JSON.parse(String(first.value))
    expect({ msg, level }).toEqual({ msg: 'open', level: 'info' })
    const { closed } = await knock({ url } as Bootstrap)
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await closed).code).toBe(1001)
    expect(await exit).toEqual([0, null])
    for await (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  })

  it('ends at SIGTERM although nobody reads its log any more', async () => {
    const { child, lines } = await command(['--port', '0'])
    await lines.next()
    child.stdout.destroy()
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
  })

  it('prints --help and exits with 0', async () => {
    const { child, lines } = await command(['--help'])
    const exit = once(child, 'exit')
    expect((await lines.next()).value).toBe('Usage: colonia bootstrap [options]')
    expect(await exit).toEqual([0, null])
  })

  it.each([
    [['--prot', '1'], 2, /^colonia bootstrap: unknown option --prot; allowed are .*\(see --help\)$/],
    [['--identity', '/dev/null/x'], 1, /^colonia bootstrap: the identity file \/dev\/null\/x cannot be used/],
  ])('refuses %j with one sentence and exit code %i', async (argv, code, sentence) => {
    const { child } = await command(argv)
    const said = await once(createInterface(child.stderr), 'line')
    expect(said[0]).toMatch(sentence)
    const [exit] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
    expect(exit).toBe(code)
  })

  it('says that a port is taken', async () => {
    const bootstrap = await open()
    const { child } = await command(['--port', String(bootstrap.port)])
    const [said] = await once(createInterface(child.stderr), 'line')
    expect(said).toMatch(/^colonia bootstrap: .*EADDRINUSE.*Choose another port with --port$/)
  })
})

async function command(argv: string[]) {
  const script = new URL('../../colonia.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, 'bootstrap', ...argv], { cwd: await folder() })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
}
