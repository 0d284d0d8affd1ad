/**
 * The page's service worker: keeps the files of a build on the device, so that who was here once can open the page
 * with the server off.
 *
 * Law: what is kept is whole. A build lies in a cache of its own, all of it or nothing, each file checked against
 * its hash, so a server that is renewed half-way through leaves no mixture. The document comes from the network
 * as long as that answers quickly, so nobody sees an old page beside a living server; files whose names hold a hash
 * come from what is kept, of whichever build. All else (the introduction, the metrics, WebSockets) is left alone.
 *
 * It is ours because it is a page long: workbox-build would do the same with 15 times the code, and brings Babel and
 * Rollup with it.
 */
export {}

/** Put in by `vite.config.ts` when all is built: the hash of each file, as `integrity` wants it, by its path. */
declare const __BUILD__: { readonly version: string; readonly files: Readonly<Record<string, string>> }

/** What a worker has and the types of a page do not know. */
interface Scope {
  readonly registration: ServiceWorkerRegistration
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install', listener: (event: Installing) => void): void
  addEventListener(type: 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void
}
interface Installing extends Lasting {
  /** Of the Static Routing API, which not all browsers have. */
  addRoutes?(rules: readonly { condition: object; source: string }[]): Promise<void>
}
interface Fetching {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

const worker = self as unknown as Scope
const { version, files } = __BUILD__
const PREFIX = 'colonia-page-'
const NAME = PREFIX + version
const DOCUMENT = 'index.html'
/** How long the network may take for the document, in milliseconds: what a person waits without wondering (guess). */
const PATIENCE = 2_000

const home = new URL('./', worker.registration.scope)

/**
 * What the browser does without waking this worker. A tab that crashes takes the worker's process with it, and for a
 * moment nothing can be had from the worker: Chromium 156 then waits without an end for a document, and fails for an
 * asset. So the server is asked for the document at once, and assets come straight from what is kept.
 */
const ROUTES = [
  { condition: { requestMode: 'navigate' }, source: 'race-network-and-fetch-handler' },
  { condition: { urlPattern: `${home.pathname}assets/*` }, source: 'cache' },
]

worker.addEventListener('install', (event) => {
  event.waitUntil(keep())
  event.waitUntil(event.addRoutes?.(ROUTES).catch(() => undefined) ?? Promise.resolve())
})
worker.addEventListener('activate', (event) => event.waitUntil(Promise.all([tidy(), worker.clients.claim()])))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const path = pathOf(request)
  if (path === DOCUMENT) event.respondWith(open(request))
  else if (path !== undefined) event.respondWith(find(request))
})

/** Which of the page's files is asked for, if one is. */
function pathOf({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== home.origin || !pathname.startsWith(home.pathname)) return undefined
  const path = pathname.slice(home.pathname.length) || DOCUMENT
  return path in files || path.startsWith('assets/') ? path : undefined
}

async function keep(): Promise<void> {
  const known = await caches.has(NAME)
  const cache = await caches.open(NAME)
  const requests = Object.entries(files).map(([path, integrity]) => {
    // The name of an asset says what is in it; of any other file the server must be asked.
    const how = path.startsWith('assets/') ? 'default' : 'no-cache'
    return new Request(path === DOCUMENT ? home : new URL(path, home), { integrity, cache: how })
  })
  try {
    await cache.addAll(requests)
  } catch (error) {
    if (!known) await caches.delete(NAME)
    throw error
  }
  // Nothing is gained by waiting: a page of an older build still finds its files.
  await worker.skipWaiting()
}

/** The build before stays, for pages that are open and have not yet loaded all of theirs. */
async function tidy(): Promise<void> {
  const names = await caches.keys()
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== NAME)
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)))
}

async function find(request: Request): Promise<Response> {
  const cache = await caches.open(NAME)
  const kept = (await cache.match(request)) ?? (await caches.match(request))
  return kept ?? (await fetch(request))
}

async function open(request: Request): Promise<Response> {
  const network = fetch(request)
  const answer = network.then(
    // A proxy in front of a dead server answers too. Where it leads elsewhere, it is followed.
    (response) => (response.ok || response.type === 'opaqueredirect' ? response : undefined),
    () => undefined,
  )
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE))
  return (await Promise.race([answer, late])) ?? (await openKept()) ?? (await network)
}

/** The document as it was kept, marked so that the page knows. */
async function openKept(): Promise<Response | undefined> {
  const kept = await (await caches.open(NAME)).match(home)
  if (kept === undefined) return undefined
  const headers = new Headers(kept.headers)
  for (const name of ['Content-Encoding', 'Content-Length']) headers.delete(name)
  return new Response((await kept.text()).replace('<html', '<html data-kept'), { headers })
}
