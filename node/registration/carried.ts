/**
 * Connections for an errand: a look-up or a put asks peers that are not linked over connections that others carry.
 *
 * Law: a connection that there is is used; one errand has at most `CARRIES` made, and never a link: a tab may open some
 * five hundred of these in its life.
 */
import type { Connection, PeerId } from '@libp2p/interface'
import type { Links } from '../link/links.ts'
import type { Errand } from './dht.ts'

export function carriedFor(links: Links) {
  return async (peer: PeerId, { signal, allowance }: Errand): Promise<Connection> => {
    const open = links.get(peer.toString())
    if (open !== undefined) return open
    if (allowance.carries <= 0) throw new Error('no further connection for this errand')
    allowance.carries -= 1
    return await links.carried(peer.toString(), { signal })
  }
}
