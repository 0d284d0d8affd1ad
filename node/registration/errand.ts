/**
 * Links for an errand: a look-up or a put may make a few when those that there are do not lead far enough.
 *
 * Law: a link that is there is used; one errand makes at most `DIALS`, and none when this peer has plenty already,
 * for a tab may open some five hundred in its life.
 */
import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { isDirect, type Links } from '../link/links.ts'
import type { Errand } from './dht.ts'

/** So many times the links that this peer aims for may be there before no errand makes another (guess). */
const LINKED = 3

/** @param target links that this peer aims for; who aims for none makes none for an errand either */
export function linkFor(libp2p: Libp2p, links: Links, target: number) {
  return async (peer: PeerId, { signal, allowance }: Errand): Promise<Connection> => {
    const linked = libp2p.getConnections().filter(isDirect).length
    if (allowance.dials <= 0 || linked >= LINKED * target) throw new Error('no further link for this errand')
    allowance.dials -= 1
    return await links.link(peer.toString(), { signal })
  }
}
