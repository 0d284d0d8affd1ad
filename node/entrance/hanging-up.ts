/**
 * Hanging up on an entrance: ask whether it is right, and then let go of it so that nobody falls.
 *
 * Law: what is relayed through the entrance ends first, be it the control path of a call or somebody's handshake.
 * libp2p takes back what makes it dial a relay again (a tag) when the connection closes, so closing is all there is.
 */
import type { AbortOptions, Connection } from '@libp2p/interface'
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

/** Resolves when nothing is relayed through `connection`. @throws the signal's reason */
export async function idle(connection: Connection, { signal }: AbortOptions): Promise<void> {
  while (true) {
    signal?.throwIfAborted()
    const stream = connection.streams.find(
      (each) => each.protocol.startsWith(RELAYED) && each.status === 'open',
    )
    if (stream === undefined) return
    await new Promise((resolve) => {
      stream.addEventListener('close', resolve, { once: true })
      signal?.addEventListener('abort', resolve, { once: true })
    })
  }
}

/** Closes it for good. */
export async function hangUp(connection: Connection): Promise<void> {
  await connection.close().catch((error: Error) => connection.abort(error))
}
