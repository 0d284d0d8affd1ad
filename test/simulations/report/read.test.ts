/** Reports from files, which anyone may have written. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readReport } from '../../../simulations/report/read.ts'
import type { Report } from '../../../simulations/report/run.ts'
import { scenarios } from '../../../simulations/scenario/table.ts'
import { played, reportOf, scenario } from './reports.ts'

let folder: string
let path: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colonia-report-'))
  path = join(folder, 'report.json')
})
afterAll(async () => await rm(folder, { recursive: true }))

async function reading(text: string): Promise<Report> {
  await writeFile(path, text)
  return await readReport(path)
}

const refused = async (text: string) => {
  const error = await reading(text).then(
    () => undefined,
    (reason) => reason,
  )
  expect(error).toMatchObject({ name: 'ColoniaError', code: 'bad-options' })
  expect(error.message).toMatch(/^\S+report\.json /)
  return error.message.slice(path.length + 1)
}

describe('a report that was written', () => {
  it('of the discrete world is read as it was, with nothing lost', async () => {
    const report = played()
    expect(report.runs.every(({ frames, moments, messages }) => frames && moments && messages)).toBe(true)
    expect(report.runs[0]?.frames.length).toBeGreaterThan(10)
    expect(await reading(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  it('of the real world is, too, as one of which nothing is known yet', async () => {
    const report = reportOf([{ callSetup: null }], { world: 'webrtc' })
    const real = { ...report, runs: report.runs.map((run) => ({ ...run, hash: null })) }
    expect(await reading(JSON.stringify(real))).toEqual(real)
    expect(await reading(JSON.stringify(reportOf([])))).toEqual(reportOf([]))
  })

  it.each([...scenarios.values()])('is, of scenario $name', async (ready) => {
    const report = reportOf([{}], { scenario: ready })
    expect(await reading(JSON.stringify(report))).toEqual(report)
  })

  it('of observed sessions is, too', async () => {
    const report = reportOf([{}], { scenario: { ...scenario, trace: 'a day/of "mine".csv' } })
    expect(await reading(JSON.stringify(report))).toEqual(report)
  })

  it('by a newer Colonia is read without what is not known', async () => {
    const report = reportOf([{ sessions: 1 }])
    expect(await reading(JSON.stringify({ ...report, weather: 'fair' }))).toEqual(report)
  })
})

describe('what is refused', () => {
  it('is a file that is not there, or is none', async () => {
    await expect(readReport(join(folder, 'none.json'))).rejects.toThrow(/none\.json is not there$/)
    await expect(readReport(folder)).rejects.toThrow('cannot be read')
  })

  it('is what is longer than 256 MiB', async () => {
    const long = join(folder, 'long.json')
    const file = await open(long, 'w')
    await file.truncate(256 * 1_048_576 + 1)
    await file.close()
    await expect(readReport(long)).rejects.toThrow('long.json is longer than 256 MiB')
    await rm(long)
  })

  it.each([
    ['', 'is not JSON'],
    ['{"format":', 'is not JSON'],
    ['[]', 'is not the report of a simulation: it has no format, such as "colonia-simulation/1"'],
    ['null', 'is not the report of a simulation'],
    [
      '{"format":"colonia-simulation/2"}',
      'has the format "colonia-simulation/2"; allowed is "colonia-simulation/1"',
    ],
    ['{"format":"a\\u001b[2Jb"}', 'has the format "a?[2Jb"'],
    ['{"format":"colonia-simulation/1"}', 'is damaged: world is missing'],
  ])('is %j', async (text, message) => {
    expect(await refused(text)).toContain(message)
  })

  const run = reportOf([{}]).runs[0]
  it.each<[string, object]>([
    ['world must be ("discrete" | "memory" | "webrtc")', { world: 'flat' }],
    ['command must be text without control characters', { command: 'rm\u001b[1A' }],
    ['runs must be Array', { runs: {} }],
    ['runs is longer than 1000', { runs: Array.from({ length: 1_001 }, () => run) }],
    ['runs.0.seed must be <=4294967295', { runs: [{ ...run, seed: 2 ** 32 }] }],
    ['runs.0.seed must be a whole number', { runs: [{ ...run, seed: 1.5 }] }],
    ['runs.0.hash must be hexadecimal digits', { runs: [{ ...run, hash: 'x' }] }],
    ['runs.0.figures.sessions must be number', { runs: [{ ...run, figures: { sessions: '1' } }] }],
    ['runs.0.figures.a?b must be', { runs: [{ ...run, figures: { 'a\u009bb': 1 } }] }],
    [
      'runs.0.frames.0.news.0 must be',
      { runs: [{ ...run, frames: [{ ...{ at: 1, nodes: [], copies: [] }, news: ['\n'] }] }] },
    ],
    ['scenario.nodes is missing', { scenario: { ...scenario, nodes: undefined } }],
    ['scenario.title must be text', { scenario: { ...scenario, title: 'a\u0007' } }],
    ['scenario.faults.0.type must be', { scenario: { ...scenario, faults: [{ type: 'flood', at: 1 }] } }],
    [
      'scenario.faults.0.at must be >=0',
      { scenario: { ...scenario, faults: [{ type: 'kill', share: 1, at: -1 }] } },
    ],
    [
      'scenario --nodes must be a whole number from 2 to 10,000,000, not 1000000000',
      { scenario: { ...scenario, nodes: 1e9 } },
    ],
    ['scenario --contingents 2 is more than --links 1', { scenario: { ...scenario, links: 1 } }],
    ['scenario --session must be', { scenario: { ...scenario, session: { kind: 'constant', value: 0 } } }],
  ])('is a report of which %s', async (message, parts) => {
    expect(await refused(JSON.stringify({ ...reportOf([]), ...parts }))).toContain(`is damaged: ${message}`)
  })

  it('is a number that is too great', async () => {
    const text = JSON.stringify(reportOf([{ sessions: 7_777 }])).replace('7777', '1e999')
    expect(await refused(text)).toContain('runs.0.figures.sessions must be a finite number')
  })
})
