/**
 * Neighbours: linked peers tell each other whom they are linked to, one stream a link. What they say goes to the atlas
 * (ways through them) and to the links machine (whom else to link to).
 *
 * Law: whoever is linked has been told the last, whatever became of the connection over which it was said. The newest
 * connection to a peer may lead to nobody (a dial that its maker has given up), and a busy one may not take a stream in
 * time: it is said again over the next when one ends, and over the same when it is asked whether it is there.
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
  /** What was to be told last, and to whom; and what each connection has taken. */
  #last: { to: readonly PeerId[]; message: Message } | undefined
  readonly #told = new WeakMap<Connection, Message>()
  /** Those whose other side does not speak of neighbours. */
  readonly #mute = new WeakSet<Connection>()
  readonly #closed = ({ detail }: CustomEvent<Connection>) => this.#tellAgain(detail.remotePeer.toString())

  constructor(init: NeighboursInit) {
    this.#init = init
    init.libp2p.addEventListener('connection:close', this.#closed)
  }

  async start(): Promise<void> {
    const hear = (stream: Stream, connection: Connection) => void this.#hear(stream, connection)
    await this.#init.libp2p.handle(wire.protocol, hear, { maxInboundStreams: 2 })
  }

  tell(to: readonly PeerId[], peers: readonly PeerId[]): void {
    this.#last = { to, message: { type: 'neighbours', peers: [...peers] } }
    for (const peer of to) void this.#tell(peer, this.#last.message)
  }

  stop(): void {
    this.#init.libp2p.removeEventListener('connection:close', this.#closed)
    this.#stopped.abort(new Error('the node was stopped'))
  }

  /** Asks over that connection whether the other side is there; `undefined` where they have no stream for it. */
  ping(connection: Connection, signal: AbortSignal): Promise<void> | undefined {
    const pinger = this.#pingers.get(connection)
    if (pinger === undefined) this.#tellAgain(connection.remotePeer.toString())
    return pinger === undefined ? undefined : raceSignal(pinger(), signal)
  }

  #tellAgain(peer: PeerId): void {
    if (this.#last?.to.includes(peer)) void this.#tell(peer, this.#last.message)
  }

  async #tell(peer: PeerId, message: Message): Promise<void> {
    const connection = directTo(this.#init.libp2p.getConnections(idOf(peer)))
    if (connection === undefined || this.#mute.has(connection)) return
    const channel = await this.#channel(connection)
    if (channel === undefined || this.#told.get(connection) === message) return
    this.#told.set(connection, message)
    await channel.send(message).catch((error: Error) => {
      this.#told.delete(connection)
      channel.stream.abort(error)
    })
  }

  /** Who speaks another version is told nothing; that is nobody's loss. */
  #channel(connection: Connection): Promise<Channel<Message> | undefined> {
    const known = this.#channels.get(connection)
    if (known !== undefined) return known
    const opening = this.#open(connection).catch((error: Error) => {
      this.#channels.delete(connection)
      if (error.name === 'UnsupportedProtocolError') this.#mute.add(connection)
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
      // What was on its way may not have come.
      this.#told.delete(connection)
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
