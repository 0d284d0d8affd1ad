/**
 * The real driver of contingency between libp2p nodes on loopback, without WebRTC: a house that is honest, and
 * strangers who say what they like.
 */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey, Libp2p, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { encode } from '@msgpack/msgpack'
import { createLibp2p } from 'libp2p'
import { onTestFinished } from 'vitest'
import { openChannel } from '#node/channel'
import { Contingency } from '#node/contingency/contingency'
import { Links } from '#node/link/links'
import { Keep } from '#node/state/keep'
import { Seal } from '#node/state/seal'
import { MEMORY, openSqlite } from '#node/state/sqlite'
import { State } from '#node/state/state'
import {
  type Config,
  type Delegation,
  Listener,
  type Message,
  type Said,
  type Wired,
  wire,
} from '#protocols/contingency/index'
import { until } from '../support/until.ts'

export const DAY = 24 * 3_600_000

/** A peer that keeps to the protocol. Its event `change` says that its view has changed. */
export interface House extends EventTarget {
  readonly keep: Keep
  readonly libp2p: Libp2p
  readonly contingency: Contingency
  readonly state: State
}

export async function house(config: Partial<Config>): Promise<House> {
  const key = await generateKeyPair('Ed25519')
  const libp2p = await nodeOf(key)
  const keep = await Keep.open(await openSqlite(MEMORY), libp2p.peerId.toString())
  const links = new Links({
    libp2p,
    transports: undefined as never,
    leads: () => ({ async *to() {}, async *near() {} }),
  })
  const events = new EventTarget()
  const onChange = () => events.dispatchEvent(new Event('change'))
  const contingency = new Contingency({ libp2p, links, key, keep, config, isEntrance: () => false, onChange })
  await contingency.start()
  onTestFinished(() => contingency.stop())
  const state = await State.open(await Seal.of(key), contingency.own)
  return Object.assign(events, { keep, libp2p, contingency, state })
}

/** A peer of which nothing is certain. Its event `message` says that it was told something. */
export class Stranger extends EventTarget {
  readonly key: Ed25519PrivateKey
  readonly id: string
  readonly heard: Said[] = []
  readonly #libp2p: Libp2p
  readonly #house: House
  #stream: Stream | undefined

  static async at(home: House): Promise<Stranger> {
    const key = await generateKeyPair('Ed25519')
    const libp2p = await nodeOf(key)
    const stranger = new Stranger(key, libp2p, home)
    await libp2p.handle(wire.protocol, (stream) => stranger.#listen(stream))
    await libp2p.dial(home.libp2p.getMultiaddrs())
    return stranger
  }

  private constructor(key: Ed25519PrivateKey, libp2p: Libp2p, home: House) {
    super()
    this.key = key
    this.id = libp2p.peerId.toString()
    this.#libp2p = libp2p
    this.#house = home
  }

  /** Says all of these on the stream that it has, or on a new one. */
  async say(...messages: Wired[]): Promise<void> {
    await this.utter(...messages.map((message) => framed(wire.encode(message))))
  }

  /** Bytes as they are. */
  async utter(...bytes: Uint8Array[]): Promise<void> {
    if (this.#stream?.status !== 'open') {
      this.#stream = await this.#libp2p.dialProtocol(this.#house.libp2p.peerId, wire.protocol)
    }
    for (const each of bytes) this.#stream.send(each)
  }

  /** Breaks its link, and makes another. */
  async relink(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#house.libp2p.addEventListener('peer:disconnect', resolve, { once: true })
    })
    await this.#libp2p.hangUp(this.#house.libp2p.peerId)
    await closed
    await this.#libp2p.dial(this.#house.libp2p.getMultiaddrs())
  }

  /** Ends what it says, though the house may want more. */
  async hangUp(): Promise<void> {
    await this.#stream?.close()
  }

  /** Until the house has closed the stream. */
  async cutOff(): Promise<void> {
    const stream = this.#stream
    if (stream === undefined) throw new Error('it has said nothing')
    await until(stream, 'close', () => stream.status !== 'open', { what: 'being cut off' })
  }

  /** The first message of a type that it was told, from the `from`-th on. */
  async told<T extends Said['type']>(type: T, from = 0): Promise<Extract<Said, { type: T }>> {
    const look = () => this.heard.slice(from).find((message) => message.type === type)
    return (await until(this, 'message', look, { what: `to be told ${type}` })) as Extract<Said, { type: T }>
  }

  /** Its own right to hold, or another's, signed by it. */
  async lets(
    to: string,
    over: Partial<Delegation> & { signer?: Ed25519PrivateKey } = {},
  ): Promise<Delegation> {
    const { signer = this.key, ...fields } = over
    const link = {
      owner: this.id,
      by: this.id,
      to,
      n: 5,
      session: 's1',
      rank: 1,
      expires: Date.now() + DAY,
      ...fields,
    }
    const { owner, by, n, session, rank, expires } = link
    const bytes = encode(['colonia/delegation/1', owner, by, link.to, n, session, rank, expires])
    return { proof: Uint8Array.from(await signer.sign(bytes)), ...link }
  }

  /** An appointment as an honest owner makes it, but for what is said otherwise. */
  async appointment(over: Parameters<Stranger['lets']>[1] = {}, bytes = 0): Promise<Message> {
    const to = this.#house.libp2p.peerId.toString()
    const link = await this.lets(to, over)
    const epoch = { n: link.n, writer: this.id, session: link.session }
    return {
      ...{ type: 'appoint', owner: link.owner, epoch, turn: 1, rank: link.rank },
      ...{ roster: [to], chain: [link], bytes, have: 0, digest: '0123456789abcdef' },
    }
  }

  async #listen(stream: Stream): Promise<void> {
    const listener = new Listener()
    for await (const wired of openChannel(stream, wire).messages()) {
      if (wired.type === 'unknown') continue
      this.heard.push(listener.expand(wired))
      this.dispatchEvent(new Event('message'))
    }
  }
}

/** Bytes behind their length, or behind another one. */
export function framed(body: Uint8Array, claimed = body.byteLength): Uint8Array {
  const length: number[] = []
  for (let rest = claimed; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) return Uint8Array.from([...length, ...body])
  }
}

async function nodeOf(privateKey: Ed25519PrivateKey): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    privateKey,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: { inboundConnectionThreshold: 50 },
  })
  onTestFinished(() => libp2p.stop())
  return libp2p
}
