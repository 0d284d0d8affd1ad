/**
 * Who may open a WebSocket: the order of questions that every upgrade request answers before it costs anything.
 *
 * Law: a page of a strange origin is refused, because a browser lets any page dial any server; who is no
 * browser sends no `Origin` and may come in (RFC 6455, 10.2: the header protects users, not servers). Every
 * admission is counted until its socket closes, in all and per address, so no one client can fill the house.
 */
import type { IncomingMessage } from 'node:http'
import { addressGroup, clientAddress, proxyList } from './address.ts'
import type { Config } from './config.ts'
import type { Admission } from './metrics.ts'

export type Verdict =
  | { type: 'admitted'; address: string; leave(): void }
  | { type: 'refused'; admission: Exclude<Admission, 'accepted'>; status: number; reason: string }

export interface Gate {
  /** Answers an upgrade request; who is admitted holds a place until `leave`, which is idempotent. */
  admit(request: IncomingMessage): Verdict
  /** Whether a page that sends this request's `Origin` may use this server; also asked for CORS. */
  allowsOrigin(request: IncomingMessage): boolean
  /** Refuses everyone from now on. */
  close(): void
  /** Places taken. */
  readonly size: number
  /** Address groups that hold a place: never more than `size`. */
  readonly groups: number
}

export function createGate(config: Config): Gate {
  const proxies = proxyList(config.trustedProxies)
  const announced = config.announce.map((url) => new URL(url).origin)
  const origins = new Set([...config.origins, ...config.bootstraps, ...announced])
  const places = new Map<string, number>()
  let size = 0
  let closed = false

  function enter(group: string): () => void {
    size++
    places.set(group, (places.get(group) ?? 0) + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      size--
      const rest = (places.get(group) ?? 0) - 1
      if (rest > 0) places.set(group, rest)
      else places.delete(group)
    }
  }

  const gate: Gate = {
    admit(request) {
      if (closed) return refused('draining', 503, 'this server is about to stop; try another')
      if (request.url !== '/') return refused('path', 404, 'the WebSocket is at /')
      if (!gate.allowsOrigin(request)) return refused('origin', 403, 'pages of this origin may not connect')
      const address = clientAddress(request, proxies)
      const group = addressGroup(address)
      if (size >= config.maxConnections) return refused('full', 429, 'this server is full; try another')
      if ((places.get(group) ?? 0) >= config.maxConnectionsPerAddress) {
        return refused('address', 429, 'too many connections from this address')
      }
      return { type: 'admitted', address, leave: enter(group) }
    },
    allowsOrigin({ headers: { origin, host } }) {
      if (origin === undefined || origins.has('*') || origins.has(origin)) return true
      // The scheme is left out: behind a proxy that does TLS it is not the one seen here.
      return host !== undefined && URL.parse(origin)?.host === host.toLowerCase()
    },
    close: () => {
      closed = true
    },
    get size() {
      return size
    },
    get groups() {
      return places.size
    },
  }
  return gate
}

function refused(admission: Exclude<Admission, 'accepted'>, status: number, reason: string): Verdict {
  return { type: 'refused', admission, status, reason }
}
