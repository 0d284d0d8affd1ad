/** `colonia simulate` as someone who types it meets it: refusals, reports, and Ctrl-C. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../simulations/report/run.ts'
import { scenarios } from '../../simulations/scenario/table.ts'

const stop = new URL('../../simulations/runner/stop.ts', import.meta.url).href
const colonia = join(import.meta.dirname, '../../colonia.ts')
/** A second or so. */
const SMALL = ['--nodes', '20', '--hours', '0.02', '--quiet']
/** Longer than any test. */
const LONG = ['--nodes', '200', '--hours', '1000', '--workers', '2', '--seeds', '3']

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colonia-simulate-'))
})

afterAll(() => rm(folder, { recursive: true }))

describe('it says', () => {
  it('what it can do', async () => {
    for (const argv of [[], ['--help']]) {
      const { code, stdout } = await simulate(...argv)
      expect(code).toBe(0)
      for (const what of ['list', 'run', 'acceptance', 'compare', 'replay', 'fidelity'])
        expect(stdout).toContain(what)
    }
  })

  it('which scenarios there are', async () => {
    const { code, stdout } = await simulate('list')
    expect(code).toBe(0)
    expect(stdout.match(/^\S+$/gm)).toEqual([...scenarios.keys()])
  })
})

it.each([
  [['fly'], 'unknown "fly"; allowed are list, run, compare, replay, fidelity'],
  [['list', 'more'], 'unexpected "more" after list'],
  [['run'], 'SCENARIO is missing'],
  [['run', 'storm'], 'unknown scenario "storm"; there are bamboo, tabs'],
  [['run', 'tabs', 'kad'], 'unexpected "kad" after SCENARIO tabs'],
  [['run', 'tabs', '--speed', '9'], "Unknown option '--speed'"],
  [['run', 'tabs', '--nodes', '8'], '--links 8 needs more than --nodes 8'],
  [['run', 'tabs', '--workers', '0'], '--workers must be a whole number from 1 to 256, not "0"'],
  [['run', 'tabs', '--real', 'world'], '--real must be memory or webrtc, not "world"'],
  [['run', 'tabs', '--real', 'webrtc'], '--nodes 1000: at most'],
  [['run', 'tabs', '--real', 'memory', '--nodes', '50'], '--hours 2: '],
  [['run', 'tabs', '--real', 'memory', '--workers', '2'], '--workers and --real memory exclude each other'],
  [['run', 'tabs', '--real', 'memory', '--session', 'trace:a'], 'trace:FILE and --real memory exclude'],
  [['run', 'tabs', '--json', 'a', '--html', 'a'], '--json and --html name one file, a'],
  [['run', 'tabs', '--session', 'trace:/nowhere.csv'], 'trace /nowhere.csv cannot be read'],
  [['compare', 'one.json'], 'two reports are needed'],
  [['replay'], 'FILE is missing'],
])('refuses %j with exit code 2', async (argv, message) => {
  const { code, stdout, stderr } = await simulate(...argv)
  expect(stderr).toContain(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  expect([code, stdout]).toEqual([2, ''])
})

describe('a run', () => {
  it('prints a table, writes a report, and is the same when it is replayed', async () => {
    const file = join(folder, 'report.json')
    const ran = await simulate('run', 'bamboo', ...SMALL, '--seed', '7', '--seeds', '2', '--json', file)
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const report = await reportIn(file)
    expect(ran.stdout).toContain(report.command)
    expect(report).toMatchObject({
      format: 'colonia-simulation/1',
      world: 'discrete',
      command: 'colonia simulate run bamboo --nodes 20 --hours 0.02 --seed 7 --seeds 2',
      versions: { node: process.version },
      scenario: { ...scenarios.get('bamboo'), nodes: 20, hours: 0.02, seed: 7, seeds: 2 },
    })
    expect(report.runs.map(({ seed, complete }) => [seed, complete])).toEqual([
      [7, true],
      [8, true],
    ])
    expect(report.runs[0]?.hash).not.toBe(report.runs[1]?.hash)
    expect(await readdir(folder)).toEqual(['report.json'])

    const again = await simulate('replay', file, '--quiet', '--workers', '1')
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toBe(
      report.runs.map(({ seed, hash }) => `seed ${seed}: ${hash}, the same\n`).join(''),
    )

    const forged = { ...report, runs: report.runs.map((run) => ({ ...run, hash: '0badcafe' })) }
    await writeFile(file, JSON.stringify(forged))
    const { code, stdout } = await simulate('replay', file, '--quiet')
    expect(code).toBe(1)
    expect(stdout).toContain(`seed 7: 0badcafe then, ${report.runs[0]?.hash} now`)
    await rm(file)
  })

  it('of a trace takes its sessions', async () => {
    const trace = join(folder, 'trace.csv')
    // What happens in the first two minutes, while a colony settles, is not counted.
    const rows = Array.from({ length: 30 }, (_, at) => `${125 + at},30,${at % 3 === 0 ? 'open' : 'lost'}\n`)
    await writeFile(trace, `# colonia-churn-trace/1\nstart,seconds,end\n${rows.join('')}`)
    const file = join(folder, 'of-trace.json')
    const argv = [
      'tabs',
      '--hours',
      '0.02',
      '--quiet',
      '--session',
      `trace:${trace}`,
      '--seeds',
      '1',
      '--json',
      file,
    ]
    expect(await simulate('run', ...argv)).toMatchObject({ code: 0, stderr: '' })
    const { runs, scenario } = await reportIn(file)
    expect(scenario.trace).toBe(trace)
    expect(runs[0]?.figures['sessions']).toBe(30)
    await rm(file)
    await rm(trace)
  })

  it('leaves a link where it is, and writes where it leads', async () => {
    await writeFile(join(folder, 'real.json'), 'old')
    await symlink('real.json', join(folder, 'link.json'))
    const argv = ['bamboo', ...SMALL, '--seeds', '1', '--json', join(folder, 'link.json')]
    expect(await simulate('run', ...argv)).toMatchObject({ code: 0 })
    expect((await reportIn(join(folder, 'real.json'))).runs).toHaveLength(1)
    await rm(join(folder, 'link.json'))
    await rm(join(folder, 'real.json'))
  })
})

describe('a file that cannot be written', () => {
  it.each([
    ['is a folder', () => folder, 'it is a folder'],
    ['is in no folder', () => join(folder, 'no/such/report.json'), 'there is no folder'],
    ['is inside of a file', () => join(colonia, 'report.json'), 'ENOTDIR'],
    ['has no name', () => '', 'must be the name of a file'],
  ])('because it %s is refused before anything runs', async (_, path, why) => {
    for (const flag of ['--json', '--html']) {
      const { code, stderr } = await simulate('run', 'bamboo', ...LONG, `${flag}=${path()}`)
      expect([code, stderr]).toEqual([2, expect.stringMatching(new RegExp(`${flag} .*${why}`))])
    }
  })

  it.skipIf(process.getuid?.() === 0)('because others own it is refused, too', async () => {
    const locked = join(folder, 'locked')
    await mkdir(locked)
    await chmod(locked, 0o500)
    const { code, stderr } = await simulate('run', 'bamboo', ...LONG, '--json', join(locked, 'report.json'))
    expect([code, stderr]).toEqual([2, expect.stringContaining('EACCES')])
  })
})

describe('Ctrl-C', () => {
  it('ends a run with a report of what there is, marked as incomplete', async () => {
    const file = join(folder, 'stopped.json')
    await writeFile(file, 'what was there before')
    const { child, output } = begin('run', 'bamboo', ...LONG, '--json', file)
    await said(child)
    expect(await readFile(file, 'utf8')).toBe('what was there before')
    child.kill('SIGINT')
    // npm passes on what the terminal has sent to both.
    child.kill('SIGTERM')
    const [code] = await once(child, 'close')
    expect(code).toBe(1)
    const report = await reportIn(file)
    // Two workers: the third seed had not begun.
    expect(report.runs.map(({ seed, complete }) => [seed, complete])).toEqual([
      [1, false],
      [2, false],
    ])
    for (const { millis, events } of report.runs) {
      expect(events).toBeGreaterThan(0)
      expect(millis).toBeLessThan(1_000 * 3_600_000)
    }
    expect(output.stderr).toContain('stopped: 0 of 3 runs are complete')
    expect(output.stdout).toContain(report.command)
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('part'))
    const { code: replayed, stderr } = await simulate('replay', file)
    expect([replayed, stderr]).toEqual([2, expect.stringContaining('no run in')])
  })

  it('twice leaves at once', async () => {
    // Something that does not stop when it is asked to.
    const script = `import { onInterrupt } from '${stop}'
      onInterrupt(() => console.log('asked'))
      setInterval(() => {}, 1_000)
      console.log('runs')`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script])
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 600))
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([130, null])
  })
})

function simulate(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [colonia, 'simulate', ...argv], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code as number), stdout, stderr })
    })
  })
}

function begin(...argv: string[]): { child: ChildProcess; output: { stdout: string; stderr: string } } {
  const child = spawn(process.execPath, [colonia, 'simulate', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (data) => (output.stdout += data))
  child.stderr.on('data', (data) => (output.stderr += data))
  return { child, output }
}

/** Until it has said how far it is. */
async function said(child: ChildProcess): Promise<void> {
  await once(child.stderr as NonNullable<ChildProcess['stderr']>, 'data')
}

async function reportIn(path: string): Promise<Report> {
  return JSON.parse(await readFile(path, 'utf8'))
}
