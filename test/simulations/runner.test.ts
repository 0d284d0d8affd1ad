/** The parts of `colonia simulate run` that can be asked by themselves: its line of progress, its files, its room. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OutputFile } from '../../simulations/runner/file.ts'
import { Meter } from '../../simulations/runner/meter.ts'
import { roomFor } from '../../simulations/runner/room.ts'
import { scenarioNamed } from '../../simulations/scenario/command-line.ts'

const HOUR = 3_600_000
const bamboo = { ...scenarioNamed('bamboo'), hours: 1 }

describe('the line of progress', () => {
  /** A run of two jobs of an hour each, told of every 100 ms until ten seconds have passed. */
  const written = (screen: { isTTY?: boolean; columns?: number }) => {
    const texts: string[] = []
    let time = 0
    const meter = new Meter({ ...screen, write: (text) => texts.push(text) }, bamboo, 2, () => time)
    for (let tick = 1; tick <= 100; tick++) {
      time += 100
      meter.hear(0, tick * 18_000, tick * 1_000)
    }
    meter.end()
    return texts
  }

  it('is rewritten in place on a terminal, at most twice a second, and is gone at the end', () => {
    const texts = written({ isTTY: true, columns: 60 })
    expect(texts.every((text) => text.startsWith('\r\u001b[K') && !text.includes('\n'))).toBe(true)
    expect(texts).toHaveLength(21)
    for (const text of texts) expect(text.length).toBeLessThan(60 + 4)
    expect(texts.at(-1)).toBe('\r\u001b[K')
  })

  it('is a line every five seconds elsewhere: scenario, time, rate, time left', () => {
    // A quarter of all is done after ten seconds, so thirty are left.
    expect(written({})).toEqual([
      'bamboo: 12 % of 2 × 1:00:00 of virtual time, 0 done, 10,000 events/s, 0:35 left\n',
      'bamboo: 25 % of 2 × 1:00:00 of virtual time, 0 done, 10,000 events/s, 0:30 left\n',
    ])
  })
})

describe('a file', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colonia-file-'))
  })

  afterAll(() => rm(folder, { recursive: true }))

  it('that is there stays until there is something whole, and what there is so far lies beside it', async () => {
    const path = join(folder, 'report.json')
    await writeFile(path, 'before')
    const file = await OutputFile.at(path, '--json')
    expect(await readdir(folder)).toEqual(['report.json'])
    await file.keep('half')
    expect(await readFile(path, 'utf8')).toBe('before')
    expect(await readFile(`${path}.part-${process.pid}`, 'utf8')).toBe('half')
    await file.write('whole')
    expect(await readFile(path, 'utf8')).toBe('whole')
    expect(await readdir(folder)).toEqual(['report.json'])
  })

  it('whose folder goes while a run goes on is told of, and nothing else happens', async () => {
    const gone = await mkdtemp(join(folder, 'gone-'))
    const file = await OutputFile.at(join(gone, 'report.json'), '--json')
    await rm(gone, { recursive: true })
    await expect(file.write('whole')).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('report.json was not written: ENOENT'),
    })
  })

  it.skipIf(process.platform === 'win32')('that is a device is written to, not replaced', async () => {
    const file = await OutputFile.at('/dev/null', '--json')
    await file.keep('half')
    await file.write('whole')
    expect(await readFile('/dev/null', 'utf8')).toBe('')
  })
})

describe('memory', () => {
  const GIB = 2 ** 30

  it('lets as many work at once as fit, and gives each what was reckoned, twice', () => {
    expect(roomFor(bamboo, 4, undefined, 64 * GIB)).toEqual({ workers: 4, heap: 512 })
    const { workers, heap } = roomFor({ ...bamboo, nodes: 131_072 }, 64, undefined, 8 * GIB)
    expect(workers).toBeGreaterThan(1)
    expect((workers * heap) / 2 / 1_024).toBeLessThan(8 * 0.8)
    expect(((workers + 1) * heap) / 2 / 1_024).toBeGreaterThan(8 * 0.8)
  })

  it('that does not suffice is said, with the estimate', () => {
    expect(() => roomFor({ ...bamboo, nodes: 131_072 }, 1, undefined, GIB)).toThrow(
      /--nodes 131072 takes about 2\.\d GiB, and of the 1\.0 GiB of this machine 0\.8 GiB are for it/,
    )
  })

  it('is that of the sessions which a trace has at once', () => {
    const of = (at: (n: number) => number) =>
      Array.from({ length: 100_000 }, (_, n) => ({ at: at(n), span: 1_000, end: 'lost' as const }))
    const heap = (at: (n: number) => number) => roomFor(bamboo, 1, of(at), 64 * GIB).heap
    expect(heap((n) => n * 1_000)).toBe(512)
    expect(heap(() => HOUR)).toBeGreaterThan(1_024)
    expect(() =>
      roomFor(
        bamboo,
        1,
        of(() => 0),
        GIB,
      ),
    ).toThrow(/a trace with up to 100000 takes about/)
  })
})
