/** The keep: what was acknowledged is there after any end, whole; what failed is not, and said so. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readdir, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Fact, Keep } from '#node/state/keep'
import { MEMORY, openSqlite } from '#node/state/sqlite'
import type { Change, Storage } from '#node/state/storage'
import type { Entry } from '#protocols/state/index'
import { folder } from '../bootstrap/harness.ts'

const writer = join(import.meta.dirname, 'state-writer.ts')
const epoch = { n: 12, writer: 'ben', session: 's1' }
const link = { owner: 'ben', by: 'ben', to: 'self', n: 12, session: 's1', rank: 1, expires: 99 }
const chain = [{ ...link, proof: Uint8Array.of(7) }]
const storageFault = expect.objectContaining({ name: 'ColoniaError', code: 'storage' })

const entry = (key: string, n: number, body: Entry['body'] = Uint8Array.of(n)): Entry => ({
  key,
  n,
  by: 'w',
  body,
})
const entries = (owner: string, ...list: Entry[]): Fact => ({ type: 'entries', owner, entries: list })
const fileIn = async (name = 'state') => `${await folder()}/${name}`

/** A keep that is closed after the test. */
async function open(path: string): Promise<Keep> {
  const keep = await Keep.open(await openSqlite(path), 'self')
  onTestFinished(() => keep.close())
  return keep
}

describe('a keep', () => {
  it('is empty at first', async () => {
    expect((await open(MEMORY)).kept).toEqual({
      ...{ own: [], n: 0, known: [], copies: new Map() },
      entrances: { bootstraps: [], peers: [] },
    })
  })

  it('has everything again at the next start', async () => {
    const path = await fileIn()
    const before = await open(path)
    await before.write([entries('self', entry('private/x', 1), entry('public/y', 2, new Uint8Array()))])
    await before.write([entries('ben', entry('private/x', 3)), { type: 'duty', owner: 'ben', epoch, chain }])
    await before.write([{ type: 'duty', owner: 'self', epoch: { ...epoch, n: 40 }, chain: [] }])
    await before.write([{ type: 'known', peers: ['ben', 'cleo'] }])
    const entrances = {
      bootstraps: [{ url: 'https://b', at: 5, by: 'https://a' }],
      peers: [{ addresses: ['/ip4/192.0.2.1/tcp/1/ws/p2p/ben'], at: 6 }],
    }
    const certificate = { privateKey: 'k', pem: 'c', certhash: 'h' }
    await before.write([
      { type: 'entrances', ...entrances },
      { type: 'certificate', certificate },
    ])
    await before.close()
    expect((await open(path)).kept).toEqual({
      own: [entry('private/x', 1), entry('public/y', 2, new Uint8Array())],
      n: 40,
      known: ['ben', 'cleo'],
      copies: new Map([['ben', { entries: [entry('private/x', 3)], epoch, chain }]]),
      entrances,
      certificate,
    })
  })

  it('has the last of what was kept under one key, and nothing of who was dropped', async () => {
    const path = await fileIn()
    const before = await open(path)
    await before.write([entries('self', entry('a', 1)), entries('self', entry('a', 2))])
    for (const owner of ['ben', 'ben2']) {
      await before.write([entries(owner, entry('b/c', 1)), { type: 'duty', owner, epoch, chain }])
    }
    await before.write([{ type: 'dropped', owner: 'ben' }])
    await before.close()
    const { own, copies } = (await open(path)).kept
    expect(own).toEqual([entry('a', 2)])
    expect([...copies.keys()]).toEqual(['ben2'])
  })

  it('is open to its user alone', async () => {
    const path = await fileIn('new/state')
    const keep = await open(path)
    await keep.write([entries('self', entry('a', 1))])
    for (const name of await readdir(join(path, '..'))) {
      expect((await stat(join(path, '..', name))).mode & 0o077).toBe(0)
    }
  })
})

describe('a write that fails', () => {
  it('is an error to its caller and leaves nothing of itself; the next one is kept', async () => {
    const path = await fileIn()
    const keep = await open(path)
    const storage = await openSqlite(MEMORY)
    const good: Change = { type: 'put', key: 'a', bytes: Uint8Array.of(1) }
    const bad = { type: 'put', key: 'b', bytes: {} } as unknown as Change
    await expect(storage.write([good, bad])).rejects.toEqual(storageFault)
    expect(await storage.read()).toEqual(new Map())
    await storage.write([good])
    expect((await storage.read()).size).toBe(1)
    await storage.close()

    await keep.close()
    await expect(keep.write([entries('self', entry('a', 1))])).rejects.toEqual(storageFault)
  })

  it('of whatever storage, reaches who asked', async () => {
    const full = Object.assign(new Error('no space left'), { code: 'storage' })
    let left = 1
    const failing: Storage = {
      read: async () => new Map(),
      write: async () => {
        left -= 1
        if (left < 0) throw full
      },
      close: async () => {},
    }
    const keep = await Keep.open(failing, 'self')
    await expect(keep.write([entries('self', entry('a', 1))])).rejects.toBe(full)
    await expect(Keep.open(failing, 'self')).rejects.toBe(full)
  })

  it('for want of room, is an error; what was kept before is whole', async () => {
    const path = await fileIn()
    // A limit of 200 kB a file, and the write fails instead of the process.
    const limited = `trap '' XFSZ; ulimit -f 400; exec "$0" "$@"`
    const child = spawn('sh', ['-c', limited, process.execPath, writer, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) lines.push(line)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ code: 'storage' })
    const acknowledged = Number(lines.at(-2))
    expect(acknowledged).toBeGreaterThan(5)
    expect(await numbers(path)).toEqual([acknowledged, acknowledged, acknowledged])
  })
})

