/**
 * The HTTP side of the front door: the page, the introduction and what an operator's tools ask for.
 *
 * Law: only GET and HEAD, short URLs, bounded waiting; an error is a status and a sentence, never a stack.
 * The page gets a policy under which nothing but its own files runs, and hashed files are cached for ever.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Doorplate } from '#protocols/introduction/index'
import type { Config } from './config.ts'
import type { Gate } from './gate.ts'
import type { Metrics, Route } from './metrics.ts'
import { loadPage } from './page.ts'

/** Longest URL that is read: people's links carry the PeerID in the fragment, which is not sent (guess). */
const MAX_URL = 1024
/** All headers together; browsers send about 1 kB (guess). */
const MAX_HEADER_BYTES = 8192
/** An idle keep-alive connection, or a download that stands still (guess). */
const IDLE_MILLIS = 30_000

export interface House {
  config: Config
  gate: Gate
  metrics: Metrics
  /** Folder of the page. */
  page: string
  /** Whether newcomers are served. */
  isReady(): boolean
  /** What `GET /introduction` answers. */
  doorplate(request: IncomingMessage): Doorplate
}

const SECURITY = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Other bootstraps, which a peer learns of as it goes.
    "connect-src 'self' https: http: wss: ws:",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

const MISSING_PAGE = 'The page has not been built yet. Run `npm run build`, then start the server again.\n'

/** The server of the one port; it does not listen yet, and leaves `upgrade` to the listener. */
export function createDoor(house: House): Server {
  const { config, metrics } = house
  const patience = config.handshakeSeconds * 1000
  const page = loadPage(house.page, SECURITY)

  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: patience,
      requestTimeout: patience,
      connectionsCheckingInterval: Math.min(patience, 5_000),
      keepAliveTimeout: IDLE_MILLIS,
    },
    (request, response) => {
      const { pathname } = URL.parse(request.url ?? '', 'http://localhost') ?? {}
      const route = routes.find(([path]) => path === pathname)
      let name: Route = route?.[1] ?? 'page'
      response.on('close', () => metrics.requested(name, response.statusCode))
      if ((request.url ?? '').length > MAX_URL) return answer(response, 414, 'This URL is too long.\n')
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD')
        return answer(response, 405, 'Only GET and HEAD are understood here.\n')
      }
      if (route !== undefined) return route[2](request, response)
      if (page.serve(request, response, pathname ?? '')) return
      name = 'none'
      const missing = pathname === '/' ? MISSING_PAGE : 'There is nothing here.\n'
      answer(response, pathname === '/' ? 503 : 404, missing)
    },
  )
  server.timeout = IDLE_MILLIS
  // Page loads come beside the WebSockets; beyond this the kernel's queue is the waiting room.
  server.maxConnections = config.maxConnections * 2

  const routes: ReadonlyArray<[string, Route, (request: IncomingMessage, response: ServerResponse) => void]> =
    [
      ['/introduction', 'introduction', introduce],
      ['/healthz', 'healthz', (_, response) => answer(response, 200, 'alive\n')],
      ['/readyz', 'readyz', readiness],
      ['/metrics', 'metrics', (_, response) => void exposeMetrics(response)],
    ]

  function introduce(request: IncomingMessage, response: ServerResponse): void {
    const { origin } = request.headers
    response.setHeader('Vary', 'Origin')
    if (!house.gate.allowsOrigin(request)) {
      return answer(response, 403, 'Pages of this origin may not use this server.\n')
    }
    if (origin !== undefined) response.setHeader('Access-Control-Allow-Origin', origin)
    if (!house.isReady()) return answer(response, 503, 'This server is about to stop; try another.\n')
    answer(response, 200, JSON.stringify(house.doorplate(request)), 'application/json')
  }

  function readiness(_: IncomingMessage, response: ServerResponse): void {
    if (house.isReady()) answer(response, 200, 'ready\n')
    else answer(response, 503, 'not ready\n')
  }

  async function exposeMetrics(response: ServerResponse): Promise<void> {
    answer(response, 200, await metrics.registry.metrics(), metrics.registry.contentType)
  }

  return server
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  response.writeHead(status, {
    'Content-Type': type.includes(';') ? type : `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  // For HEAD, Node sends the headers alone.
  response.end(body)
}
