/**
 * Standing: how this peer stands to those it is linked to. It tells them what speaks for it, weighs what they say
 * of themselves, and sees to it that links to its holders, and to those for whom it holds, are kept.
 */
import type { Libp2p } from '@libp2p/interface'
import type { Candidate, Config, Machine } from '#protocols/contingency/index'
import type { Clock } from '../driver.ts'
import { isDirect, type Links } from '../link/links.ts'
import type { PeerId } from '../peer-id.ts'
import { Evidence, isNews, type Status } from './evidence.ts'
import { Ties } from './ties.ts'

export interface StandingInit {
  libp2p: Libp2p
  links: Links
  machine: Machine
  config: Config
  clock: Clock
  say: (peer: PeerId, status: Status) => void
}

export class Standing {
  readonly #init: StandingInit
  readonly #self: PeerId
  readonly #evidence = new Evidence()
  readonly #ties: Ties
  readonly #begun: number
  /** What was last said of ourselves to everyone. */
  #said: Status

  constructor(init: StandingInit) {
    this.#init = init
    this.#self = init.libp2p.peerId.toString()
    this.#ties = new Ties(init.libp2p.peerStore)
    this.#begun = init.clock.now()
    this.#said = this.#status
  }

  linked(peer: PeerId): void {
    const { clock, say } = this.#init
    if (this.#evidence.met(peer, clock.now())) say(peer, this.#status)
  }

  unlinked(peer: PeerId): void {
    this.#evidence.gone(peer)
  }

  hear(peer: PeerId, status: Status): void {
    this.#evidence.hear(peer, status)
  }

  /** Whether that peer holds for us, or we for it. */
  needs(peer: PeerId): boolean {
    return this.#ties.has(peer)
  }

  /** Who could be appointed, and what is known of each. */
  get candidates(): Candidate[] {
    const { clock, links, machine } = this.#init
    const bytes = machine.duty(this.#self)?.store.bytes ?? 0
    return [...this.#evidence.peers].flatMap((id) => {
      const connection = links.get(id)
      if (connection === undefined || !isDirect(connection)) return []
      return [this.#evidence.of(id, connection.rtt ?? 0, bytes, clock.now())]
    })
  }

  /** Whom this peer holds, or who holds it, has changed. */
  changed(): void {
    const { machine, say } = this.#init
    const duties = [this.#self, ...machine.holding].flatMap((owner) => machine.duty(owner) ?? [])
    const others = duties.flatMap(({ epoch, roster }) => [epoch.writer, ...roster])
    this.#ties.tie(others.filter((peer) => peer !== this.#self))
    const status = this.#status
    if (!isNews(status, this.#said)) return
    this.#said = status
    for (const peer of this.#evidence.peers) say(peer, status)
  }

  get #status(): Status {
    const { clock, config, machine } = this.#init
    const { owners: places, bytes } = config.capacity
    const sizes = machine.holding.map((owner) => machine.duty(owner)?.store.bytes ?? 0)
    const left = bytes - sizes.reduce((sum, size) => sum + size, 0)
    const room = sizes.length < places ? Math.max(0, left) : 0
    return { type: 'status', up: Math.round(clock.now() - this.#begun), owners: sizes.length, room }
  }
}
