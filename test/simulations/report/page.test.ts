/** The page of a report: that it stands alone, can be read by a browser, and shows what it was given as text. */
import { describe, expect, it } from 'vitest'
import { absent } from '../../../simulations/report/page/drawing.ts'
import { filmOf } from '../../../simulations/report/page/film.ts'
import { embedded, escaped } from '../../../simulations/report/page/html.ts'
import { meanOf } from '../../../simulations/report/page/lines.ts'
import { clock, measured, number } from '../../../simulations/report/page/text.ts'
import { pageOf } from '../../../simulations/report/page.ts'
import type { Frame, Report } from '../../../simulations/report/run.ts'
import { exampleReport } from './example.ts'

const VOID = ['meta', 'input', 'br', 'hr', 'img']

const report = exampleReport()
const html = await pageOf(report)

describe('a page', () => {
  it('closes every tag that it opens', () => {
    expect(unclosed(html)).toEqual([])
    expect(unclosed('<p><b>x</p>')).not.toEqual([])
  })

  it('asks nothing of any network', () => {
    const links = [...html.matchAll(/https?:\/\/[^"'\s<]+/g)].map(([link]) => link)
    expect(links.filter((link) => !link.startsWith('http://www.w3.org/'))).toEqual([])
    expect(html.match(/<(?:link|img|iframe|script src)\b|@import|url\((?!#)/g)).toBeNull()
    expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'; [^"]*script-src 'sha256-/)
  })

  it('shows names from a file as text', () => {
    expect(html).not.toContain('<b>town</b>')
    expect(html).toContain('small &lt;b&gt;town&lt;/b&gt;')
    expect(html).toContain('<span>--html</span> <span>&quot;report.html&quot;</span>')
  })

  it('has each id once', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  })

  it('is the same each time', async () => {
    expect(await pageOf(report)).toBe(html)
  })

  it('is small, has a chart of each kind, and says to each what is seen', () => {
    expect(html.length).toBeLessThan(500_000)
    const drawn = [...html.matchAll(/<figure id="([\w-]+)">/g)].map(([, id]) => id)
    expect(drawn).toEqual(
      expect.arrayContaining(['population', 'theory', 'cdf-detection', 'bytes', 'lookups', 'calls', 'links']),
    )
    expect([...html.matchAll(/<svg(?![^>]*role="img" aria-label="[^"]+)/g)]).toEqual([])
  })

  it('has the hash of every run', () => {
    for (const { hash } of report.runs) expect(html).toContain(hash)
  })

  it('does without a movie, without losses and with nothing at all', async () => {
    const bare = report.runs.map((run) => ({
      ...run,
      frames: [],
      figures: {},
      spreads: {},
      moments: [],
      happenings: [],
    }))
    const page = await pageOf({ ...report, runs: bare } satisfies Report)
    expect(unclosed(page)).toEqual([])
    expect(page).not.toContain('<svg')
    expect(page).not.toContain('<script')
    expect(oddities(page)).toEqual([])
  })

  it('of one run claims no interval', async () => {
    const page = await pageOf({ ...report, runs: report.runs.slice(0, 1) })
    expect(page.match(/± [\d–]/g)).toBeNull()
    expect(oddities(page)).toEqual([])
  })
})

it('says which package is missing', () => {
  const error = Object.assign(new Error('no'), { code: 'ERR_MODULE_NOT_FOUND' })
  expect(absent(error)).toMatchObject({
    code: 'bad-options',
    message: expect.stringContaining('npm install echarts'),
  })
  expect(absent('else')).toBe('else')
})

it('takes the mean of lines between their points', () => {
  const lines: [number, number][][] = [
    [
      [0, 0],
      [2, 4],
    ],
    [
      [1, 10],
      [2, 20],
    ],
  ]
  expect(meanOf(lines)).toEqual([
    [0, 0],
    [1, 6],
    [2, 12],
  ])
  expect(meanOf(lines, 0)).toEqual([
    [0, 0],
    [1, 6],
    [2, 12],
  ])
  expect(
    meanOf(
      [
        [
          [0, 50],
          [1, 100],
        ],
        [
          [2, 60],
          [3, 100],
        ],
      ],
      0,
      100,
    ),
  ).toEqual([
    [0, 25],
    [1, 50],
    [2, 80],
    [3, 100],
  ])
})

it('says amounts as people do', () => {
  expect(number(12_345)).toBe('12\u2009345')
  expect(number(0.9953)).toBe('0.995')
  expect(clock(3_725_000)).toBe('1:02:05')
  expect(measured({ mean: 2_280, half: 120, count: 3 }, 'ms')).toBe('2.28 s ± 0.12 s')
  expect(measured({ mean: 2_280, half: Number.POSITIVE_INFINITY, count: 1 }, 'ms')).toBe('2.28 s')
})

it('lets no text be markup', () => {
  expect(escaped(`<a b="c" d='e'>&`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;')
  expect(embedded(['</script><!--'])).not.toContain('<')
  expect(JSON.parse(embedded(['</script>']))).toEqual(['</script>'])
})

it('films of a crowd its number alone', () => {
  const many: Frame['nodes'] = Array.from({ length: 5_000 }, (_, id) => ({ id, state: 'up' }))
  const few = many.slice(0, 2)
  const copies = [{ from: 0, to: 1, owner: 0 }]
  const frames = [few, many, few].map((nodes, at): Frame => ({ at, nodes, copies, news: [] }))
  expect(filmOf({ frames, happenings: [] })).toMatchObject({
    places: 2,
    changes: [
      { nodes: [0, 0, 0, 1, 1, 0], come: [0, 1, 0] },
      { crowd: 5_000, nodes: [0, 0, -1, 1, 1, -1], gone: [0, 1, 0], come: [] },
      { nodes: [0, 0, 0, 1, 1, 0], come: [0, 1, 0] },
    ],
  })
})

it('films what changes; who comes takes a place that is free and keeps it', () => {
  const up = (...ids: number[]): Frame['nodes'] => ids.map((id) => ({ id, state: 'up' }))
  const frames: Frame[] = [
    { at: 0, nodes: up(5, 6), copies: [{ from: 5, to: 6, owner: 5 }], news: [] },
    {
      at: 10,
      nodes: [{ id: 6, state: 'cut' }, ...up(7)],
      copies: [{ from: 6, to: 7, owner: 5 }],
      news: ['1 went'],
    },
    {
      at: 20,
      nodes: [{ id: 6, state: 'cut' }, ...up(7, 8)],
      copies: [{ from: 6, to: 7, owner: 5 }],
      news: [],
    },
  ]
  expect(filmOf({ frames, happenings: [] })).toEqual({
    places: 3,
    happenings: [],
    changes: [
      { at: 0, nodes: [0, 5, 0, 1, 6, 0], gone: [], come: [5, 6, 5], news: [] },
      { at: 10, nodes: [0, 5, -1, 1, 6, 2, 0, 7, 0], gone: [5, 6, 5], come: [6, 7, 5], news: ['1 went'] },
      { at: 20, nodes: [2, 8, 0], gone: [], come: [], news: [] },
    ],
  })
})

/** What a number becomes that is none; the script may say such words. */
function oddities(text: string): string[] {
  return text.replace(/<script\b[\s\S]*?<\/script>/g, '').match(/NaN|undefined|Infinity/g) ?? []
}

/** Tags that are not closed, or closed without having been opened. */
function unclosed(text: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const markup = text.replace(/(<(script|style)\b[^>]*>)[\s\S]*?(?=<\/\2>)/g, '$1')
  for (const [, end, name = '', self] of markup.matchAll(/<(\/?)([a-z][\w]*)(?:"[^"]*"|[^">])*?(\/?)>/gi)) {
    if (self === '/' || VOID.includes(name)) continue
    if (end === '') open.push(name)
    else if (open.pop() !== name) wrong.push(name)
  }
  return [...wrong, ...open]
}
