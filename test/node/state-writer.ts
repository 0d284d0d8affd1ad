/**
 * A process that keeps until it is killed: every batch is three entries of one state with the same number, and is
 * told on standard output once it is acknowledged, or why not. Arguments: the file, and after how many batches to
 * wait for the end with the file open.
 */
import { Keep } from '#node/state/keep'
import { openSqlite } from '#node/state/sqlite'

const [, , path = '', most = 'Infinity'] = process.argv
const keep = await Keep.open(await openSqlite(path), 'self')
const last = Math.max(0, ...keep.kept.own.map(({ n }) => n))
for (let n = last + 1; n <= last + Number(most); n++) {
  const entries = ['a', 'b', 'c'].map((key) => ({ key, n, by: 'w', body: new Uint8Array(2_000).fill(n) }))
  try {
    await keep.write([{ type: 'entries', owner: 'self', entries }])
  } catch (error) {
    process.stdout.write(`${JSON.stringify(error)}\n`)
    process.exit()
  }
  // Not before the one who reads has room: what is told must be what was acknowledged.
  if (!process.stdout.write(`${n}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve))
}
setInterval(() => {}, 2 ** 30)
