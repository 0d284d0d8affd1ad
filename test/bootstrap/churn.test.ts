import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openChannel } from '#node/channel'
import { type Message, VERSION, wire } from '#protocols/introduction/index'
import { Appender } from '../../bootstrap/appender.ts'
import { type Bootstrap, createBootstrap } from '../../bootstrap/index.ts'
import { createLog } from '../../bootstrap/log.ts'
import { client, folder, open, until } from './harness.ts'

const HEADER = ['# colonia-churn-trace/1', 'start,seconds,end']

describe('the churn log', () => {
  it('has a line for each session when it ends, with how it ended', async () => {
    const churnLog = await fresh()
    const bootstrap = await open({ churnLog, anchors: 0 })
    expect(await lines(churnLog, 2)).toEqual(HEADER)

    const polite = await introduced(bootstrap)
    await polite.stop()
    expect((await lines(churnLog, 3)).at(-1)).toMatch(/^\d+\.\d,\d+\.\d,goodbye$/)

    const wire = await cable(bootstrap)
    await introduced(bootstrap, wire.address)
    wire.cut()
    expect((await lines(churnLog, 4)).at(-1)).toMatch(/^\d+\.\d,\d+\.\d,lost$/)

    const settled = await introduced(bootstrap)
    expect(await ask(settled, { type: 'leave' })).toBe('go')
    await settled.stop()
    expect((await lines(churnLog, 5)).at(-1)).toMatch(/^\d+\.\d,\d+\.\d,hung-up$/)

    await introduced(bootstrap)
    await bootstrap.drain()
    expect((await lines(churnLog, 6)).at(-1)).toMatch(/^\d+\.\d,\d+\.\d,open$/)
  })

  it('says nothing of who it was', async () => {
    const churnLog = await fresh()
    const bootstrap = await open({ churnLog })
    const peer = await introduced(bootstrap)
    await peer.stop()
    const text = (await lines(churnLog, 3)).join('\n')
    expect(text).not.toContain(peer.peerId.toString())
    expect(text).not.toContain('127.0.0.1')
    expect((await stat(churnLog)).mode & 0o777).toBe(0o600)
  })

  it('takes a connection that is replaced for the same session', async () => {
    const churnLog = await fresh()
    const bootstrap = await open({ churnLog })
    const peer = await introduced(bootstrap)
    const { port } = await cable(bootstrap)
    await peer.dial(multiaddr(`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${bootstrap.peerId}`), { force: true })
    await until(() => bootstrap.counts().connections === 1)
    await peer.stop()
    await bootstrap.stop()
    expect(await lines(churnLog, 3)).toHaveLength(3)
  })

  it('leaves out who never asked to be introduced', async () => {
    const churnLog = await fresh()
    const bootstrap = await open({ churnLog })
    const visitor = await client()
    await visitor.dial(multiaddr(bootstrap.addresses[0]))
    await visitor.stop()
    await bootstrap.stop()
    expect(await lines(churnLog, 2)).toEqual(HEADER)
  })

  it('is refused at the start where it cannot be written, or would mix two traces', async () => {
    const start = (churnLog: string) => createBootstrap({ port: 0, churnLog })
    await expect(start(join(await folder(), 'none', 'churn.csv'))).rejects.toMatchObject({
      code: 'bad-options',
      message: expect.stringMatching(/^--churn-log .* cannot be written \(ENOENT\)$/),
    })
    const full = await fresh()
    await writeFile(full, 'x')
    await expect(start(full)).rejects.toThrow(/must be a new or an empty file$/)
    const empty = await fresh()
    await writeFile(empty, '')
    await open({ churnLog: empty })
    expect(await lines(empty, 2)).toEqual(HEADER)
  })

  it('is not begun by a bootstrap that cannot start', async () => {
    const churnLog = await fresh()
    const { port } = await open()
    await expect(open({ churnLog, port })).rejects.toThrow(/EADDRINUSE/)
    expect(await readFile(churnLog, 'utf8')).toBe('')
  })

  it('ends with one warning when the disk is full, and service goes on', async () => {
    const logged: string[] = []
    const log = createLog('warn', { write: (line) => void logged.push(line) })
    const identity = join(await folder(), 'bootstrap.key')
    const bootstrap = await createBootstrap({ port: 0, identity, churnLog: '/dev/full' }, log)
    onTestFinished(() => bootstrap.stop())
    await until(() => logged.length > 0)
    const peer = await introduced(bootstrap)
    await peer.stop()
    await bootstrap.stop()
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain('ENOSPC')
  })
})

describe('a file that only grows', () => {
  it('ends with one word at its bound, with nothing cut in two', async () => {
    const path = await fresh()
    const troubles: string[] = []
    const file = await Appender.open(path, '--file', 10, (why) => troubles.push(why))
    for (const line of ['1234', '5678', '9']) file.append(line)
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('1234\n5678\n')
    expect(troubles).toEqual(['it has reached 10 bytes'])
  })
})

async function fresh(): Promise<string> {
  return join(await folder(), 'churn.csv')
}

/** The file, once it has so many lines; the test's own time limit is the deadline. */
async function lines(path: string, count: number): Promise<string[]> {
  for (;;) {
    const found = (await readFile(path, 'utf8')).split('\n').slice(0, -1)
    if (found.length >= count) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** A client that has been introduced. */
async function introduced(bootstrap: Bootstrap, address: Multiaddr = multiaddr(bootstrap.addresses[0])) {
  const node = await client()
  await node.dial(address)
  expect(await ask(node, { type: 'introduce', lowest: VERSION, highest: VERSION, want: 1 })).toBe(
    'introduction',
  )
  return node
}

/** The type of the answer. */
async function ask(node: Awaited<ReturnType<typeof client>>, question: Message): Promise<string> {
  const [connection] = node.getConnections()
  const stream = await connection?.newStream(wire.protocol)
  if (stream === undefined) throw new Error('not connected')
  const channel = openChannel(stream, wire)
  await channel.send(question)
  const { type } = await channel.receive()
  await stream.close()
  return type
}

/** Another way to the bootstrap, which can be cut as a cable can: nobody says a word. */
async function cable(bootstrap: Bootstrap) {
  const ends: Socket[] = []
  const server = createServer((near) => {
    const far = connect(bootstrap.port, '127.0.0.1')
    for (const end of [near, far]) end.on('error', () => {})
    near.pipe(far).pipe(near)
    ends.push(near, far)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const end of ends) end.resetAndDestroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return { port, cut, address: multiaddr(`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${bootstrap.peerId}`) }
}
