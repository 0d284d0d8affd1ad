/**
 * Browser: identity and state in IndexedDB, one slot a tab.
 *
 * Two tabs of one browser are two peers. If they shared a PeerID, each would take the other's calls and
 * registrations; so each tab holds a numbered slot by a Web Lock, which the browser frees when the tab is
 * gone, however it went. The first tab has slot 0 and thus the person's own PeerID, the second slot 1, and so
 * on; each slot keeps its key. A tab remembers its slot in sessionStorage, which survives a reload, and then
 * waits a moment for the lock that its former document is about to lose.
 *
 *     database NAME, store `identity`: SLOT = private key, `state/PEERID` = name of a database
 *     database NAME/state/SLOT: the state of the key that was made in that slot
 *     database NAME/state/PEERID: that of one that was brought here
 *
 * Law: two identities never share a state, and who comes back finds the one it had.
 */
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { type IDBPDatabase, openDB } from 'idb'
import { ColoniaError } from '../errors.ts'
import { IdentityError } from '../identity/fault.ts'
import { PAGE } from '../link/budget.ts'
import { openIndexedDb } from '../state/indexeddb.ts'
import type { Platform } from './platform.ts'

/** Tabs of one browser that can be peers at once (guess: more are a mistake). */
const MAX_SLOTS = 32
/** How long a reloaded tab waits for its former self, in milliseconds. Chromium takes a few. */
const RELOAD_GRACE = 1_500

interface NetworkInformation extends EventTarget {
  readonly type?: string
}

export const platform: Platform = {
  async openIdentity(name = 'colonia') {
    const { slot, release } = await takeSlot(name)
    return { key: await loadKey(name, slot), slot, release }
  },
  async openStorage(name = 'colonia', { key, slot }) {
    const elsewhere = await withKeys(name, (database) => database.get('identity', homeOf(key)))
    return openIndexedDb(elsewhere === undefined ? `${name}/state/${slot}` : String(elsewhere))
  },
  readKey: (name = 'colonia') => withKeys(name, (database) => keyIn(database, 0)),
  replaceKey: (name = 'colonia', key) => withKeys(name, (database) => replace(database, name, key)),
  async checkListen(addresses) {
    if (addresses.length > 0) throw new ColoniaError('bad-options', 'option listen: a page cannot be dialled')
  },
  async makeCertificate() {
    throw new Error('a page does not listen')
  },
  // Modest: a person did not open a page to store other people's states.
  capacity: { owners: 32, bytes: 8 * 1_048_576 },
  budget: PAGE,
  defaultBootstraps: () => [location.origin],
  answersQuietly: false,
  peerConnectionClass: async () => globalThis.RTCPeerConnection,
  onNetworkChange(callback) {
    const connection = (navigator as { connection?: NetworkInformation }).connection
    // `change` also fires for mere estimates of speed; only another kind of network is another way.
    let type = connection?.type
    const changed = () => {
      if (connection?.type === type) return
      type = connection?.type
      callback()
    }
    connection?.addEventListener('change', changed)
    addEventListener('online', callback)
    return () => {
      connection?.removeEventListener('change', changed)
      removeEventListener('online', callback)
    }
  },
  // On a desktop Chromium does not tell the type, so that `change` is all that is heard of another network, and
  // `online` comes a second late.
  onNetworkDoubt(callback) {
    const connection = (navigator as { connection?: NetworkInformation }).connection
    connection?.addEventListener('change', callback)
    addEventListener('offline', callback)
    return () => {
      connection?.removeEventListener('change', callback)
      removeEventListener('offline', callback)
    }
  },
  onGoodbye(callback) {
    const leaving = (event: PageTransitionEvent) => {
      if (!event.persisted) callback()
    }
    addEventListener('pagehide', leaving)
    return () => removeEventListener('pagehide', leaving)
  },
  // https://wicg.github.io/page-lifecycle/
  onFreeze(callback) {
    document.addEventListener('freeze', callback)
    return () => document.removeEventListener('freeze', callback)
  },
  onResume(callback) {
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) callback()
    }
    document.addEventListener('resume', callback)
    addEventListener('pageshow', shown)
    return () => {
      document.removeEventListener('resume', callback)
      removeEventListener('pageshow', shown)
    }
  },
}

async function takeSlot(name: string): Promise<{ slot: number; release: () => void }> {
  const memory = `${name}/slot`
  const stored = sessionStorage.getItem(memory)
  const mine = stored === null ? undefined : Number(stored)
  const order = Array.from({ length: MAX_SLOTS }, (_, slot) => slot)
  if (mine !== undefined && order.includes(mine)) order.unshift(mine)
  for (const [index, slot] of order.entries()) {
    const wait = mine !== undefined && index === 0 ? RELOAD_GRACE : 0
    const release = await takeLock(`${name}/identity/${slot}`, wait)
    if (release === undefined) continue
    sessionStorage.setItem(memory, String(slot))
    return { slot, release }
  }
  throw new Error(`${MAX_SLOTS} tabs of this browser are peers already; close one`)
}

/** A function that frees the lock, or `undefined` if another tab still holds it after `wait` milliseconds. */
function takeLock(name: string, wait: number): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const options = wait > 0 ? { signal: AbortSignal.timeout(wait) } : { ifAvailable: true }
    navigator.locks
      .request(name, options, (lock) => {
        if (lock === null) return resolve(undefined)
        return new Promise<void>((release) => resolve(release))
      })
      .catch((error: unknown) => {
        const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
        return timedOut ? resolve(undefined) : reject(error)
      })
  })
}

function loadKey(name: string, slot: number): Promise<Ed25519PrivateKey> {
  return withKeys(name, async (database) => {
    const known = await keyIn(database, slot)
    if (known !== undefined) return known
    const key = await generateKeyPair('Ed25519')
    await database.put('identity', privateKeyToProtobuf(key), slot)
    return key
  })
}

async function withKeys<T>(name: string, act: (database: IDBPDatabase) => Promise<T>): Promise<T> {
  const database = await openDB(name, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('identity')
    },
  })
  try {
    return await act(database)
  } finally {
    database.close()
  }
}

async function keyIn(database: IDBPDatabase, slot: number): Promise<Ed25519PrivateKey | undefined> {
  const stored: unknown = await database.get('identity', slot)
  if (!(stored instanceof Uint8Array)) return undefined
  const key = privateKeyFromProtobuf(stored)
  if (key.type === 'Ed25519') return key
  throw new ColoniaError('bad-identity', `the kept key is of type ${key.type}`)
}

async function replace(
  database: IDBPDatabase,
  name: string,
  key: Ed25519PrivateKey,
): Promise<Ed25519PrivateKey | undefined> {
  const before = await keyIn(database, 0)
  if (before?.equals(key)) throw new IdentityError('taken', 'this browser has that identity already')
  for (let slot = 1; slot < MAX_SLOTS; slot++) {
    const other = await keyIn(database, slot)
    if (other?.equals(key)) throw new IdentityError('taken', 'another tab of this browser has that identity')
  }
  const { store, done } = database.transaction('identity', 'readwrite')
  const peer = key.publicKey.toString()
  // Where the former one had its state it finds it again.
  if (before !== undefined && (await store.get(homeOf(before))) === undefined) {
    await store.put(`${name}/state/0`, homeOf(before))
  }
  if ((await store.get(homeOf(key))) === undefined) await store.put(`${name}/state/${peer}`, homeOf(key))
  await store.put(privateKeyToProtobuf(key), 0)
  await done
  return before
}

function homeOf(key: Ed25519PrivateKey): string {
  return `state/${key.publicKey}`
}
