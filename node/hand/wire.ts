/**
 * A data channel as the raw connection that libp2p's upgrader takes: noise and yamux run over it as over a socket.
 *
 * Law: it lives as long as the RTCPeerConnection does, and ends it. `disconnected` may pass; `failed` does not.
 */
import type { Logger } from '@libp2p/interface'
import { AbstractMultiaddrConnection } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '../peer-id.ts'

/** The largest message that every browser takes: https://www.rfc-editor.org/rfc/rfc8831#section-6.6 */
const MAX_MESSAGE = 16_384
/** Bytes that may wait in the channel before who writes has to wait; some 200 ms at 10 Mbit/s (guess). */
const HIGH_WATER = 262_144
const LOW_WATER = 65_536
/** How long last words may take to go out, in milliseconds. */
const FLUSH = 1_000

export interface WireInit {
  connection: RTCPeerConnection
  channel: RTCDataChannel
  /** Who must be at the other end: the upgrader sees to it. */
  peer: PeerId
  direction: 'inbound' | 'outbound'
  log: Logger
}

export class Wire extends AbstractMultiaddrConnection {
  readonly #connection: RTCPeerConnection
  readonly #channel: RTCDataChannel

  constructor({ connection, channel, peer, direction, log }: WireInit) {
    // The address that libp2p's own WebRTC gives to a peer without one.
    super({ remoteAddr: multiaddr(`/webrtc/p2p/${peer}`), direction, log, maxMessageSize: MAX_MESSAGE })
    this.#connection = connection
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = LOW_WATER
    channel.addEventListener('bufferedamountlow', () => this.#drain())
    channel.addEventListener('open', () => this.#drain())
    channel.addEventListener('message', (event) => this.receive(event))
    channel.addEventListener('close', () => this.#ended())
    connection.addEventListener('connectionstatechange', () => {
      const { connectionState } = connection
      if (connectionState === 'failed' || connectionState === 'closed') this.#ended()
    })
  }

  receive({ data }: MessageEvent): void {
    if (data instanceof ArrayBuffer) this.onData(new Uint8Array(data))
    else this.abort(new Error('a message that is not binary'))
  }

  override sendData(data: Parameters<AbstractMultiaddrConnection['sendData']>[0]) {
    if (this.#channel.readyState !== 'open') return { sentBytes: 0, canSendMore: false }
    try {
      this.#channel.send(Uint8Array.from(data.subarray()))
      return { sentBytes: data.byteLength, canSendMore: this.#channel.bufferedAmount < HIGH_WATER }
    } catch {
      // Closed, and not said yet: node-datachannel says so later. Who writes a last word need not fail for it.
      queueMicrotask(() => this.#ended())
      return { sentBytes: 0, canSendMore: false }
    }
  }

  /** Closing the channel lets what is in it go out first; closing the connection does not. */
  override async sendClose(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#channel.readyState === 'closed') return resolve()
      const timer = setTimeout(resolve, FLUSH)
      this.#channel.addEventListener(
        'close',
        () => {
          clearTimeout(timer)
          resolve()
        },
        { once: true },
      )
      this.#channel.close()
    })
    this.#connection.close()
  }

  override sendReset(): void {
    this.#connection.close()
  }

  // A data channel cannot be paused; libp2p bounds what is read and not taken.
  override sendPause(): void {}
  override sendResume(): void {}

  #drain(): void {
    if (this.writableNeedsDrain) this.safeDispatchEvent('drain')
  }

  #ended(): void {
    if (this.status === 'open') this.onTransportClosed()
    this.#connection.close()
  }
}
