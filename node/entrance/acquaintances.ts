/**
 * Acquaintances: peers that this one is linked to and that can be dialled directly are remembered as entrances,
 * by the addresses that they themselves signed.
 *
 * Law: a passer-by is nobody to return to. Only who was linked for a minute is remembered, unless there is hardly
 * anyone yet; of who is remembered new addresses are taken at once.
 */
import type { Connection, IdentifyResult, Libp2p } from '@libp2p/interface'
import { type Clock, systemClock } from '../driver.ts'
import { idOf } from '../peer-id.ts'
import { doorsOf } from './hearsay.ts'
import type { Memory } from './memory.ts'

/** How long a peer has to stay linked, in milliseconds (guess: a visit is shorter). */
const STAY = 60_000
/** So many are remembered at once. */
const FEW = 2

export interface AcquaintancesInit {
  libp2p: Libp2p
  memory: Memory
  /** Whether this peer is at home in a private network, where private addresses make sense. */
  atHome: boolean
  isBootstrap: (peer: string) => boolean
  clock?: Clock
}

export class Acquaintances {
  readonly #init: AcquaintancesInit
  /** What ends the wait for each that is linked; as many as there are connections. */
  readonly #waits = new Map<string, () => void>()
  readonly #opened = ({ detail }: CustomEvent<Connection>) => this.#wait(detail)
  readonly #identified = ({ detail }: CustomEvent<IdentifyResult>) => this.#identify(detail)
  readonly #gone = ({ detail }: CustomEvent<{ toString(): string }>) => this.#forget(detail.toString())

  constructor(init: AcquaintancesInit) {
    this.#init = init
    init.libp2p.addEventListener('connection:open', this.#opened)
    init.libp2p.addEventListener('peer:identify', this.#identified)
    init.libp2p.addEventListener('peer:disconnect', this.#gone)
  }

  stop(): void {
    const { libp2p } = this.#init
    libp2p.removeEventListener('connection:open', this.#opened)
    libp2p.removeEventListener('peer:identify', this.#identified)
    libp2p.removeEventListener('peer:disconnect', this.#gone)
    for (const peer of [...this.#waits.keys()]) this.#forget(peer)
  }

  #wait({ limits, remotePeer }: Connection): void {
    const { clock = systemClock, isBootstrap } = this.#init
    const peer = remotePeer.toString()
    if (limits !== undefined || isBootstrap(peer) || this.#waits.has(peer)) return
    this.#waits.set(
      peer,
      clock.after(STAY, () => void this.#remember(peer)),
    )
  }

  #identify({ peerId, connection }: IdentifyResult): void {
    const { memory, isBootstrap } = this.#init
    const peer = peerId.toString()
    if (connection.limits !== undefined || isBootstrap(peer)) return
    if (memory.peers.length < FEW || memory.knows(peer)) void this.#remember(peer)
  }

  #forget(peer: string): void {
    this.#waits.get(peer)?.()
    this.#waits.delete(peer)
  }

  async #remember(peer: string): Promise<void> {
    const { libp2p, memory, atHome } = this.#init
    const known = await libp2p.peerStore.get(idOf(peer)).catch(() => undefined)
    const signed = (known?.addresses ?? []).filter(({ isCertified }) => isCertified)
    memory.met(
      peer,
      doorsOf(
        peer,
        signed.map(({ multiaddr }) => multiaddr),
        atHome,
      ),
    )
  }
}
