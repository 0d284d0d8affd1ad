/**
 * Ties: peers whose links are not to be closed for want of room. When there are too many connections libp2p closes
 * those to peers of least value first; who holds for us, and whom we hold for, has a tag that counts.
 */
import type { PeerStore } from '@libp2p/interface'
import { idOf, type PeerId } from '../peer-id.ts'

const TAG = 'colonia-contingency'
/** As much as anything in libp2p is worth (kad-dht's closest peers have 50); bare links have 0. */
const VALUE = 100

export class Ties {
  readonly #store: PeerStore
  #tied = new Set<PeerId>()

  constructor(store: PeerStore) {
    this.#store = store
  }

  has(peer: PeerId): boolean {
    return this.#tied.has(peer)
  }

  /** These, and no others. */
  tie(peers: Iterable<PeerId>): void {
    const wanted = new Set(peers)
    for (const peer of wanted) if (!this.#tied.has(peer)) this.#tag(peer, { value: VALUE })
    for (const peer of this.#tied) if (!wanted.has(peer)) this.#tag(peer, undefined)
    this.#tied = wanted
  }

  #tag(peer: PeerId, tag: { value: number } | undefined): void {
    // A name in a roster may be no PeerID, and a store may have closed: then there is no link to keep either.
    try {
      this.#store.merge(idOf(peer), { tags: { [TAG]: tag } }).catch(() => {})
    } catch {}
  }
}
