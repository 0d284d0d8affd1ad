/**
 * yamux, but for one thing: aborting it always ends it and never throws.
 *
 * libp2p's monitor aborts a connection that does not answer its pings, from a promise that nobody watches. If what the
 * muxer runs on is closing by then, as a handshake that others carry is from when the other side has closed until its
 * last bytes are out, yamux (8.0.3) cannot send its farewell and throws: the process ends, or in a page the connection
 * stays. Seen among twenty Node peers on a busy machine; akin to libp2p/js-libp2p#3415. Unnecessary once
 * `YamuxMuxer.abort` passes over a farewell that cannot be said.
 */
import type { MessageStream, StreamMuxerFactory } from '@libp2p/interface'
import { yamux } from '@libp2p/yamux'

export function calmYamux(): () => StreamMuxerFactory {
  return () => {
    const factory = yamux()()
    const createStreamMuxer = (over: MessageStream) => {
      const muxer = factory.createStreamMuxer(over)
      const abort = muxer.abort.bind(muxer)
      muxer.abort = (error) => {
        try {
          abort(error)
        } catch (cause) {
          over.log('nothing is left to say: %e', cause)
        }
      }
      return muxer
    }
    return Object.create(factory, { createStreamMuxer: { value: createStreamMuxer } })
  }
}
