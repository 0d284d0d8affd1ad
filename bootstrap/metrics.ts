/**
 * What is counted, as Prometheus reads it. Every label is one of a few words written here, so the number of
 * series is bounded whatever clients send.
 */
import { Counter, Gauge, Registry } from 'prom-client'
import type { Reason } from '#node/registration/envelope'

/** How an upgrade request ended. */
export type Admission = 'accepted' | 'origin' | 'path' | 'full' | 'address' | 'draining'
/** Why a socket closed. `left` is every close that a client began, or brought about by a flood of pings. */
export type Ending =
  | 'left'
  | 'vanished' // without a close frame
  | 'handshake' // not done in time
  | 'breach' // of WebSocket, Noise or the muxer
  | 'text' // a text frame
  | 'silence' // dead
  | 'slow' // did not take what was sent
  | 'closed' // by libp2p: a newer connection, a limit
  | 'draining'
/** How a request for an introduction ended. */
export type Outcome = 'introduced' | 'version' | 'full' | 'draining' | 'breach'
/** How a request to hang up was answered. */
export type Leave = 'stay' | 'go' | 'full'
export type Route = 'page' | 'introduction' | 'healthz' | 'readyz' | 'metrics' | 'none'

export interface Metrics {
  readonly registry: Registry
  admitted(admission: Admission): void
  ended(ending: Ending): void
  introduced(outcome: Outcome): void
  left(answer: Leave): void
  requested(route: Route, status: number): void
  /** A registration for the DHT was refused. */
  refused(reason: Reason): void
}

/** `gauges` are read when `/metrics` is. */
export function createMetrics(gauges: {
  connections(): number
  reservations(): number
  peers(): number
  anchors(): number
  registrations(): number
}): Metrics {
  // A registry of its own, so that several bootstraps can live in one process.
  const registry = new Registry()
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })

  gauge('colonia_connections', 'WebSockets that are open', gauges.connections)
  gauge('colonia_reservations', 'Peers that can be reached through the relay', gauges.reservations)
  gauge('colonia_peers', 'Peers that can be introduced', gauges.peers)
  gauge('colonia_anchors', 'Peers that were asked to stay connected', gauges.anchors)
  gauge('colonia_registrations', 'Registrations of peers that are kept', gauges.registrations)
  const upgrades = counter('colonia_upgrades_total', 'Requests for a WebSocket', ['admission'])
  const endings = counter('colonia_endings_total', 'WebSockets that closed', ['ending'])
  const introductions = counter('colonia_introductions_total', 'Requests to be introduced', ['outcome'])
  const leaves = counter('colonia_leaves_total', 'Requests to hang up', ['answer'])
  const requests = counter('colonia_http_requests_total', 'HTTP requests', ['route', 'status'])

  const refusals = counter('colonia_registrations_refused_total', 'Registrations that were refused', [
    'reason',
  ])

  return {
    registry,
    admitted: (admission) => upgrades.inc({ admission }),
    ended: (ending) => endings.inc({ ending }),
    introduced: (outcome) => introductions.inc({ outcome }),
    left: (answer) => leaves.inc({ answer }),
    refused: (reason) => refusals.inc({ reason }),
    requested: (route, status) => requests.inc({ route, status: `${Math.floor(status / 100)}xx` }),
  }
}
