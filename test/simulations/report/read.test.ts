/** A report that was written can be read; what is none is refused in a sentence. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readReport } from '../../../simulations/report/read.ts'
import { madeReport } from '../../support/report.ts'
import { scenarios } from './scenarios.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colonia-report-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const made = madeReport()
const [first] = made.runs
const refusals: [string, unknown, RegExp][] = [
  [
    'another format',
    { ...made, format: 'colonia-simulation/2' },
    /"colonia-simulation\/2"; allowed is "colonia-simulation\/1"/,
  ],
  ['no format', { ...made, format: undefined }, /is not a report of a simulation/],
  ['a list', [], /is not a report of a simulation/],
  ['no runs', { ...made, runs: undefined }, /is not a whole report: runs/],
  ['a seed that is text', { ...made, runs: [{ ...first, seed: '1' }] }, /runs\.0\.seed: .*received "1"/],
  ['a figure that is text', { ...made, runs: [{ ...first, figures: { x: 'y' } }] }, /runs\.0\.figures\.x/],
  ['a share above 1', { ...made, scenario: { ...made.scenario, ungraceful: 1.5 } }, /scenario\.ungraceful/],
  [
    'an unknown fault',
    { ...made, scenario: { ...made.scenario, faults: [{ type: 'flood', at: 1 }] } },
    /scenario\.faults\.0\.type/,
  ],
  ['a hash that is none', { ...made, runs: [{ ...first, hash: '<b>' }] }, /runs\.0\.hash/],
]

describe('reading a report', () => {
  it('gives back what was written', async () => {
    expect(await readReport(await written(JSON.stringify(made)))).toEqual(made)
  })

  it.each(scenarios)('knows every kind of scenario: %j', async (part) => {
    const report = { ...made, scenario: { ...made.scenario, ...part } }
    expect(await readReport(await written(JSON.stringify(report)))).toEqual(report)
  })

  it('leaves out what a later Colonia adds', async () => {
    expect(await readReport(await written(JSON.stringify({ ...made, weather: 'fair' })))).toEqual(made)
  })

  it.each(refusals)('refuses %s', async (_, value, message) => {
    const path = await written(JSON.stringify(value))
    await expect(readReport(path)).rejects.toMatchObject({
      code: 'bad-options',
      message: expect.stringMatching(message),
    })
    await expect(readReport(path)).rejects.toThrow(path)
  })

  it.each([
    ['', /is not JSON/],
    [JSON.stringify(made).slice(0, -20), /is not JSON/],
    ['\u001b[2J', /is not JSON/],
  ])('refuses a file of %j', async (text, message) => {
    await expect(readReport(await written(text))).rejects.toThrow(message)
    await expect(readReport(await written(text))).rejects.not.toThrow(/\p{Cc}/u)
  })

  it('refuses what is not there, a folder, and a file that is too long without reading it', async () => {
    await expect(readReport(join(folder, 'gone.json'))).rejects.toThrow(/gone\.json: there is no such file/)
    await expect(readReport(folder)).rejects.toMatchObject({ code: 'bad-options' })
    const path = await written('{}')
    await truncate(path, 2 ** 30)
    const begin = performance.now()
    await expect(readReport(path)).rejects.toThrow(/has 1024 MiB; at most 256 are read/)
    expect(performance.now() - begin).toBeLessThan(1_000)
  })
})

let files = 0

async function written(text: string): Promise<string> {
  const path = join(folder, `${files++}.json`)
  await writeFile(path, text)
  return path
}
