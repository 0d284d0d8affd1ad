/**
 * Neighbours: linked peers tell each other whom they are linked to, one stream a link. What they say goes to the atlas
 * (ways through them) and to the links machine (whom else to link to).
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { raceSignal } from 'race-signal'
import { type Message, wire } from '#protocols/links/index'
import { type Channel, openChannel } from '../channel.ts'
import { Allowances } from '../contingency/allowance.ts'
import { idOf, type PeerId } from '../peer-id.ts'
import { directTo } from '../relay/carrier.ts'

/** The end of patience with a peer that does not let a stream open, in milliseconds. */
const OPEN_TIMEOUT = 4_000
/** Pings without an answer that are remembered. */
const MAX_PINGS = 4
/** Messages of one neighbour: links change in bursts when a peer comes, and then seldom (guess). */
const ALLOWANCE = { burst: 60, perSecond: 1 }

export interface NeighboursInit {
  libp2p: Libp2p
  onTold: (from: PeerId, peers: readonly PeerId[]) => void
  /** The other side of that connection asks whether we are there. */
  onAsked: (connection: Connection) => void
}

export class Neighbours {
  readonly #init: NeighboursInit
  readonly #channels = new Map<Connection, Promise<Channel<Message> | undefined>>()
  readonly #pingers = new Map<Connection, () => Promise<void>>()
  readonly #allowances = new Allowances(ALLOWANCE)
  readonly #stopped = new AbortController()

  constructor(init: NeighboursInit) {
    this.#init = init
  }

  async start(): Promise<void> {
    const hear = (stream: Stream, connection: Connection) => void this.#hear(stream, connection)
    await this.#init.libp2p.handle(wire.protocol, hear, { maxInboundStreams: 2 })
  }

  tell(to: readonly PeerId[], peers: readonly PeerId[]): void {
    for (const peer of to) void this.#tell(peer, { type: 'neighbours', peers: [...peers] })
  }

  stop(): void {
    this.#stopped.abort(new Error('the node was stopped'))
  }

  /** Asks over that connection whether the other side is there; `undefined` where they have no stream for it. */
  ping(connection: Connection, signal: AbortSignal): Promise<void> | undefined {
    const pinger = this.#pingers.get(connection)
    return pinger === undefined ? undefined : raceSignal(pinger(), signal)
  }

  async #tell(peer: PeerId, message: Message): Promise<void> {
    const connection = directTo(this.#init.libp2p.getConnections(idOf(peer)))
    if (connection === undefined) return
    const channel = await this.#channel(connection)
    await channel?.send(message).catch((error: Error) => channel.stream.abort(error))
  }

  /** Who speaks another version, or does not answer, is told nothing; that is nobody's loss. */
  #channel(connection: Connection): Promise<Channel<Message> | undefined> {
    const known = this.#channels.get(connection)
    if (known !== undefined) return known
    const opening = this.#open(connection).catch(() => {
      this.#channels.delete(connection)
      return undefined
    })
    this.#channels.set(connection, opening)
    return opening
  }

  async #open(connection: Connection): Promise<Channel<Message>> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(OPEN_TIMEOUT)])
    const stream = await connection.newStream(wire.protocol, { signal })
    const channel = openChannel(stream, wire)
    const waiting = new Map<number, () => void>()
    let asked = 0
    this.#pingers.set(connection, async () => {
      asked += 1
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.set(asked, resolve)
      // Those that were never answered are asked no more; whoever answers late still does.
      if (waiting.size > MAX_PINGS) waiting.delete(waiting.keys().next().value as number)
      await channel.send({ type: 'ping', n: asked })
      await promise
    })
    const closed = () => {
      this.#channels.delete(connection)
      this.#pingers.delete(connection)
    }
    stream.addEventListener('close', closed, { once: true })
    void this.#answers(channel, waiting)
    return channel
  }

  /** What comes back on a stream of ours. */
  async #answers(channel: Channel<Message>, waiting: Map<number, () => void>): Promise<void> {
    const { signal } = this.#stopped
    try {
      for await (const message of channel.messages({ signal })) {
        if (message.type !== 'pong') continue
        waiting.get(message.n)?.()
        waiting.delete(message.n)
      }
    } catch (error) {
      channel.stream.abort(error as Error)
    }
  }

  async #hear(stream: Stream, connection: Connection): Promise<void> {
    const from = connection.remotePeer.toString()
    const { signal } = this.#stopped
    try {
      const channel = openChannel(stream, wire)
      for await (const message of channel.messages({ signal })) {
        if (!this.#allowances.spend(from, 1, performance.now())) throw new Error('a flood of messages')
        if (message.type === 'neighbours') this.#init.onTold(from, message.peers)
        if (message.type !== 'ping') continue
        this.#init.onAsked(connection)
        await channel.send({ type: 'pong', n: message.n }, { signal })
      }
      void stream.close().catch(() => {})
    } catch (error) {
      stream.abort(error as Error)
    }
  }
}
