/**
 * Paths: the control streams between this peer and those it has calls with.
 *
 * Any number of streams may lead to a peer, opened by either side, over a relayed or a direct connection; the
 * newest carries what is sent, all are read. When a direct link appears, a stream over it takes over, so that
 * a call outlives the relayed handshake in which it began.
 */
import type { Connection, Stream } from '@libp2p/interface'
import { type Message, type PathFault, wire } from '#protocols/call/index'
import { WireError } from '#protocols/wire/index'
import { type Channel, openChannel } from '../channel.ts'
import { ColoniaError } from '../errors.ts'
import { isDirect, type Links } from '../link/links.ts'

/** Streams to one peer; further ones are refused, because two paths and their successors are enough. */
const MAX_STREAMS = 4

/**
 * Patience with one stream, in milliseconds, beyond which the connection under it counts as dead: a page that was
 * reloaded or crashed closes nothing. A second is a slow round trip; the rest is a guess.
 */
const OPEN_TIMEOUT = 2_000

export interface PathEvents {
  up(peer: string): void
  down(peer: string, fault?: PathFault): void
  message(peer: string, message: Message): void
  /** A message of an unknown type, or bytes that are no message. */
  nonsense(peer: string): void
}

interface Path {
  channel: Channel<Message>
  connection: Connection
  /** What was said since the last write. */
  outbox: Message[]
}

export class Paths {
  readonly #links: Links
  readonly #events: PathEvents
  readonly #paths = new Map<string, Path[]>()
  readonly #stopped = new AbortController()

  constructor(links: Links, events: PathEvents) {
    this.#links = links
    this.#events = events
  }

  /** Opens a path over the best connection there is, or one made for it; answers with `up` or `down`. */
  async open(peer: string): Promise<void> {
    try {
      const { signal } = this.#stopped
      await this.#openOver(await this.#links.reach(peer, { signal }))
    } catch (error) {
      if (this.#stopped.signal.aborted) return
      // They may have opened one meanwhile, which serves as well.
      if (this.#paths.has(peer)) this.#events.up(peer)
      else this.#events.down(peer, faultOf(error))
    }
  }

  /** A stream that the other side opened. */
  accept(stream: Stream, connection: Connection): void {
    this.#attach(stream, connection)
  }

  /** Moves to a direct connection that has just opened, if the present path is relayed. */
  async improve(connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    const current = this.#paths.get(peer)?.at(-1)
    if (current === undefined || isDirect(current.connection) || !isDirect(connection)) return
    // The relayed path still serves, so a failure here is nobody's loss.
    await this.#openOver(connection).catch(() => {})
    if (this.#paths.get(peer)?.at(-1)?.connection !== connection) return
    for (const { channel, connection: old } of this.#paths.get(peer) ?? []) {
      if (!isDirect(old)) void channel.stream.close().catch((error: Error) => channel.stream.abort(error))
    }
  }

  send(peer: string, message: Message): void {
    const path = this.#paths.get(peer)?.at(-1)
    // What is said in one breath (invite, description, candidates) makes one way through the relay.
    if (path?.outbox.push(message) === 1) queueMicrotask(() => flush(path))
  }

  /** Closes all streams to a peer; what was sent is still delivered. */
  close(peer: string): void {
    for (const path of this.#paths.get(peer) ?? []) {
      const { channel } = path
      flush(path)
      void channel.stream.close().catch((error: Error) => channel.stream.abort(error))
    }
  }

  stop(): void {
    this.#stopped.abort(new ColoniaError('stopped', 'the node was stopped'))
    for (const peer of this.#paths.keys()) this.close(peer)
  }

  async #openOver(connection: Connection): Promise<void> {
    const patience = AbortSignal.timeout(OPEN_TIMEOUT)
    const signal = AbortSignal.any([this.#stopped.signal, patience])
    try {
      const stream = await connection.newStream(wire.protocol, { signal, runOnLimitedConnection: true })
      this.#attach(stream, connection)
    } catch (error) {
      // Out of the way, so that the next attempt makes a connection of its own.
      if (patience.aborted) connection.abort(new Error(`no answer within ${OPEN_TIMEOUT} ms`))
      throw error
    }
  }

  #attach(stream: Stream, connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const paths = this.#paths.get(peer) ?? []
    if (paths.length >= MAX_STREAMS)
      return stream.abort(new Error(`at most ${MAX_STREAMS} call streams a peer`))
    const path: Path = { channel: openChannel(stream, wire), connection, outbox: [] }
    // The newest stands last, where `send` looks: who opens a path over a relay has no link that would do.
    paths.push(path)
    this.#paths.set(peer, paths)
    void this.#read(peer, path)
    if (paths.at(-1) === path) this.#events.up(peer)
  }

  async #read(peer: string, path: Path): Promise<void> {
    let fault: PathFault | undefined
    try {
      for await (const message of path.channel.messages()) {
        if (message.type === 'rejoin') this.#supersede(peer, path)
        if (message.type === 'unknown') this.#events.nonsense(peer)
        else this.#events.message(peer, message)
      }
    } catch (error) {
      this.#events.nonsense(peer)
      if (error instanceof WireError) fault = 'broken'
    }
    this.#detach(peer, path, fault)
  }

  /** Behind a rejoin is a new page, so that what is older than its connection leads to the one that is gone. */
  #supersede(peer: string, { connection }: Path): void {
    const { open } = connection.timeline
    const rest = this.#paths.get(peer)?.filter((path) => path.connection.timeline.open >= open)
    if (rest !== undefined) this.#paths.set(peer, rest)
    this.#links.supersede(connection)
  }

  #detach(peer: string, path: Path, fault: PathFault | undefined): void {
    const paths = this.#paths.get(peer) ?? []
    const wasCurrent = paths.at(-1) === path
    const rest = paths.filter((one) => one !== path)
    if (rest.length > 0) this.#paths.set(peer, rest)
    else this.#paths.delete(peer)
    if (path.channel.stream.status === 'open') void path.channel.stream.close().catch(() => {})
    if (this.#stopped.signal.aborted) return
    if (fault !== undefined || rest.length === 0) this.#events.down(peer, fault)
    // What was on its way on the lost stream goes out again on the one that is left.
    else if (wasCurrent) this.#events.up(peer)
  }
}

function flush({ channel, outbox }: Path): void {
  if (outbox.length === 0) return
  channel.sendAll(outbox.splice(0)).catch((error: Error) => channel.stream.abort(error))
}

function faultOf(error: unknown): PathFault {
  if (error instanceof ColoniaError && error.code === 'no-entrance') return 'no-entrance'
  return error instanceof Error && error.name === 'UnsupportedProtocolError' ? 'incompatible' : 'unreachable'
}
