/**
 * A process that keeps until it is killed: every batch is three entries of one state with the same number, and is
 * told on standard output once it is acknowledged, or why not. The first argument is the file.
 */
import { Keep } from '#node/state/keep'
import { openSqlite } from '#node/state/sqlite'

const [, , path = ''] = process.argv
const keep = await Keep.open(await openSqlite(path), 'self')
const last = Math.max(0, ...keep.kept.own.map(({ n }) => n))
for (let n = last + 1; ; n++) {
  const entries = ['a', 'b', 'c'].map((key) => ({ key, n, by: 'w', body: new Uint8Array(2_000).fill(n) }))
  try {
    await keep.write([{ type: 'entries', owner: 'self', entries }])
  } catch (error) {
    process.stdout.write(`${JSON.stringify(error)}\n`)
    break
  }
  // Not before the one who reads has room: what is told must be what was acknowledged.
  if (!process.stdout.write(`${n}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve))
}
