/**
 * Storage in Node: one SQLite database in a file, by the `node:sqlite` that Node brings from 22.13 on.
 *
 * A batch is a transaction. With a write-ahead log and `synchronous = FULL` it is on the disk before it is
 * acknowledged, and a log that ends in the middle of one is read up to the one before
 * (https://sqlite.org/wal.html). The file is locked for as long as it is open: two processes that were the same
 * peer would each undo the other. `node:sqlite` blocks while it writes, as long as the disk takes to sync.
 */
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Change, rangeOf, type Storage, storageFault } from './storage.ts'
import type { Bytes } from './value.ts'

/** https://sqlite.org/fileformat.html, section 1.3. */
const HEADER_BYTES = 100

/** Where a state is kept that nobody wants to keep. */
export const MEMORY = ':memory:'

/**
 * The storage in the file `path`, made with mode 0600 if there is none.
 * @throws ColoniaError `storage`: not writable, in use, damaged, or this Node has no SQLite
 */
export async function openSqlite(path: string): Promise<Storage> {
  const fault = (cause: unknown) => storageFault(`the storage ${path}`, cause)
  try {
    const { DatabaseSync } = await import('node:sqlite')
    if (path !== MEMORY) await touch(path)
    const database = new DatabaseSync(path)
    try {
      prepare(database)
      if (path !== MEMORY) await measure(database, path)
    } catch (error) {
      database.close()
      throw error
    }
    return storageOf(database, fault)
  } catch (cause) {
    throw fault(cause)
  }
}

/** SQLite gives its log the mode of the file, so that has to be there first. */
async function touch(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a', 0o600)
  const { size } = await file.stat().finally(() => file.close())
  // SQLite takes a few bytes for an empty database, and would write over them.
  if (size > 0 && size < HEADER_BYTES) throw new Error(`damaged: only ${size} bytes are left`)
}

/** SQLite reads a last page that was cut as if zeros followed. With the log worked in, all pages are whole. */
async function measure(database: DatabaseSync, path: string): Promise<void> {
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const pragma = (name: string) => Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
  const { size } = await stat(path)
  const whole = pragma('page_count') * pragma('page_size')
  if (size < whole) throw new Error(`damaged: ${size} of ${whole} bytes are left`)
}

function prepare(database: DatabaseSync): void {
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;
  `)
  // A damaged page is found now, while what it held can still be fetched from others.
  const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (check !== 'ok') throw new Error(`damaged: ${check}`)
}

function storageOf(database: DatabaseSync, fault: (cause: unknown) => Error): Storage {
  const put = database.prepare(
    'INSERT INTO kept VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  )
  const remove = database.prepare('DELETE FROM kept WHERE key = ?')
  const clear = database.prepare('DELETE FROM kept WHERE key >= ? AND key < ?')
  const all = database.prepare('SELECT key, bytes FROM kept')

  function apply(change: Change): void {
    if (change.type === 'put') put.run(change.key, change.bytes)
    else if (change.type === 'delete') remove.run(change.key)
    else clear.run(...rangeOf(change.folder))
  }

  return {
    async read() {
      try {
        return new Map(all.all().map(({ key, bytes }) => [String(key), Uint8Array.from(bytes as Bytes)]))
      } catch (cause) {
        throw fault(cause)
      }
    },
    async write(changes) {
      try {
        database.exec('BEGIN')
        for (const change of changes) apply(change)
        database.exec('COMMIT')
      } catch (cause) {
        // A full disk has rolled it back already.
        if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
        throw fault(cause)
      }
    },
    async close() {
      if (database.isOpen) database.close()
    },
  }
}
