/** A trace is read whole or refused, and what was cut of it is made up from the rest. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exp, ln } from '../../../simulations/chance/arithmetic.ts'
import { Random } from '../../../simulations/random.ts'
import { completed, readTrace, type Session } from '../../../simulations/scenario/trace.ts'

const HEAD = '# colonia-churn-trace/1\nstart,seconds,end\n'

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colonia-trace-'))
  file = join(folder, 'trace.csv')
})

afterAll(() => rm(folder, { recursive: true }))

async function reading(text: string): Promise<Session[]> {
  await writeFile(file, text)
  return await readTrace(file)
}

describe('a trace', () => {
  it('is read in the order in which sessions began', async () => {
    const rows = '12.0,2.5,goodbye\n3.0,20,lost\n22.5,0.0,goodbye\n1,30.5,hung-up\n20,12,open\n'
    expect(await reading(HEAD + rows)).toEqual([
      { at: 1_000, span: 30_500, end: 'censored' },
      { at: 3_000, span: 20_000, end: 'lost' },
      { at: 12_000, span: 2_500, end: 'goodbye' },
      { at: 20_000, span: 12_000, end: 'censored' },
      { at: 22_500, span: 0, end: 'goodbye' },
    ])
  })

  it('may be out of order by a second, and not by more', async () => {
    expect(await reading(`${HEAD}0,10.0,lost\n0,9.0,lost\n`)).toHaveLength(2)
    await expect(reading(`${HEAD}0,10.0,lost\n0,8.9,lost\n`)).rejects.toThrow(/line 4: ended at 8.9 s/)
    // Slowly backwards is backwards, too.
    await expect(reading(`${HEAD}0,10.0,lost\n0,9.4,lost\n0,8.8,lost\n`)).rejects.toThrow(/line 5/)
  })

  it.each([
    ['is empty', '', /is empty; its first line must be "# colonia-churn-trace\/1"/],
    ['is of another format', '# colonia-churn-trace/2\nstart,seconds,end\n1,2,lost\n', /line 1: must be/],
    ['has other columns', '# colonia-churn-trace/1\nstart,end\n1,2,lost\n', /line 2: must be "start,sec/],
    ['has no session', HEAD, /has no session/],
    ['shows no end', `${HEAD}1,2,open\n`, /no session whose end was seen/],
    ['is cut short in a word', `${HEAD}1,2,lost\n1,3,goodb`, /line 4: is cut short/],
    ['is cut short after a line', `${HEAD}1,2,lost`, /line 3: is cut short/],
    ['lacks a field', `${HEAD}1,2\n`, /line 3: has 2 fields; must be start,seconds,end/],
    ['has a line with nothing in it', `${HEAD}1,2,lost\n\n`, /line 4: has 0 fields/],
    ['has a field too many', `${HEAD}1,2,lost,7\n`, /line 3: has 4 fields/],
    ['begins before it begins', `${HEAD}-1,2,lost\n`, /line 3: start must be a number of seconds from 0/],
    ['has a negative span', `${HEAD}1,-2,lost\n`, /line 3: seconds must be/],
    ['has words for numbers', `${HEAD}1,Infinity,lost\n`, /line 3: seconds must be .* not "Infinity"/],
    ['has numbers that only JavaScript takes', `${HEAD}0x1,,lost\n`, /line 3: start must be/],
    ['knows another end', `${HEAD}1,2,toString\n`, /line 3: end must be goodbye, lost, hung-up, open, not/],
    ['has other line ends', `${HEAD}1,2,lost\r\n`, /line 3: end must be .* not "lost\\r"/],
  ])('is refused when it %s', async (_, text, message) => {
    const error = await reading(text).catch((caught) => caught)
    expect(error).toMatchObject({ code: 'bad-options', message: expect.stringMatching(message) })
  })

  it('of a gigabyte is refused before it is read', async () => {
    await writeFile(file, HEAD)
    await truncate(file, 2 ** 30)
    const begun = performance.now()
    await expect(readTrace(file)).rejects.toThrow('has 1073741824 bytes; allowed are 67108864 (64 MiB)')
    expect(performance.now() - begun).toBeLessThan(500)
  })

  it('with two million and one sessions is refused', async () => {
    const text = HEAD + '0,1,lost\n'.repeat(2_000_001)
    await expect(reading(text)).rejects.toThrow('line 2000003: more than 2000000 sessions')
  })

  it('must be a file, and be there', async () => {
    await expect(readTrace(folder)).rejects.toThrow('is not a file')
    await expect(readTrace(join(folder, 'gone.csv'))).rejects.toThrow('ENOENT')
  })

  it.skipIf(process.platform === 'win32')('that is a pipe is not waited for', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    await expect(readTrace(pipe)).rejects.toThrow('is not a file')
  })
})

describe('sessions that were cut', () => {
  const session = (span: number, end: Session['end'] = 'goodbye', at = 0): Session => ({ at, span, end })

  it('leave the others as they are, and take an end that one had which lasted longer', () => {
    const seen = [session(10), session(20, 'lost', 3), session(20, 'censored', 5), session(40, 'lost')]
    for (let seed = 1; seed < 20; seed++) {
      expect(completed(seen, new Random(seed))).toEqual([
        ...seen.slice(0, 2),
        session(40, 'lost', 5),
        seen[3],
      ])
    }
  })

  it('end where they were last seen when nobody lasted longer', () => {
    const [, cut] = completed([session(10), session(50, 'censored')], new Random(1))
    expect(cut).toEqual(session(50))
  })

  it('have the mean of those that were not cut', () => {
    const random = new Random(7)
    const MEAN = 600_000
    const whole = Array.from({ length: 20_000 }, () => session(-ln(random.unit() || 0.5) * MEAN, 'lost'))
    // Half of them hang up at a moment of their own, as long as they lived or longer.
    const seen = whole.map((one) => {
      const cut = -ln(random.unit() || 0.5) * MEAN
      return cut < one.span ? session(cut, 'censored') : one
    })
    const mean = (sessions: readonly Session[]) =>
      sessions.reduce((sum, { span }) => sum + span, 0) / sessions.length
    expect(mean(seen)).toBeLessThan(0.52 * MEAN)
    const made = completed(seen, new Random(8))
    expect(mean(made) / MEAN).toBeCloseTo(1, 1)
    expect(made.filter(({ span }) => span > MEAN).length / made.length).toBeCloseTo(exp(-1), 1)
    expect(made.filter(({ end }) => end === 'censored')).toEqual([])
    expect(completed(seen, new Random(8))).toEqual(made)
  })

  it('are none in a whole trace, which stays as it is', () => {
    const seen = [session(1), session(2, 'lost')]
    expect(completed(seen, new Random(1))).toEqual(seen)
  })
})
