/**
 * Closes the race in which @libp2p/webrtc loses dials between near peers.
 *
 * Its dialer opens a data channel `init`, waits for the connection, and then for the channel to open unless
 * it is open. The responder closes every `init` channel on sight. Between near peers the channel is often
 * open *and closed again* before the dialer looks; it then waits for an `open` that has already been, or for
 * a `close` that has already been, until the dial times out. Seen in 17 of 120 dials in Chromium with
 * @libp2p/webrtc 6.0.33; no released version mends it. Unnecessary once `initiateConnection` there no longer
 * waits for events of the `init` channel, or remembers them.
 *
 * The remedy: the dialer gets, in place of the channel, a stand-in that remembers. It is `open` from the
 * moment the channel was first open until the dialer closes it, and answers that with a `close` event even
 * if the channel has long been closed. A channel that closed with its connection fires `error`, which ends the dial.
 * Only channels labelled `init` and made without options are replaced; libp2p makes no other use of them than to wait
 * for those events.
 */
import { hasEnded } from './stillborn.ts'

const mended = new WeakSet<object>()

/** Installs the remedy on a class of peer connections, once. Must run before the first dial. */
export function mendInitChannel(connections: { prototype: RTCPeerConnection }): void {
  const { prototype } = connections
  if (mended.has(prototype)) return
  mended.add(prototype)
  const original = prototype.createDataChannel
  prototype.createDataChannel = function (this: RTCPeerConnection, label, options) {
    const channel = original.call(this, label, options)
    if (label !== 'init' || options !== undefined) return channel
    return new InitChannel(channel, this) as unknown as RTCDataChannel
  }
}

/** What a dial is refused with: libp2p passes the event on as the error. */
class Failed extends Event {
  override toString(): string {
    return 'the connection failed before it was there'
  }
}

/** The stand-in: what @libp2p/webrtc uses of a channel (`readyState`, `close()`, `open`, `close` and `error` events). */
export class InitChannel extends EventTarget {
  readonly #channel: RTCDataChannel
  #seen: 'connecting' | 'open' | 'closed'

  constructor(channel: RTCDataChannel, connection: Pick<RTCPeerConnection, 'connectionState'>) {
    super()
    this.#channel = channel
    this.#seen = channel.readyState === 'open' ? 'open' : 'connecting'
    channel.addEventListener('open', () => this.#open())
    // Open and closed before anyone looked: libp2p is told of the one when it asks, of the other on `close()`.
    channel.addEventListener('close', () => (hasEnded(connection) ? this.#fail() : this.#open()))
  }

  get readyState(): string {
    return this.#seen
  }

  close(): void {
    this.#seen = 'closed'
    const state = this.#channel.readyState
    // The channel's own `close` event may be past: libp2p listens for it only after this call.
    if (state === 'closed') queueMicrotask(() => this.dispatchEvent(new Event('close')))
    else {
      this.#channel.addEventListener('close', () => this.dispatchEvent(new Event('close')), { once: true })
      this.#channel.close()
    }
  }

  #fail(): void {
    if (this.#seen === 'connecting') this.dispatchEvent(new Failed('error'))
  }

  #open(): void {
    if (this.#seen !== 'connecting') return
    this.#seen = 'open'
    this.dispatchEvent(new Event('open'))
  }
}
