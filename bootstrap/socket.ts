/**
 * One WebSocket as libp2p sees it, with what Gorilla's `websocket` gives a Go server: ping and read deadline,
 * write deadline, a bound on what waits for a slow consumer, and close codes that mean what RFC 6455 says.
 *
 * Law: every socket ends for exactly one of the reasons in `Ending`. A peer that can still be told is told by
 * a close code; one that is dead or does not read is cut, because a close frame would wait behind the very
 * bytes that it does not take (it sees 1006, which means that no close frame came).
 *
 * Browsers answer pings in their network stack, without the page: a hidden tab whose timers fire once a
 * minute, or not at all, is as alive here as any other (seen in Chromium 156 with a frozen page).
 */
import { AbstractMultiaddrConnection, type AbstractMultiaddrConnectionInit } from '@libp2p/utils'
import type { RawData, WebSocket } from 'ws'
import type { Config } from './config.ts'
import type { Ending } from './metrics.ts'

/** Close codes that are sent from here. 1009 (too big), 1002 and 1007 for bad frames come from `ws` itself. */
export const CLOSE = { normal: 1000, goingAway: 1001, breach: 1002, unsupported: 1003, policy: 1008 } as const

type Chunks = Parameters<AbstractMultiaddrConnection['sendData']>[0]
type Limits = Pick<Config, 'pingSeconds' | 'silenceSeconds' | 'writeSeconds' | 'maxBufferedBytes'>

export interface SocketInit extends AbstractMultiaddrConnectionInit {
  websocket: WebSocket
  limits: Limits
}

export class Socket extends AbstractMultiaddrConnection {
  /** Resolves once, when the WebSocket is closed and all timers are cleared. */
  readonly ended: Promise<Ending>
  readonly #websocket: WebSocket
  readonly #limits: Limits
  readonly #pinging: NodeJS.Timeout
  readonly #silence: NodeJS.Timeout
  #writing: NodeJS.Timeout | undefined
  #unwritten = 0
  #ending: Ending | undefined

  constructor(init: SocketInit) {
    const half = init.limits.maxBufferedBytes / 2
    super({ ...init, maxReadBufferLength: half, maxWriteBufferLength: half })
    this.#websocket = init.websocket
    this.#limits = init.limits
    this.#pinging = setInterval(() => this.#ping(), init.limits.pingSeconds * 1000)
    this.#silence = setTimeout(() => this.cut('silence'), init.limits.silenceSeconds * 1000)

    // Any frame is a sign of life. `ws` bounds the answers to a flood of pings itself.
    const heard = () => this.#silence.refresh()
    this.#websocket.on('ping', heard).on('pong', heard)
    this.#websocket.on('message', (data, isBinary) => this.#onMessage(data, isBinary))
    // `ws` closes by itself, with the code that the error deserves.
    this.#websocket.on('error', () => {
      this.#ending ??= 'breach'
    })
    const { promise, resolve } = Promise.withResolvers<Ending>()
    this.ended = promise
    this.#websocket.on('close', (code) => {
      clearInterval(this.#pinging)
      clearTimeout(this.#silence)
      clearTimeout(this.#writing)
      resolve(this.#ending ?? (code === 1006 ? 'vanished' : 'left'))
      if (this.status !== 'open' && this.status !== 'closing') return
      if (code === 1006) this.onRemoteReset()
      else this.onTransportClosed()
    })
  }

  /** Says goodbye: sends a close frame and waits, for a bounded time, for the answer. */
  end(code: number, reason: string, ending: Ending): void {
    this.#ending ??= ending
    this.#websocket.close(code, reason)
  }

  /** Drops the connection without a word. */
  cut(ending: Ending): void {
    this.#ending ??= ending
    this.#websocket.terminate()
  }

  sendData(data: Chunks): { sentBytes: number; canSendMore: boolean } {
    const sentBytes = data.byteLength
    this.#unwritten++
    this.#writing ??= setTimeout(() => this.cut('slow'), this.#limits.writeSeconds * 1000)
    this.#websocket.send(data.subarray(), { binary: true }, () => this.#onWritten())
    return { sentBytes, canSendMore: this.#websocket.bufferedAmount < this.#limits.maxBufferedBytes / 2 }
  }

  async sendClose(): Promise<void> {
    this.end(CLOSE.normal, '', 'closed')
  }

  /** libp2p gave up this connection: for a breach of Noise or the muxer, or because too much waits. */
  sendReset(error: Error): void {
    if (error.name === 'StreamBufferError') this.cut('slow')
    else this.end(CLOSE.breach, 'broken protocol', 'breach')
  }

  sendPause(): void {
    this.#websocket.pause()
  }

  sendResume(): void {
    this.#websocket.resume()
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#ending !== undefined) return
    this.#silence.refresh()
    if (!isBinary) return this.end(CLOSE.unsupported, 'binary frames only', 'text')
    // `binaryType` is left at its default, under which `ws` gives one Buffer for each message.
    const { buffer, byteOffset, byteLength } = data as Buffer
    this.onData(new Uint8Array(buffer, byteOffset, byteLength))
  }

  #ping(): void {
    // While we do not read, no answer can arrive: waiting is ours, not theirs.
    if (this.#websocket.isPaused) this.#silence.refresh()
    if (this.#websocket.readyState === this.#websocket.OPEN) this.#websocket.ping()
  }

  #onWritten(): void {
    this.#unwritten--
    if (this.#unwritten === 0) {
      clearTimeout(this.#writing)
      this.#writing = undefined
    } else {
      this.#writing?.refresh()
    }
    if (this.writableNeedsDrain && this.#websocket.bufferedAmount < this.#limits.maxBufferedBytes / 4) {
      this.safeDispatchEvent('drain')
    }
  }
}
