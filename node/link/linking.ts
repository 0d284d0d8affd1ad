/** Linking: keeps the direct links that are wanted, and tells of every link that comes and goes. */
import type { Connection, Libp2p } from '@libp2p/interface'
import { defaultConfig, type Input, Machine, type Output } from '#protocols/links/index'
import { type Millis, unreachable } from '#protocols/machine'
import type { Link } from '../api.ts'
import { type Drive, drive, systemClock } from '../driver.ts'
import { keyOf } from '../keyspace.ts'
import type { PeerId } from '../peer-id.ts'
import { isDirect, type Links } from './links.ts'
import { Neighbours } from './neighbours.ts'
import { wayView } from './path-stats.ts'

export interface LinkingInit {
  libp2p: Libp2p
  links: Links
  /** Direct links to aim for. */
  target: number
  /** Whether that is a bootstrap, which is an entrance and no link. */
  isEntrance: (peer: PeerId) => boolean
  /** Whether somebody uses the link to that peer. */
  keeps: (peer: PeerId) => boolean
  /** The other side of that connection asks whether we are there. */
  onAsked: (connection: Connection) => void
  /** Looks up who is nearest to this peer. */
  look: () => Promise<readonly PeerId[]>
  /** A peer was linked, or its link became direct. */
  onLink: (link: Link) => void
  onUnlink: (peer: PeerId) => void
}

export class Linking {
  readonly #init: LinkingInit
  readonly #machine: Machine<PeerId>
  readonly #drive: Drive<Input<PeerId>>
  readonly #neighbours: Neighbours
  #arrived: Millis | undefined
  /** Those who wait for what the next link, or what a link tells, may make possible. */
  readonly #waiting = new Set<() => void>()
  readonly #opened = (event: CustomEvent<Connection>) => this.#open(event.detail)
  readonly #closed = (event: CustomEvent<Connection>) => this.#close(event.detail)

  constructor(init: LinkingInit) {
    const { libp2p, links, target, keeps } = init
    this.#init = init
    const self = keyOf(libp2p.peerId.toString())
    this.#machine = new Machine<PeerId>({ ...defaultConfig, target, self, keyOf, keeps })
    this.#drive = drive({ machine: this.#machine, perform: (output) => this.#perform(output) })
    this.#neighbours = new Neighbours({
      libp2p,
      onAsked: init.onAsked,
      onTold: (from, peers) => {
        links.atlas.told(from, peers)
        this.#drive.give({ type: 'told', from, peers: this.#others(peers) })
        for (const hear of [...this.#waiting]) hear()
      },
    })
    libp2p.addEventListener('connection:open', this.#opened)
    libp2p.addEventListener('connection:close', this.#closed)
  }

  /** Whether more peers would be welcome. */
  get wanting(): boolean {
    return this.#machine.wanting
  }

  /** When a link came while there was none, last; on the system's clock. */
  get arrived(): Millis | undefined {
    return this.#arrived
  }

  /** Whom this peer is directly linked to. Cheaper than all that is known of the links. */
  get direct(): PeerId[] {
    const { libp2p, isEntrance } = this.#init
    const open = libp2p.getConnections().filter((one) => one.status === 'open' && isDirect(one))
    const peers = new Set(open.map(({ remotePeer }) => remotePeer.toString()))
    return [...peers].filter((peer) => !isEntrance(peer))
  }

  /** The best connection to each peer. */
  get views(): Link[] {
    const { libp2p, links, isEntrance } = this.#init
    const peers = new Set(libp2p.getConnections().map(({ remotePeer }) => remotePeer.toString()))
    const open = [...peers].filter((peer) => !isEntrance(peer)).map((peer) => links.get(peer))
    return open.filter((connection) => connection !== undefined).map(viewOf)
  }

  async start(): Promise<void> {
    await this.#neighbours.start()
  }

  /** Resolves when the next link is there, or one has told of its neighbours. @throws the signal's reason */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const { libp2p } = this.#init
      const over = () => {
        libp2p.removeEventListener('connection:open', opened)
        signal.removeEventListener('abort', aborted)
        this.#waiting.delete(heard)
      }
      const heard = () => {
        over()
        resolve()
      }
      const aborted = () => {
        over()
        reject(signal.reason)
      }
      const opened = ({ detail }: CustomEvent<Connection>) => {
        if (isDirect(detail) && !this.#init.isEntrance(detail.remotePeer.toString())) heard()
      }
      if (signal.aborted) return reject(signal.reason)
      libp2p.addEventListener('connection:open', opened)
      signal.addEventListener('abort', aborted)
      this.#waiting.add(heard)
    })
  }

  /** Asks over that connection whether the other side is there; `undefined` where there is no stream for it. */
  ping(connection: Connection, signal: AbortSignal): Promise<void> | undefined {
    return this.#neighbours.ping(connection, signal)
  }

  introduced(peers: readonly PeerId[]): void {
    this.#drive.give({ type: 'introduced', peers: this.#others(peers) })
  }

  stop(): void {
    const { libp2p } = this.#init
    libp2p.removeEventListener('connection:open', this.#opened)
    libp2p.removeEventListener('connection:close', this.#closed)
    this.#neighbours.stop()
    this.#drive.stop()
  }

  #perform(output: Output<PeerId>): void {
    switch (output.type) {
      case 'dial':
        return void this.#dial(output.peer)
      case 'retire':
        return this.#init.links.close(output.peer)
      case 'tell':
        return this.#neighbours.tell(output.to, output.peers)
      case 'look':
        return void this.#look()
      default:
        return unreachable(output)
    }
  }

  #open(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    if (this.#init.isEntrance(peer)) return
    if (isDirect(connection)) {
      if (this.direct.length === 1) this.#arrived = systemClock.now()
      this.#drive.give({ type: 'linked', peer })
    }
    this.#init.onLink(viewOf(connection))
  }

  #close(connection: Connection): void {
    const { isEntrance, links, onUnlink } = this.#init
    const peer = connection.remotePeer.toString()
    if (isEntrance(peer)) return
    const left = links.get(peer)
    if (isDirect(connection) && (left === undefined || !isDirect(left))) {
      links.atlas.forget(peer)
      this.#drive.give({ type: 'unlinked', peer })
    }
    if (left === undefined) onUnlink(peer)
  }

  async #look(): Promise<void> {
    const peers = await this.#init.look().catch(() => [])
    this.#drive.give({ type: 'seen', peers: this.#others(peers) })
  }

  /** A bootstrap is in the DHT as well, and no link: whoever hung up on it would call it again. */
  #others(peers: readonly PeerId[]): PeerId[] {
    return peers.filter((peer) => !this.#init.isEntrance(peer))
  }

  async #dial(peer: PeerId): Promise<void> {
    // Success is seen as `connection:open`.
    await this.#init.links.linkNear(peer).catch(() => this.#drive.give({ type: 'dial-failed', peer }))
  }
}

/** A connection as a developer sees it. */
export function viewOf(connection: Connection): Link {
  const { remotePeer, timeline } = connection
  const direct = isDirect(connection)
  return { peer: remotePeer.toString(), direct, since: timeline.open, ...wayView(connection, direct) }
}
