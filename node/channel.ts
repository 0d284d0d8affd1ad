/**
 * A libp2p stream that carries messages of one family: each is a varint length and that many bytes of
 * MessagePack. Everything read has been through the family's door.
 */
import type { AbortOptions, Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { type Door, type Unknown, WireError } from '#protocols/wire/index'

export interface Channel<Message> {
  /** Resolves once the message is handed to the stream. @throws when the stream is closed, or WireError. */
  send(message: Message, options?: AbortOptions): Promise<void>
  /** The same for several in one write, which the connection below encrypts and sends as one. */
  sendAll(messages: readonly Message[], options?: AbortOptions): Promise<void>
  /** The next message. @throws WireError when the peer breaks the protocol (the stream is aborted first), or when the stream ends. */
  receive(options?: AbortOptions): Promise<Message | Unknown>
  /** Messages until the other side closes; a stream that ends is an end, a broken protocol is thrown. */
  messages(options?: AbortOptions): AsyncGenerator<Message | Unknown>
  readonly stream: Stream
  /** The bare stream, with all that has come and was not read; this channel is of no use after that. */
  unwrap(): Stream
}

export function openChannel<Message extends { type: string }>(
  stream: Stream,
  door: Door<Message>,
): Channel<Message> {
  const framed = lpStream(stream, {
    maxDataLength: door.maxBytes,
    maxLengthLength: 4,
  })

  async function receive(options?: AbortOptions): Promise<Message | Unknown> {
    try {
      return door.decode((await framed.read(options)).subarray())
    } catch (error) {
      throw breach(error)
    }
  }

  /** A breach of the protocol aborts the stream; other errors are the stream's own. */
  function breach(error: unknown): unknown {
    const named = error as Error
    const broken =
      named.name === 'InvalidDataLengthError' || named.name === 'InvalidDataLengthLengthError'
        ? new WireError('too-long', named.message, { cause: error })
        : error
    if (broken instanceof WireError) stream.abort(broken)
    return broken
  }

  return {
    stream,
    unwrap: () => framed.unwrap(),
    send: (message, options) => framed.write(door.encode(message), options),
    sendAll: async (messages, options) => await framed.writeV(messages.map(door.encode), options),
    receive,
    async *messages(options) {
      while (true) {
        let message: Message | Unknown
        try {
          message = await receive(options)
        } catch (error) {
          if (error instanceof WireError) throw error
          options?.signal?.throwIfAborted()
          return
        }
        yield message
      }
    },
  }
}
