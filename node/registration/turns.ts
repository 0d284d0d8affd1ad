/**
 * Turns: requests of kad-dht to a peer follow each other on streams that stay open.
 *
 * kad-dht opens a stream for every request, and over WebRTC a stream is a data channel and a negotiation: 4.4 ms of a
 * processor in all, where a request on a stream that is there takes 0.5 (measured, both sides in one process), and in
 * Node six kilobytes that stay (`link/closed-channels.ts`). Its other side answers any number of requests on one.
 *
 * Law: a stream has one request at a time, and goes on only after a whole answer. One that failed, was given up or left
 * something unread is closed, so that no answer is ever taken for that to another question.
 */
import type { Connection, Stream } from '@libp2p/interface'
import { AbstractStream, type SendResult } from '@libp2p/utils'
import type { Millis } from '#protocols/machine'
import { type Clock, systemClock } from '../driver.ts'

/** How long a stream on a link waits for its next request, in milliseconds (guess). */
export const IDLE: Millis = 300_000
/** On a connection that others carry, which ends when it is of no use. */
export const IDLE_CARRIED: Millis = 1_000
/** How long whoever answers waits for the next request: longer, so that it is not gone when that comes. */
export const AWAIT: Millis = 2 * IDLE

export interface TurnsInit {
  protocol: string
  /** Streams of one connection that wait; look-ups that ask it at once beyond that make their own. */
  most: number
  clock?: Clock
}

interface Waiting {
  stream: Stream
  /** It is no longer there to be used. */
  leave: () => void
}

export class Turns {
  readonly #protocol: string
  readonly #most: number
  readonly #clock: Clock
  readonly #waiting = new WeakMap<Connection, Waiting[]>()

  constructor({ protocol, most, clock = systemClock }: TurnsInit) {
    this.#protocol = protocol
    this.#most = most
    this.#clock = clock
  }

  /** A stream for one request and its answer. */
  async open(connection: Connection, options: { signal?: AbortSignal }): Promise<Stream> {
    const waiting = this.#of(connection).at(-1)
    waiting?.leave()
    const stream =
      waiting?.stream ??
      (await connection.newStream(this.#protocol, { ...options, runOnLimitedConnection: true }))
    return new Turn(stream, () => this.#giveBack(connection, stream))
  }

  #of(connection: Connection): Waiting[] {
    let all = this.#waiting.get(connection)
    if (all === undefined) {
      all = []
      this.#waiting.set(connection, all)
    }
    return all
  }

  #giveBack(connection: Connection, stream: Stream): void {
    const all = this.#of(connection)
    if (all.length >= this.#most) return close(stream)
    const leave = () => {
      cancel()
      stream.removeEventListener('close', leave)
      stream.removeEventListener('remoteCloseWrite', ended)
      stream.removeEventListener('message', broken)
      const at = all.indexOf(waiting)
      if (at >= 0) all.splice(at, 1)
    }
    const ended = () => {
      leave()
      close(stream)
    }
    const broken = () => {
      leave()
      stream.abort(new Error('an answer that nobody asked for'))
    }
    const waiting: Waiting = { stream, leave }
    const idle = connection.limits === undefined ? IDLE : IDLE_CARRIED
    const cancel = this.#clock.after(idle, ended)
    stream.addEventListener('close', leave)
    stream.addEventListener('remoteCloseWrite', ended)
    stream.addEventListener('message', broken)
    all.push(waiting)
  }
}

/** One request and its answer on a stream that goes on after them. */
class Turn extends AbstractStream {
  readonly #stream: Stream
  readonly #over: () => void
  #answered = false
  readonly #closed = ({ error }: { error?: Error }) => this.onTransportClosed(error)
  readonly #ended = () => this.onRemoteCloseWrite()
  readonly #heard = ({ data }: { data: Parameters<Stream['send']>[0] }) => {
    this.#answered = true
    this.onData(data)
  }
  readonly #drained = () => this.safeDispatchEvent('drain')

  constructor(stream: Stream, over: () => void) {
    const { id, log, protocol, direction } = stream
    super({ id, log, protocol, direction, maxReadBufferLength: MAX_ANSWER })
    this.#stream = stream
    this.#over = over
    stream.addEventListener('close', this.#closed)
    stream.addEventListener('remoteCloseWrite', this.#ended)
    stream.addEventListener('message', this.#heard)
    stream.addEventListener('drain', this.#drained)
  }

  override sendData(data: Parameters<Stream['send']>[0] & { byteLength: number }): SendResult {
    return { sentBytes: data.byteLength, canSendMore: this.#stream.send(data) }
  }

  override async sendCloseWrite(): Promise<void> {
    this.#leave()
    const whole = this.#answered && this.readBuffer.byteLength === 0 && this.status === 'open'
    if (whole && this.#stream.status === 'open' && this.remoteWriteStatus === 'writable') this.#over()
    else close(this.#stream)
    this.onRemoteCloseWrite()
  }

  override async sendCloseRead(): Promise<void> {}

  override sendReset(error: Error): void {
    this.#leave()
    this.#stream.abort(error)
  }

  override sendPause(): void {
    this.#stream.pause()
  }

  override sendResume(): void {
    this.#stream.resume()
  }

  #leave(): void {
    this.#stream.removeEventListener('close', this.#closed)
    this.#stream.removeEventListener('remoteCloseWrite', this.#ended)
    this.#stream.removeEventListener('message', this.#heard)
    this.#stream.removeEventListener('drain', this.#drained)
  }
}

/** Bytes of an answer that are kept while nobody reads them, as kad-dht's own messages are far below. */
const MAX_ANSWER = 65_536

function close(stream: Stream): void {
  void stream.close().catch((error: Error) => stream.abort(error))
}
