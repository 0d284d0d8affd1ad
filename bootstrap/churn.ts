/**
 * The churn log: how long peers stay and how they go, as a trace that a simulation can be run on.
 *
 * Law: it is anonymous. There is no identity in it and no address, and nothing that tells whether two sessions are of
 * one peer; identities are kept in memory, for as long as their session lasts. It never disturbs service.
 *
 * A session is one peer's presence, and counts once it has asked to be introduced: who only passes through for a
 * handshake was never away. A connection that is replaced while it still seems open (a change of network) is one
 * session. A reload, which closes the old connection first, makes two: for those who held something for that peer
 * it was gone. Whoever hung up goes on unseen, and if it has to come back that is another session.
 *
 * The format: `# colonia-churn-trace/1`, then the names of the columns, then a line for each session when it ends.
 * Times are in seconds with one decimal, `start` is counted from the log's begin.
 */
import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { Appender } from './appender.ts'
import { NO_FILE } from './config.ts'
import type { Log } from './log.ts'
import type { Ending, Leave } from './metrics.ts'
import type { Socket } from './socket.ts'

/** About ten million sessions. */
export const MAX_BYTES = 256 * 1_048_576

const HEADER = ['# colonia-churn-trace/1', 'start,seconds,end'] as const

/** `hung-up`: it stands without the server and goes on. `open`: it was there when the log was closed. */
export type End = 'goodbye' | 'lost' | 'hung-up' | 'open'

export interface Churn {
  /** Begins the log. The sockets are those of the node's connections. */
  begin(node: Libp2p, sockets: ReadonlySet<Socket>): void
  /** That peer was introduced. */
  introduced(peer: PeerId): void
  /** That peer asked whether it may hang up. */
  left(answer: Leave, peer: PeerId): void
  /** Writes those who are there still, and ends the log. Idempotent. */
  close(): Promise<void>
}

interface Session {
  /** On `performance`'s clock, in milliseconds. */
  start: number
  connections: number
  counts: boolean
  mayHangUp: boolean
}

const nothing: Churn = { begin() {}, introduced() {}, left() {}, close: async () => {} }

/** @throws ColoniaError `bad-options` when the file cannot be written or is not empty. */
export async function openChurn(path: string, log: Log, maxBytes = MAX_BYTES): Promise<Churn> {
  if (path === NO_FILE) return nothing
  const file = await Appender.open(path, '--churn-log', maxBytes, (why) => {
    log.warn({ why }, 'the churn log ends here')
  })
  return createChurn(file)
}

function createChurn(file: Appender): Churn {
  /** At most as many as connections: the gate bounds these. */
  const sessions = new Map<string, Session>()
  let begun = 0
  let closed = false

  function write({ start, counts }: Session, end: End): void {
    if (counts) file.append(`${seconds(start - begun)},${seconds(performance.now() - start)},${end}`)
  }

  async function follow(id: string, socket: Socket): Promise<void> {
    const session = sessions.get(id) ?? {
      start: performance.now(),
      connections: 0,
      counts: false,
      mayHangUp: false,
    }
    sessions.set(id, session)
    session.connections += 1
    const ending = await socket.ended
    session.connections -= 1
    if (closed || session.connections > 0) return
    sessions.delete(id)
    write(session, endOf(ending, session.mayHangUp))
  }

  return {
    begin(node, sockets) {
      begun = performance.now()
      for (const line of HEADER) file.append(line)
      node.addEventListener('connection:open', ({ detail }) => {
        const socket = socketOf(detail, sockets)
        if (socket !== undefined && !closed) void follow(detail.remotePeer.toString(), socket)
      })
    },
    introduced(peer) {
      const session = sessions.get(peer.toString())
      if (session === undefined) return
      session.counts = true
      session.mayHangUp = false
    },
    left(answer, peer) {
      const session = sessions.get(peer.toString())
      if (session !== undefined && answer !== 'full') session.mayHangUp = answer === 'go'
    },
    async close() {
      if (!closed) for (const session of sessions.values()) write(session, 'open')
      closed = true
      sessions.clear()
      await file.close()
    },
  }
}

/** libp2p appends the PeerID to the address of the socket, and shows no other bond between the two. */
function socketOf({ remoteAddr }: Connection, sockets: ReadonlySet<Socket>): Socket | undefined {
  const address = remoteAddr.toString()
  for (const socket of sockets) if (address.startsWith(`${socket.remoteAddr}/p2p/`)) return socket
  return undefined
}

function endOf(ending: Ending, mayHangUp: boolean): End {
  switch (ending) {
    // Either side may be the first to close what is closed in order.
    case 'left':
    case 'closed':
      return mayHangUp ? 'hung-up' : 'goodbye'
    case 'draining':
      return 'open'
    default:
      return 'lost'
  }
}

function seconds(millis: number): string {
  return (millis / 1000).toFixed(1)
}
