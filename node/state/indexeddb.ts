/**
 * Storage in a browser: one IndexedDB database. A batch is a transaction; `strict` durability has the browser
 * sync it to the disk before it says that it is done (https://www.w3.org/TR/IndexedDB/#transaction-durability-hint).
 * Transactions that write to one store run in the order in which they were begun.
 */
import { type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import { type Change, rangeOf, type Storage, storageFault } from './storage.ts'
import type { Bytes } from './value.ts'

const STORE = 'kept'

/** The storage called `name`, made if there is none. @throws ColoniaError `storage` */
export async function openIndexedDb(name: string): Promise<Storage> {
  /** Runs `act`; the browser's errors become ours. */
  const guarded = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (cause) {
      throw storageFault(`the storage ${name}`, cause)
    }
  }
  const database = await guarded(() =>
    openDB(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore(STORE)
      },
    }),
  )
  return {
    read: () =>
      guarded(async () => {
        const { store } = database.transaction(STORE)
        const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()])
        return new Map(keys.map((key, index) => [String(key), values[index] as Bytes]))
      }),
    write: (changes) => guarded(() => transact(database, changes)),
    close: async () => database.close(),
  }
}

async function transact(database: IDBPDatabase, changes: readonly Change[]): Promise<void> {
  const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })
  try {
    // Each in an async function: one that cannot even be asked for rejects like the others.
    const asked = changes.map(async (change) => await ask(transaction.store, change))
    await Promise.all([...asked, transaction.done])
  } catch (error) {
    undo(transaction)
    throw error
  }
}

function ask(
  store: IDBPObjectStore<unknown, [typeof STORE], typeof STORE, 'readwrite'>,
  change: Change,
): Promise<unknown> {
  if (change.type === 'put') return store.put(change.bytes, change.key)
  if (change.type === 'delete') return store.delete(change.key)
  return store.delete(IDBKeyRange.bound(...rangeOf(change.folder), false, true))
}

function undo(transaction: { abort(): void }): void {
  try {
    transaction.abort()
  } catch {
    // The browser has aborted it already.
  }
}
