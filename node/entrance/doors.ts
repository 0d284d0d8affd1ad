/**
 * Doors: all ways into the mesh that this peer knows: bootstraps (`entrances.ts`), peers that it can dial, what it
 * remembers of both and whom it adds to that, and when those in reserve are tried.
 */
import type { Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import type { Entrance } from '../api.ts'
import { isDirect } from '../link/links.ts'
import type { PeerId } from '../peer-id.ts'
import type { Keep } from '../state/keep.ts'
import { Acquaintances } from './acquaintances.ts'
import { isOfPeer } from './dial.ts'
import type { Entrances } from './entrances.ts'
import { isDirectAddress, isPrivate } from './hearsay.ts'
import { spareListeners } from './listening.ts'
import { Memory } from './memory.ts'
import { PeerEntrances } from './peers.ts'
import { Reserves } from './reserves.ts'

export interface DoorsInit {
  libp2p: Libp2p
  transports: TransportManager
  keep: Keep
  /** URLs of bootstraps and multiaddrs of peers, as the options have them. */
  given: readonly string[]
  /** The bootstraps, which are made with what is remembered. */
  bootstraps: () => Entrances
  onChange: (entrance: Entrance) => void
}

export class Doors {
  readonly memory: Memory
  /** Bootstraps that are given. */
  readonly urls: readonly string[]
  readonly #init: DoorsInit
  /** Whether this peer is at home in a private network: elsewhere private addresses that others tell make no sense. */
  readonly atHome: boolean
  readonly #acquaintances: Acquaintances
  readonly #peers: PeerEntrances
  #reserves: Reserves | undefined
  readonly #weigh = () => this.weigh()

  constructor(init: DoorsInit) {
    const { libp2p, transports, keep, given, bootstraps, onChange } = init
    this.#init = init
    this.atHome = given.length === 0 || given.some(isPrivate)
    this.urls = given.filter((entrance) => !isOfPeer(entrance))
    this.memory = new Memory({
      ...{ given, kept: keep.kept.entrances },
      write: (memories) => keep.write([{ type: 'entrances', ...memories }]),
    })
    this.#acquaintances = new Acquaintances({
      ...{ libp2p, memory: this.memory, atHome: this.atHome },
      isBootstrap: (peer) => bootstraps().has(peer),
    })
    this.#peers = new PeerEntrances({
      ...{ libp2p, transports, memory: this.memory, given: given.filter(isOfPeer) },
      onChange: (entrance) => {
        this.weigh()
        onChange(entrance)
      },
    })
  }

  /** All entrances that are tried or connected. */
  get views(): readonly Entrance[] {
    return [...this.#init.bootstraps().views, ...this.#peers.views]
  }

  /** Multiaddrs at which others can dial this peer directly. */
  get own(): readonly string[] {
    return this.#init.libp2p.getMultiaddrs().filter(isDirectAddress).map(String)
  }

  start(): void {
    const { libp2p, bootstraps } = this.#init
    const isLinked = () =>
      libp2p
        .getConnections()
        .some(
          (one) => one.status === 'open' && isDirect(one) && !this.#isBootstrap(one.remotePeer.toString()),
        )
    this.#reserves = new Reserves({
      ...{ memory: this.memory, bootstraps: bootstraps(), peers: this.#peers, isLinked },
    })
    libp2p.addEventListener('connection:open', this.#weigh)
    libp2p.addEventListener('connection:close', this.#weigh)
    bootstraps().start()
    this.#peers.start()
    this.weigh()
  }

  /** An entrance or a link has come or gone: those in reserve may be needed, or not any more. */
  weigh(): void {
    this.#reserves?.weigh()
  }

  /** Knock now at all that are lost. */
  hurry(): void {
    this.#init.bootstraps().hurry()
    this.#peers.hurry()
  }

  /** Idempotent; resolves when what is remembered is kept. */
  async stop(): Promise<void> {
    const { libp2p, transports, bootstraps } = this.#init
    libp2p.removeEventListener('connection:open', this.#weigh)
    libp2p.removeEventListener('connection:close', this.#weigh)
    this.#reserves?.stop()
    bootstraps().stop()
    this.#peers.stop()
    this.#acquaintances.stop()
    spareListeners(transports)
    await this.memory.settled()
  }

  #isBootstrap(peer: PeerId): boolean {
    return this.#init.bootstraps().has(peer)
  }
}
