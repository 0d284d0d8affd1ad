/** Standing alone: tells how this peer would stand without its entrances, whenever that may have changed. */
import type { Connection, Libp2p } from '@libp2p/interface'
import { type Footing, footingOf } from '#protocols/entrance/index'
import type { Contingency } from '../contingency/contingency.ts'
import type { Linking } from '../link/linking.ts'
import { isDirect } from '../link/links.ts'
import type { Registry } from '../registration/registry.ts'

export interface StandingAloneInit {
  libp2p: Libp2p
  linking: Pick<Linking, 'direct'>
  contingency: Pick<Contingency, 'view'>
  registry: Pick<Registry, 'kept'>
  /** Links and contingents that this peer aims for. */
  wanted: { links: number; copies: number }
  onFooting: (footing: Footing) => void
}

export class StandingAlone {
  readonly #init: StandingAloneInit
  /** Carried connections, of which there are many, are nothing to stand on. */
  readonly #changed = ({ detail }: CustomEvent<Connection>) => {
    if (isDirect(detail)) this.look()
  }

  constructor(init: StandingAloneInit) {
    this.#init = init
    init.libp2p.addEventListener('connection:open', this.#changed)
    init.libp2p.addEventListener('connection:close', this.#changed)
  }

  /** Something of it may have changed. */
  look(): void {
    const { linking, contingency, registry, wanted, onFooting } = this.#init
    const { holders } = contingency.view
    const warm = holders.filter((holder) => holder.warm).length
    onFooting(
      footingOf({
        links: linking.direct.length,
        wanted: wanted.links,
        warm,
        cold: holders.length - warm,
        copies: wanted.copies,
        registered: registry.kept,
      }),
    )
  }

  stop(): void {
    this.#init.libp2p.removeEventListener('connection:open', this.#changed)
    this.#init.libp2p.removeEventListener('connection:close', this.#changed)
  }
}
