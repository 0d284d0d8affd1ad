/** Linking: keeps as many direct links as are wanted, and tells of every link that comes and goes. */
import type { Connection, Libp2p } from '@libp2p/interface'
import { defaultConfig, type Input, Machine } from '#protocols/links/index'
import type { Link } from '../api.ts'
import { type Drive, drive } from '../driver.ts'
import type { PeerId } from '../peer-id.ts'
import { isDirect, type Links } from './links.ts'

export interface LinkingInit {
  libp2p: Libp2p
  links: Links
  /** Direct links to aim for. */
  target: number
  /** Whether that is a bootstrap, which is an entrance and no link. */
  isEntrance: (peer: PeerId) => boolean
  /** A peer was linked, or its link became direct. */
  onLink: (link: Link) => void
  onUnlink: (peer: PeerId) => void
}

export class Linking {
  readonly #init: LinkingInit
  readonly #machine: Machine<PeerId>
  readonly #drive: Drive<Input<PeerId>>
  readonly #opened = (event: CustomEvent<Connection>) => this.#open(event.detail)
  readonly #closed = (event: CustomEvent<Connection>) => this.#close(event.detail)

  constructor(init: LinkingInit) {
    const { libp2p, target } = init
    this.#init = init
    this.#machine = new Machine<PeerId>({ ...defaultConfig, target })
    this.#drive = drive({ machine: this.#machine, perform: ({ peer }) => void this.#dial(peer) })
    libp2p.addEventListener('connection:open', this.#opened)
    libp2p.addEventListener('connection:close', this.#closed)
  }

  /** Whether more peers would be welcome. */
  get wanting(): boolean {
    return this.#machine.wanting
  }

  /** The best connection to each peer. */
  get views(): Link[] {
    const { libp2p, links, isEntrance } = this.#init
    const peers = new Set(libp2p.getConnections().map(({ remotePeer }) => remotePeer.toString()))
    const open = [...peers].filter((peer) => !isEntrance(peer)).map((peer) => links.get(peer))
    return open.filter((connection) => connection !== undefined).map(viewOf)
  }

  introduced(peers: readonly PeerId[]): void {
    this.#drive.give({ type: 'introduced', peers })
  }

  stop(): void {
    const { libp2p } = this.#init
    libp2p.removeEventListener('connection:open', this.#opened)
    libp2p.removeEventListener('connection:close', this.#closed)
    this.#drive.stop()
  }

  #open(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    if (this.#init.isEntrance(peer)) return
    if (isDirect(connection)) this.#drive.give({ type: 'linked', peer })
    this.#init.onLink(viewOf(connection))
  }

  #close(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    if (this.#init.isEntrance(peer)) return
    const left = this.#init.links.get(peer)
    if (isDirect(connection) && (left === undefined || !isDirect(left))) {
      this.#drive.give({ type: 'unlinked', peer })
    }
    if (left === undefined) this.#init.onUnlink(peer)
  }

  async #dial(peer: PeerId): Promise<void> {
    // Success is seen as `connection:open`.
    await this.#init.links.link(peer).catch(() => this.#drive.give({ type: 'dial-failed', peer }))
  }
}

/** A connection as a developer sees it. */
export function viewOf(connection: Connection): Link {
  const { remotePeer, timeline, rtt } = connection
  const rounded = rtt === undefined ? {} : { rtt: Math.round(rtt) }
  return { peer: remotePeer.toString(), direct: isDirect(connection), since: timeline.open, ...rounded }
}
