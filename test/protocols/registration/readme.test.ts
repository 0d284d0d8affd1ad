/** The times in `protocols/README.md` are those of the code. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultTiming, HORIZON, LIFE } from '#protocols/registration/index'

const units: Record<string, number> = { ms: 1, min: 60_000, h: 3_600_000 }

test('the times are those of the code', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../protocols/README.md'), 'utf8')
  const section = readme.split('## Who is registered')[1]?.split(/^## /m)[0] ?? ''
  const rows = [...section.matchAll(/^\| `(\w+)` \| (\d+) (ms|min|h) \|/gm)]
  const times = Object.fromEntries(
    rows.map(([, name, count, unit = 'ms']) => [name, Number(count) * (units[unit] ?? 0)]),
  )
  const { patience, ...said } = defaultTiming
  expect(times).toEqual({ LIFE, HORIZON, ...said })
})
