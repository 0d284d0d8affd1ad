/**
 * Path statistics: whether a direct link goes through a TURN server, and its real round trip, from the candidate
 * pair that ICE chose.
 *
 * It depends on what nobody promises: libp2p keeps the transport's connection as `maConn` in its own, and
 * @libp2p/webrtc its RTCPeerConnection as `peerConnection` in that (libp2p 3.3, @libp2p/webrtc 6.0; both `private`
 * to TypeScript alone). Recording peer connections as they are made would need no names, but tells of none whose
 * it is. Where a name has changed a link is taken for direct, without a round trip but the one that libp2p pings;
 * test/node/path-stats.test.ts fails then.
 *
 * Of a relayed connection it says who carries it: the first relay that its address names.
 *
 * Law: whoever does not look costs nothing. A look gives what is known and asks anew behind it, at most once in a
 * while per connection.
 */
import type { Connection } from '@libp2p/interface'
import { CODE_P2P, CODE_P2P_CIRCUIT } from '@multiformats/multiaddr'
import type { PeerId } from '../peer-id.ts'

/** A look asks anew when what is known is older, in milliseconds: ICE itself measures every 2.5 to 5 s. */
const FRESH = 2_000

export interface Path {
  /** A TURN server carries it, on this side or on the other. */
  readonly turn: boolean
  /** Round trip in milliseconds, not rounded. */
  readonly rtt?: number
}

/** What a `Link` says of its way. */
export interface WayView {
  readonly turn: boolean
  readonly rtt?: number
  readonly via?: PeerId
}

export function wayView(connection: Connection, direct: boolean): WayView {
  if (!direct) {
    const via = relayOf(connection)
    return via === undefined ? { turn: false } : { turn: false, via }
  }
  const { turn, rtt = connection.rtt } = pathOf(connection)
  return rtt === undefined ? { turn } : { turn, rtt: Math.round(rtt) }
}

/** The neighbour through which `connection` leaves, if it is relayed. */
export function relayOf({ remoteAddr }: Connection): PeerId | undefined {
  const parts = remoteAddr.getComponents()
  const circuit = parts.findIndex(({ code }) => code === CODE_P2P_CIRCUIT)
  return parts.slice(0, Math.max(0, circuit)).find(({ code }) => code === CODE_P2P)?.value
}

const UNKNOWN: Path = { turn: false }
const known = new WeakMap<Connection, { at: number; path: Path }>()

/** What is known by now of the path of a direct `connection`; at the first look nothing is. */
export function pathOf(connection: Connection): Path {
  const last = known.get(connection)
  if (last === undefined || performance.now() - last.at > FRESH) void lookAt(connection)
  return last?.path ?? UNKNOWN
}

/** Asks anew. Never rejects: what cannot be seen stays as it was. */
export async function lookAt(connection: Connection): Promise<Path> {
  const before = known.get(connection)?.path ?? UNKNOWN
  known.set(connection, { at: performance.now(), path: before })
  const report = await peerConnectionOf(connection)
    ?.getStats()
    .catch(() => undefined)
  const path = (report === undefined ? undefined : readPath(report)) ?? before
  known.set(connection, { at: performance.now(), path })
  return path
}

/** The RTCPeerConnection under `connection`, if it can be seen. */
export function peerConnectionOf(connection: Connection): RTCPeerConnection | undefined {
  const { maConn } = connection as { maConn?: { peerConnection?: RTCPeerConnection } }
  const found = maConn?.peerConnection
  return typeof found?.getStats === 'function' ? found : undefined
}

/** How round trips are counted: in seconds, as the standard says; by node-datachannel 0.33 in milliseconds. */
const MILLIS = 'RTCPeerConnection' in globalThis ? 1000 : 1

/** The path of the pair that ICE chose; nothing while it has chosen none. `millis`: what its unit of time is. */
export function readPath(report: RTCStatsReport, millis = MILLIS): Path | undefined {
  const stats = [...report.values()]
  const transport = stats.find(
    ({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId,
  )
  // Firefox has no transport here, and says of the pair itself that it is the one.
  const pair =
    report.get(transport?.selectedCandidatePairId ?? '') ??
    stats.find(({ type, selected }) => type === 'candidate-pair' && selected)
  if (pair === undefined) return undefined
  const ends = [pair.localCandidateId, pair.remoteCandidateId].map((id) => report.get(id)?.candidateType)
  const turn = ends.some((type) => /^relay/.test(type ?? ''))
  const time = pair.currentRoundTripTime
  return time > 0 ? { turn, rtt: time * millis } : { turn }
}