describe('a process that is killed while it writes', () => {
  it('loses no acknowledged batch and keeps none in part, eight times over', async () => {
    const path = await fileIn()
    for (let round = 1; round <= 8; round++) {
      const { child, told } = await runUntil(path, round * 3)
      child.kill('SIGKILL')
      await once(child, 'close')
      const [a = 0, b, c] = await numbers(path)
      expect([b, c]).toEqual([a, a])
      expect(a).toBeGreaterThanOrEqual(told())
    }
  })

  it('leaves a log that may be cut anywhere: a former state comes back, whole', async () => {
    const path = await fileIn()
    const { child } = await runUntil(path, 6, 6)
    const size = (await stat(`${path}-wal`)).size
    const seen = new Set<number>()
    for (let cut = 0; cut < size + 1_009; cut += 1_009) {
      const copy = await fileIn()
      await cp(path, copy)
      await cp(`${path}-wal`, `${copy}-wal`)
      await truncate(`${copy}-wal`, Math.min(cut, size))
      const [a = 0, ...others] = await numbers(copy)
      expect(others).toEqual(a === 0 ? [] : [a, a])
      seen.add(a)
    }
    child.kill('SIGKILL')
    await once(child, 'close')
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
  })
})

describe('a file', () => {
  it('that was cut is an error, not a smaller state', async () => {
    const path = await fileIn()
    const keep = await open(path)
    for (let n = 0; n < 20; n++)
      await keep.write([entries('self', entry(`k${n}`, 1, new Uint8Array(3_000).fill(n + 1)))])
    await keep.close()
    const size = (await stat(path)).size
    for (const cut of [1, 99, 512, 4_096, 8_192, size >> 1, size - 4_096, size - 1]) {
      const copy = await fileIn()
      await cp(path, copy)
      await truncate(copy, cut)
      await expect(open(copy), `${cut} of ${size} bytes`).rejects.toEqual(storageFault)
    }
  })

  it('that is something else, or in a place that cannot be, is an error that names it', async () => {
    const path = await fileIn()
    await writeFile(path, 'Dear diary, '.repeat(400))
    await expect(open(path)).rejects.toThrow(path)
    await expect(open('/dev/null/state')).rejects.toEqual(storageFault)
  })

  it('with bytes in it that are no fact, is an error that names them', async () => {
    const storage = await openSqlite(MEMORY)
    for (const [key, bytes] of [
      ['entries/self/a', Uint8Array.of(0xc1)],
      ['duty/ben', Uint8Array.of(0x80)],
      ['self/known', Uint8Array.of(0xa1, 0x61)],
    ] as const) {
      await storage.write([{ type: 'put', key, bytes }])
      await expect(Keep.open(storage, 'self')).rejects.toThrow(key)
      await storage.write([{ type: 'delete', key }])
    }
    await storage.close()
  })

  it('in use by another is refused', async () => {
    const path = await fileIn()
    await open(path)
    await expect(open(path)).rejects.toThrow(/locked/)
  })
})

/** The numbers of the entries that are there. */
async function numbers(path: string): Promise<number[]> {
  const keep = await Keep.open(await openSqlite(path), 'self')
  await keep.close()
  return keep.kept.own.map(({ n, body }) => {
    expect(body).toEqual(new Uint8Array(2_000).fill(n))
    return n
  })
}

/** A writer that has told of `batches` acknowledged batches, and goes on until there were `most`. */
async function runUntil(
  path: string,
  batches: number,
  most = Number.POSITIVE_INFINITY,
): Promise<{ child: ChildProcess; told: () => number }> {
  const child = spawn(process.execPath, [writer, path, `${most}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let told = 0
  let count = 0
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the writer ended by itself')))
    createInterface({ input: child.stdout }).on('line', (line) => {
      told = Number(line)
      count += 1
      if (count === batches) resolve()
    })
  })
  return { child, told: () => told }
}
