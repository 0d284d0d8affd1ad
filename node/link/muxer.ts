/**
 * yamux, but for three things. Two of them end a process when what it runs on is closing: here aborting it always ends it
 * and never throws, and a stream that is begun then ends and throws nothing either. And it talks too much: here a receiver
 * makes its window known again when half of it is used up.
 *
 * libp2p's monitor aborts a connection that does not answer its pings, from a promise that nobody watches. If what the
 * muxer runs on is closing by then, as a handshake that others carry is from when the other side has closed until its
 * last bytes are out, yamux (8.0.3) cannot send its farewell and throws: the process ends, or in a page the connection
 * stays. Seen among twenty Node peers on a busy machine; akin to libp2p/js-libp2p#3415. And it says that a stream begins
 * from a microtask, whose error nobody can catch: one of a hundred Node peers ended so when its bootstrap was killed.
 * Unnecessary once `YamuxMuxer` passes over what cannot be said.
 *
 * It answers each frame of data with one that says how wide the window is, so that a beat of a few bytes costs both sides
 * two frames and not one. Half the window is when others say it (hashicorp/yamux; libp2p/rust-yamux#109, which measured
 * that a sender is not held up by that).
 */
import type { MessageStream, Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { type YamuxMuxerInit, yamux } from '@libp2p/yamux'

/** What yamux has of streams and does not tell of. */
interface Beginning extends Stream {
  readonly state: number
  /** The window, and what is left of it, in bytes. */
  readonly recvWindow: number
  readonly recvWindowCapacity: number
  sendWindowUpdate(): void
  onTransportClosed(error: Error): void
}

interface Muxer extends StreamMuxer {
  /** Of either side's. */
  _newStream(...options: unknown[]): Beginning
}

/** States in which an update of the window says that a stream begins: yamux's `Init` and `SYNReceived`. */
const BEGINS = [0, 2]

export function calmYamux(init?: YamuxMuxerInit): () => StreamMuxerFactory {
  return () => {
    const factory = yamux(init)()
    const createStreamMuxer = (over: MessageStream) => {
      const muxer = factory.createStreamMuxer(over) as unknown as Muxer
      const abort = muxer.abort.bind(muxer)
      muxer.abort = (error) => {
        try {
          abort(error)
        } catch (cause) {
          over.log('nothing is left to say: %e', cause)
        }
      }
      const begin = muxer._newStream.bind(muxer)
      muxer._newStream = (...options) => calm(begin(...options))
      return muxer
    }
    return Object.create(factory, { createStreamMuxer: { value: createStreamMuxer } })
  }
}

/** The same stream, of which the beginning is said or which ends, and which is brief. */
function calm(stream: Beginning): Beginning {
  const update = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    const { state, recvWindow, recvWindowCapacity } = stream
    if (!BEGINS.includes(state) && recvWindowCapacity > recvWindow / 2) return
    try {
      update()
    } catch (cause) {
      stream.onTransportClosed(cause as Error)
    }
  }
  return stream
}
