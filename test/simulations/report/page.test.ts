/** A page stands alone: whole, the same for the same report, without anything from elsewhere, and true to what it shows. */
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawing } from '../../../simulations/report/page/drawing.ts'
import { pageOf } from '../../../simulations/report/page.ts'
import type { Report } from '../../../simulations/report/run.ts'
import { attribute, faultsOf } from '../../support/markup.ts'
import { madeReport } from '../../support/report.ts'
import { scenarios } from './scenarios.ts'

const EVIL = `</script></style></title></svg><script>alert(1)</script><img src=x onerror="a">'&`

let page: string
beforeAll(async () => {
  page = await pageOf(madeReport())
})

describe('the page of a report', () => {
  it('is whole, and the same for the same report', async () => {
    expect(faultsOf(page)).toEqual([])
    // Not by toBe, which would print both.
    expect((await pageOf(madeReport())) === page).toBe(true)
  })

  it('has each id once, and refers to none that is not there', () => {
    const ids = attribute(page, 'id')
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    const referred = [...page.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id)
    expect(referred.filter((id) => !ids.includes(id ?? ''))).toEqual([])
  })

  it('loads nothing from anywhere', () => {
    const addresses = page.match(/\bhttps?:\/\/[^"'\s<]*/g) ?? []
    expect([...new Set(addresses)]).toEqual(['http://www.w3.org/2000/svg'])
    expect([...attribute(page, 'src'), ...attribute(page, 'href')]).toEqual([])
    expect(page).not.toMatch(/@import|@font-face/)
  })

  it('allows its own script and no other', () => {
    const [policy] = attribute(page, 'content')
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? []
    expect(script).toContain('IntersectionObserver')
    const hash = createHash('sha256').update(script).digest('base64')
    expect(policy).toBe(
      `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    )
    expect(page).not.toMatch(/\son\w+="/)
  })

  it('stays small', () => {
    expect(page.length).toBeLessThan(400_000)
  })

  it('shows the figures with their intervals, the command, seeds, hashes, versions and the scenario', () => {
    const report = madeReport()
    expect(page).toContain('avoidable losses</dt><dd><strong>0</strong><small>± 0</small>')
    expect(page).toContain('half of the 95 % interval of the mean of 3 seeds')
    expect(page).toContain(`<pre>${report.command}</pre>`)
    for (const { seed, hash } of report.runs) expect(page).toContain(`${seed} (${hash})`)
    expect(page).toContain('Colonia 0.1.0, Node v24.0.0')
    expect(page).toContain('&#34;contingents&#34;: 2,')
  })

  it('has for each chart words for those who do not see it, and a caption with the command', () => {
    const charts = page.match(/<svg role="img" aria-label="[^"]{20,}"/g) ?? []
    expect(charts).toHaveLength(page.match(/<svg /g)?.length ?? 0)
    expect(charts).toHaveLength(13)
    expect(page.match(/<figcaption>[^<]+<code>colonia simulate run /g)).toHaveLength(13)
  })

  it('draws charts in the colours of the page, by day and by night', () => {
    const drawn = [...page.matchAll(/<svg role.*?<\/svg>/gs)].join('')
    // Of a clip path the colour is not seen.
    const seen = drawn.replace(/<clipPath.*?<\/clipPath>/gs, '')
    const fixed = seen.match(/(?:fill|stroke)="(?!none|transparent|var\()[^"]*"/g) ?? []
    expect([...new Set(fixed)]).toEqual([])
    expect(page).toContain('@media (prefers-color-scheme:dark)')
  })

  it('lists the faults and marks them by number', () => {
    expect(page).toContain(
      '<strong>2</strong> 30 % of all are cut off <span class="soft">at 1 h, for 5 min</span>',
    )
    expect(page).toContain('left:min(50.00%,100% - 4px);width:4.17%')
  })

  it('takes all that comes from a file for text', async () => {
    const report = madeReport()
    const [first, ...rest] = report.runs
    if (first === undefined) throw new Error('no run')
    const evil: Report = {
      ...report,
      command: EVIL,
      versions: { colonia: EVIL, node: EVIL },
      scenario: { ...report.scenario, name: EVIL, title: EVIL, source: EVIL, trace: EVIL },
      runs: [
        {
          ...first,
          happenings: [{ at: 0, span: 10, what: EVIL }],
          frames: first.frames.map((frame) => ({ ...frame, news: [EVIL] })),
        },
        ...rest,
      ],
    }
    const found = await pageOf(evil)
    expect(faultsOf(found)).toEqual([])
    expect(found.match(/<script/g)).toHaveLength(2)
    expect(found).not.toContain('<img')
  })

  it.each(scenarios)('can be made of every kind of scenario: %j', async (part) => {
    const report = madeReport([1])
    expect(faultsOf(await pageOf({ ...report, scenario: { ...report.scenario, ...part } }))).toEqual([])
  })
})

describe('the page of less', () => {
  it('says that one seed has no interval', async () => {
    const one = await pageOf(madeReport([7]))
    expect(faultsOf(one)).toEqual([])
    expect(one).toContain('one seed, no interval')
    expect(one).not.toMatch(/\d ± \d/)
  })

  it('says what was stopped', async () => {
    const report = madeReport([1, 2])
    const runs = report.runs.map((run, at) =>
      at === 0
        ? run
        : { ...run, complete: false, millis: 60_000, moments: run.moments.slice(0, 3), frames: [] },
    )
    const found = await pageOf({ ...report, runs })
    expect(faultsOf(found)).toEqual([])
    expect(found).toContain('Not complete: seed 2 at 1 min of 2 h.')
  })

  it('can be made of nothing, and of runs in which nothing happened', async () => {
    const report = madeReport([1, 2])
    const none = await pageOf({ ...report, runs: [] })
    expect(faultsOf(none)).toEqual([])
    expect(none).toContain('No run has begun')
    const empty = { figures: {}, spreads: {}, moments: [], happenings: [], frames: [] }
    const found = await pageOf({ ...report, runs: report.runs.map((run) => ({ ...run, ...empty })) })
    expect(faultsOf(found)).toEqual([])
    expect(found).not.toContain('<svg')
    expect(found).not.toContain('<canvas')
    expect(found).not.toContain('NaN')
  })

  it('shows many seeds as a band, and stays small', async () => {
    const many = await pageOf(madeReport(Array.from({ length: 20 }, (_, seed) => seed)))
    expect(faultsOf(many)).toEqual([])
    expect(many).toContain('band: from the least to the greatest of 20 seeds')
    expect(many.length).toBeLessThan(800_000)
  })

  it('claims no bound and no hash of real peers', async () => {
    const report = madeReport()
    const real = await pageOf({
      ...report,
      world: 'webrtc',
      runs: report.runs.map((run) => ({ ...run, hash: null })),
    })
    expect(real).not.toContain('bound of the mean')
    expect(real).toContain('Real peers do nothing twice')
    expect(real).toContain('1 (real: no hash)')
  })
})

it('says what to install where echarts is missing, and nothing else of other troubles', async () => {
  const missing = Object.assign(new Error("Cannot find package 'echarts'"), { code: 'ERR_MODULE_NOT_FOUND' })
  await expect(drawing(() => Promise.reject(missing))).rejects.toMatchObject({
    code: 'bad-options',
    message: expect.stringContaining('npm install echarts'),
  })
  const other = new Error('no memory')
  await expect(drawing(() => Promise.reject(other))).rejects.toBe(other)
})
