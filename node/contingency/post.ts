/**
 * The post: contingency messages to and from other peers, one stream to each over a direct link.
 *
 * Law: messages to one peer go out, and those of one peer come in, in the order in which they were given; what
 * cannot be delivered is dropped, because the machine says again what still matters. What comes in has been
 * through the wire's door, and its chain and entries are genuine. A peer that was started on a second device has
 * a connection from each: an answer goes to the device that spoke.
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { type Message, wire } from '#protocols/contingency/index'
import { type Channel, openChannel } from '../channel.ts'
import { ColoniaError } from '../errors.ts'
import { isDirect, type Links } from '../link/links.ts'

/** Streams that one peer may have open to us: one, and the next while that one dies. */
const MAX_INBOUND = 2
/** Messages that wait for a stream to a peer; the oldest are dropped first. */
const MAX_WAITING = 256
/** The end of patience with a peer that does not let a stream open, in milliseconds. */
const OPEN_TIMEOUT = 4_000

export interface PostInit {
  libp2p: Libp2p
  links: Links
  /** Whether to believe it: signatures and seals. */
  check: (message: Message) => Promise<boolean>
  onMessage: (from: string, message: Message) => void
  /** A message that was not believed, or bytes that are none. */
  onNonsense: (from: string) => void
}

/** The way to one device of a peer. */
export interface Route {
  readonly to: string
  /** The device that was heard; without one, whichever the best link leads to. */
  readonly connection: Connection | undefined
  waiting: Message[]
  channel: Channel<Message> | undefined
  opening: boolean
}

export class Post {
  readonly #init: PostInit
  /** Where a peer was heard last. */
  readonly #heard = new Map<string, Connection>()
  readonly #routes = new Map<Connection | string, Route>()
  readonly #stopped = new AbortController()

  constructor(init: PostInit) {
    this.#init = init
  }

  async start(): Promise<void> {
    const accept = (stream: Stream, connection: Connection) => {
      void this.#read(connection.remotePeer.toString(), openChannel(stream, wire), connection)
    }
    await this.#init.libp2p.handle(wire.protocol, accept, { maxInboundStreams: MAX_INBOUND })
  }

  /** Where an answer to what `to` said last has to go. */
  routeTo(to: string): Route {
    const heard = this.#heard.get(to)
    const connection = heard?.status === 'open' ? heard : undefined
    const place = connection ?? to
    const route = this.#routes.get(place) ?? {
      ...{ to, connection, waiting: [], channel: undefined, opening: false },
    }
    this.#routes.set(place, route)
    return route
  }

  send(route: Route, message: Message): void {
    route.waiting.push(message)
    if (route.waiting.length > MAX_WAITING) route.waiting.shift()
    if (route.channel !== undefined) this.#flush(route)
    else if (!route.opening) void this.#open(route)
  }

  /** There is an entrance again: what waited for one goes out. */
  retry(): void {
    for (const route of this.#routes.values()) {
      if (route.channel === undefined && !route.opening && route.waiting.length > 0) void this.#open(route)
    }
  }

  /** The last link to a peer is gone: nothing waits for it any more. */
  forget(peer: string): void {
    this.#heard.delete(peer)
    for (const [place, { to }] of this.#routes) if (to === peer) this.#routes.delete(place)
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#init.libp2p.unhandle(wire.protocol)
    const open = [...this.#routes.values()].flatMap(({ channel }) => channel?.stream ?? [])
    await Promise.allSettled(open.map((stream) => stream.close()))
    this.#routes.clear()
  }

  async #open(route: Route): Promise<void> {
    const { to } = route
    route.opening = true
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(OPEN_TIMEOUT)])
    try {
      const open = route.connection ?? this.#init.links.get(to)
      const connection =
        open !== undefined && isDirect(open) ? open : await this.#init.links.link(to, { signal })
      const stream = await connection.newStream(wire.protocol, { signal })
      const channel = openChannel(stream, wire)
      route.channel = channel
      // The other side answers on a stream of its own; this one is watched only for its end.
      void this.#read(to, channel, connection).finally(() => {
        if (route.channel === channel) route.channel = undefined
      })
      this.#flush(route)
    } catch (error) {
      // Without any entrance it may be only a moment too early. Otherwise the machine finds out by silence.
      const early = error instanceof ColoniaError && error.code === 'no-entrance'
      if (!early) this.#routes.delete(route.connection ?? to)
    } finally {
      route.opening = false
    }
  }

  #flush({ channel, waiting }: Route): void {
    const messages = waiting.splice(0)
    channel?.sendAll(messages).catch((error: Error) => channel.stream.abort(error))
  }

  async #read(from: string, channel: Channel<Message>, connection: Connection): Promise<void> {
    const { check, onMessage, onNonsense } = this.#init
    try {
      for await (const message of channel.messages()) {
        if (message.type === 'unknown' || !(await check(message))) onNonsense(from)
        else if (!this.#stopped.signal.aborted) {
          if (isDirect(connection)) this.#heard.set(from, connection)
          onMessage(from, message)
        }
      }
    } catch {
      onNonsense(from)
    }
    if (channel.stream.status === 'open') void channel.stream.close().catch(() => {})
  }
}
