/**
 * The post: contingency messages to and from other peers, one stream to each over a direct link.
 *
 * Law: messages to one peer go out, and those of one peer come in, in the order in which they were given; what
 * cannot be delivered is dropped, because the machine says again what still matters. What comes in has been
 * through the wire's door, and its chain and entries are genuine. A peer that was started on a second device has
 * a connection from each: an answer goes to the device that spoke.
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import {
  Listener,
  type Message,
  type Of,
  type Said,
  Speaker,
  type Wired,
  wire,
} from '#protocols/contingency/index'
import { type Channel, openChannel } from '../channel.ts'
import { ColoniaError } from '../errors.ts'
import { isDirect, type Links } from '../link/links.ts'
import { ALL, Allowances } from './allowance.ts'
import { costOf, type Refusal } from './refusal.ts'

/** Streams that one peer may have open to us: one, and the next while that one dies. */
const MAX_INBOUND = 2
/** Messages that wait for a stream to a peer, or for the peer to take them; the oldest are dropped first. */
const MAX_WAITING = 256
/** The end of patience with a peer that does not let a stream open, in milliseconds. */
const OPEN_TIMEOUT = 4_000

/**
 * Who could not be linked is not looked for again for so long, in milliseconds; only ways that are known are tried. A
 * machine says the same to a peer that is gone time and again, and each search for one costs some thirty carried
 * handshakes. Who is back comes by itself. Of more than so many peers the first are forgotten.
 */
const VAIN = { millis: 120_000, peers: 256 } as const

export interface PostInit {
  libp2p: Libp2p
  links: Links
  /** Why what a peer says is not believed, if it is not: signatures, seals, rights. */
  refusal: (from: string, message: Said) => Promise<Refusal | undefined>
  onMessage: (from: string, message: Message) => void
  onStatus: (from: string, status: Of<'status'>) => void
  onRefused: (refusal: Refusal) => void
}

/** The way to one device of a peer. */
export interface Route {
  readonly to: string
  /** The device that was heard; without one, whichever the best link leads to. */
  readonly connection: Connection | undefined
  /** The connection that its channel is on, or is being opened on. */
  over: Connection | undefined
  waiting: Said[]
  channel: Channel<Wired> | undefined
  /** What was said on that channel. */
  speaker: Speaker
  opening: boolean
  /** The channel that is being written to. */
  sending: Channel<Wired> | undefined
}

