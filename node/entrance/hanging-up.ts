/**
 * Hanging up on an entrance: ask whether it is right, and then let go of it so that nobody falls.
 *
 * Law: what is relayed through the entrance ends first, be it the control path of a call or somebody's handshake.
 * libp2p takes back what makes it dial a relay again (a tag) when the connection closes, so closing is all there is.
 */
import type { AbortOptions, Connection, Libp2p, Stream } from '@libp2p/interface'
import { wire } from '#protocols/introduction/index'
import { openChannel } from '../channel.ts'

/** Streams by which a relay is asked for something, and brings somebody (circuit relay v2). */
export const RELAYED = '/libp2p/circuit/relay/'

/** @returns how long to stay, in milliseconds, or `go`; a refusal or nonsense is thrown. */
export async function askToLeave(connection: Connection, signal: AbortSignal): Promise<number | 'go'> {
  const stream = await connection.newStream(wire.protocol, { signal })
  const channel = openChannel(stream, wire)
  await channel.send({ type: 'leave' }, { signal })
  const reply = await channel.receive({ signal })
  void stream.close({ signal }).catch((error: Error) => stream.abort(error))
  if (reply.type === 'go') return 'go'
  if (reply.type === 'stay') return reply.millis
  throw new Error(`asked to leave, the bootstrap answered with "${reply.type}"`)
}

/**
 * Resolves when nothing is said through the relay behind `connection`, and no handshake is under way. A relayed
 * connection on which there is no stream is nobody's loss. @throws the signal's reason
 */
export async function idle(libp2p: Libp2p, connection: Connection, { signal }: AbortOptions): Promise<void> {
  const relay = `/p2p/${connection.remotePeer}/p2p-circuit`
  while (true) {
    signal?.throwIfAborted()
    const carriers = connection.streams.filter((each) => each.protocol.startsWith(RELAYED) && isOpen(each))
    const relayed = libp2p.getConnections().filter(({ remoteAddr }) => remoteAddr.toString().includes(relay))
    const busy = relayed.flatMap(({ streams }) => streams).filter(isOpen)
    if (busy.length === 0 && carriers.length <= relayed.length) return
    await next(libp2p, [...busy, ...carriers], signal)
  }
}

/** Resolves when one of `streams` closes, a connection opens, or the signal fires. */
function next(libp2p: Libp2p, streams: readonly Stream[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController()
    const once = { once: true, signal: over.signal }
    const happened = () => {
      over.abort()
      resolve()
    }
    for (const stream of streams) stream.addEventListener('close', happened, once)
    libp2p.addEventListener('connection:open', happened, once)
    signal?.addEventListener('abort', happened, once)
  })
}

function isOpen({ status }: Stream): boolean {
  return status === 'open'
}

/** Closes it for good. */
export async function hangUp(connection: Connection): Promise<void> {
  await connection.close().catch((error: Error) => connection.abort(error))
}
