/**
 * The wire as a bench wants it: every data channel of this process hears its messages a while later, as if the
 * others were further away, and what goes out on contingency streams is counted and looked at.
 *
 * It must be in place before libp2p is loaded. Delaying what is heard, and not what is sent, leaves the messages
 * of a process that is stopped on their way, where those of a crashed machine would be. All that a channel or a
 * connection tells is delayed alike, so that it comes in order. Pings are echoed on a channel of our own, on the
 * same connection and with the same delay, and meet no protocol of libp2p.
 */
import { decode } from '@msgpack/msgpack'
import { RTCDataChannel, RTCPeerConnection } from 'node-datachannel/polyfill'

export interface Wire {
  /** Bytes sent on contingency streams so far, their framing and negotiation included. */
  readonly sent: number
  /** Of these, what was said of each owner's state, beats left out. */
  readonly sentOf: ReadonlyMap<string, number>
  /** Round trips of one ping on each connection that answers, in milliseconds. */
  ping(): Promise<number[]>
}

const PROTOCOL = '/colonia/contingency/1'
/** Of the channel for pings, agreed on by both ends; libp2p's have smaller ones. */
const PING_ID = 1_022
/** Milliseconds; a hundred times what is usual. */
const PING_PATIENCE = 2_000

/** What went out on one channel, until it is known not to be one of contingency. */
interface Outgoing {
  contingency: boolean | undefined
  bytes: number
  /** libp2p's frames, and the messages inside. */
  outer: Frames
  inner: Frames
}

/** @param owd one way, in milliseconds; `onProbe` is called when a holder asks whether others hear the writer */
export function lengthenWire({ owd, onProbe }: { owd: number; onProbe: () => void }): Wire {
  const all = new WeakMap<RTCDataChannel, Outgoing>()
  const pings = new Set<RTCDataChannel>()
  const sentOf = new Map<string, number>()
  let sent = 0

  function look(channel: RTCDataChannel, data: Uint8Array): void {
    const fresh = { contingency: undefined, bytes: 0, outer: new Frames(), inner: new Frames() }
    const outgoing: Outgoing = all.get(channel) ?? fresh
    all.set(channel, outgoing)
    if (outgoing.contingency === false) return
    outgoing.bytes += data.byteLength
    for (const frame of outgoing.outer.push(data).flatMap((frame) => outgoing.inner.push(payloadOf(frame)))) {
      if (frame[0] !== SLASH) said(frame)
      else if (frame.includes('/colonia/') || frame.includes('/ipfs/')) {
        outgoing.contingency = frame.includes(PROTOCOL)
      }
    }
    if (!outgoing.contingency) return
    sent += outgoing.bytes
    outgoing.bytes = 0
  }

  function said(frame: Buffer): void {
    const { type, owner } = decode(frame) as { type: string; owner?: string }
    if (type === 'probe') onProbe()
    if (owner !== undefined && type !== 'beat')
      sentOf.set(owner, (sentOf.get(owner) ?? 0) + frame.byteLength + FRAMING)
  }

  const send = RTCDataChannel.prototype.send
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: Uint8Array) {
    if (!pings.has(this)) look(this, data)
    send.call(this, data as never)
  } as typeof send
  for (const { prototype } of [RTCDataChannel, RTCPeerConnection]) {
    const dispatch = prototype.dispatchEvent
    prototype.dispatchEvent = function (this: EventTarget, event: Event) {
      if (owd === 0 || !DELAYED.includes(event.type)) return dispatch.call(this, event)
      setTimeout(() => dispatch.call(this, event), owd)
      return true
    }
  }
  onConnected((connection) => {
    const options = { negotiated: true, id: PING_ID } as RTCDataChannelInit
    const channel = connection.createDataChannel('ping', options) as unknown as RTCDataChannel
    channel.binaryType = 'arraybuffer'
    pings.add(channel)
    channel.addEventListener('close', () => pings.delete(channel))
    channel.addEventListener('message', (event) => {
      const { data } = event as MessageEvent<ArrayBuffer>
      const [kind, number] = new Uint8Array(data)
      if (kind === 0) channel.send(Uint8Array.of(1, number ?? 0) as never)
    })
  })

  return {
    get sent() {
      return sent
    },
    sentOf,
    async ping() {
      const open = [...pings].filter(({ readyState }) => readyState === 'open')
      return (await Promise.all(open.map(ping))).filter((rtt) => rtt !== undefined)
    },
  }
}

/** What is heard from the other side. */
const DELAYED = ['message', 'close', 'connectionstatechange', 'iceconnectionstatechange']

/** What a stream adds to a message: its length, and tag and two lengths of libp2p's frame. */
const FRAMING = 8
/** Names of protocols begin with one, and messages do not. */
const SLASH = 0x2f

/** The data in one of libp2p's frames, a protobuf whose field 2 it is. A flag has none. */
function payloadOf(frame: Buffer): Buffer {
  const field = frame[0] === 0x12 ? varint(frame, 1) : undefined
  return field === undefined ? Buffer.alloc(0) : frame.subarray(field.end, field.end + field.value)
}

/** Cuts bytes that come in pieces into frames, each behind its length. */
class Frames {
  #rest = Buffer.alloc(0)

  push(data: Uint8Array): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, data])
    const frames: Buffer[] = []
    while (true) {
      const length = varint(this.#rest, 0)
      if (length === undefined || this.#rest.byteLength < length.end + length.value) return frames
      frames.push(this.#rest.subarray(length.end, length.end + length.value))
      this.#rest = this.#rest.subarray(length.end + length.value)
    }
  }
}

function varint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0
  for (let at = start; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * (at - start))
    if (byte < 0x80) return { value, end: at + 1 }
  }
  return undefined
}

let pinged = 0

/** `undefined` when there is no answer: the other side has gone. */
function ping(channel: RTCDataChannel): Promise<number | undefined> {
  pinged = (pinged + 1) % 256
  const number = pinged
  const begun = performance.now()
  return new Promise((resolve) => {
    const end = (rtt?: number) => {
      clearTimeout(timer)
      channel.removeEventListener('message', hear)
      resolve(rtt)
    }
    const timer = setTimeout(end, PING_PATIENCE)
    const hear = (event: Event) => {
      const [kind, echoed] = new Uint8Array((event as MessageEvent<ArrayBuffer>).data)
      if (kind === 1 && echoed === number) end(performance.now() - begun)
    }
    channel.addEventListener('message', hear)
    try {
      channel.send(Uint8Array.of(0, number) as never)
    } catch {
      // It closed, and we hear of that later.
      end()
    }
  })
}

/** Calls back once for each connection, when it has come about. */
function onConnected(callback: (connection: RTCPeerConnection) => void): void {
  const known = new WeakSet<RTCPeerConnection>()
  const create = RTCPeerConnection.prototype.createDataChannel
  const set = RTCPeerConnection.prototype.setRemoteDescription
  RTCPeerConnection.prototype.setRemoteDescription = function (
    this: RTCPeerConnection,
    ...args: Parameters<typeof set>
  ) {
    if (!known.has(this)) {
      known.add(this)
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState !== 'connected') return
        const plain = Object.create(this, { createDataChannel: { value: create.bind(this) } })
        callback(plain)
      })
    }
    return set.apply(this, args)
  }
}