export class Post {
  readonly #init: PostInit
  readonly #allowances = new Allowances(ALL)
  /** Where a peer was heard last. */
  readonly #heard = new Map<string, Connection>()
  readonly #routes = new Map<Connection | string, Route>()
  /** Until when those who could not be linked are not looked for. */
  readonly #vain = new Map<string, number>()
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
    const known = this.#routes.get(to)
    // Most peers are one device, and one stream to it is enough.
    if (known !== undefined && (connection === undefined || connection === known.over)) return known
    const place = connection ?? to
    const route = this.#routes.get(place) ?? newRoute(to, connection)
    this.#routes.set(place, route)
    return route
  }

  send(to: string, message: Said): void {
    this.sendOn(this.routeTo(to), message)
  }

  sendOn(route: Route, message: Said): void {
    route.waiting.push(message)
    if (route.channel === undefined) void this.#open(route)
    // What is said in one turn goes in one write.
    else if (route.waiting.length === 1) queueMicrotask(() => void flush(route))
    else if (route.waiting.length === MAX_WAITING) void flush(route)
    if (route.waiting.length > MAX_WAITING) route.waiting.shift()
  }

  /** There is an entrance again: what waited for one goes out. */
  retry(): void {
    for (const route of this.#routes.values()) {
      if (route.channel === undefined && route.waiting.length > 0) void this.#open(route)
    }
  }

  /** There is a newer link to a peer: the older may lead to a page or process that is no more, and not say so yet. */
  renew(peer: string): void {
    this.#heard.delete(peer)
    this.#vain.delete(peer)
    for (const [place, { to, connection }] of this.#routes) {
      if (to === peer && connection !== undefined && connection.status !== 'open') this.#routes.delete(place)
    }
    const route = this.#routes.get(peer)
    if (route === undefined) return
    // A stream that is being opened is not wanted any more when it is there.
    route.over = undefined
    if (route.channel !== undefined) shut(route.channel.stream)
    route.channel = undefined
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
    if (route.opening) return
    const { to } = route
    let renewed = false
    route.opening = true
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(OPEN_TIMEOUT)])
    try {
      const open = route.connection?.status === 'open' ? route.connection : this.#init.links.get(to)
      const connection = open !== undefined && isDirect(open) ? open : await this.#link(to, signal)
      this.#vain.delete(to)
      route.over = connection
      const stream = await connection.newStream(wire.protocol, { signal })
      // One that nobody writes on would take the place of another: the other side takes few.
      renewed = route.over !== connection
      if (renewed || this.#routes.get(route.connection ?? to) !== route) return shut(stream)
      const channel = openChannel(stream, wire)
      route.channel = channel
      route.speaker = new Speaker()
      // The other side answers on a stream of its own; this one is watched only for its end.
      void this.#read(to, channel, connection).finally(() => {
        if (route.channel === channel) route.channel = undefined
      })
      void flush(route)
    } catch (error) {
      const place = route.connection ?? to
      if (!isEarly(error) && this.#routes.get(place) === route) this.#routes.delete(place)
    } finally {
      route.opening = false
      if (renewed && this.#routes.get(to) === route && route.waiting.length > 0) void this.#open(route)
    }
  }

  async #link(to: string, signal: AbortSignal): Promise<Connection> {
    const { links } = this.#init
    const now = performance.now()
    if ((this.#vain.get(to) ?? now) > now) return await links.linkNear(to, { signal })
    try {
      return await links.link(to, { signal })
    } catch (error) {
      if (!isEarly(error)) this.#vain.set(to, now + VAIN.millis)
      if (this.#vain.size > VAIN.peers) this.#vain.delete(this.#vain.keys().next().value as string)
      throw error
    }
  }

  async #read(from: string, channel: Channel<Wired>, connection: Connection): Promise<void> {
    const { refusal: refusalOf, onMessage, onStatus, onRefused } = this.#init
    const listener = new Listener()
    try {
      for await (const wired of channel.messages()) {
        const message = wired.type === 'unknown' ? undefined : listener.expand(wired)
        if (!this.#allowances.spend(from, message === undefined ? 1 : costOf(message), performance.now())) {
          onRefused('flood')
          return channel.stream.abort(new Error('a flood of messages'))
        }
        // What is said again has been checked before.
        const refusal =
          message === undefined ? 'unknown' : wired !== message ? undefined : await refusalOf(from, message)
        if (refusal !== undefined) onRefused(refusal)
        else if (message === undefined || this.#stopped.signal.aborted) continue
        else {
          if (isDirect(connection)) this.#heard.set(from, connection)
          if (message.type === 'status') onStatus(from, message)
          else onMessage(from, message)
        }
      }
    } catch (error) {
      onRefused('malformed')
      channel.stream.abort(error as Error)
    }
    if (channel.stream.status === 'open') shut(channel.stream)
  }
}

/** Without any entrance it may be only a moment too early. Otherwise the machine finds out by silence. */
function isEarly(error: unknown): boolean {
  return error instanceof ColoniaError && error.code === 'no-entrance'
}

function newRoute(to: string, connection: Connection | undefined): Route {
  const quiet = {
    over: undefined,
    channel: undefined,
    speaker: new Speaker(),
    opening: false,
    sending: undefined,
  }
  return { to, connection, waiting: [], ...quiet }
}

function shut(stream: Stream): void {
  void stream.close().catch((error: Error) => stream.abort(error))
}

/** Sends what waits. While the other side does not take it, it waits on, and no more than may wait. */
async function flush(route: Route): Promise<void> {
  const { channel, waiting, speaker } = route
  if (channel === undefined || route.sending === channel) return
  route.sending = channel
  try {
    while (waiting.length > 0 && route.channel === channel) {
      await channel.sendAll(waiting.splice(0).map((message) => speaker.shorten(message)))
    }
  } catch (error) {
    channel.stream.abort(error as Error)
  } finally {
    if (route.sending === channel) route.sending = undefined
  }
}
