/**
 * The address of a peer that is reached through others: `/p2p/HOP/p2p-circuit/p2p/HOP/p2p-circuit/p2p/TARGET`.
 * Unlike that of a bootstrap's relay it begins with a peer, to which there is a connection already.
 */
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { MAX_PATH } from '#protocols/relay/index'
import type { PeerId } from '../peer-id.ts'

/** @param path the peers that carry, nearest first, and the target last */
export function addressOf(path: readonly PeerId[]): Multiaddr {
  return multiaddr(`/p2p/${path.join('/p2p-circuit/p2p/')}`)
}

/** The path that an address names, if it is one of ours and no longer than a path may be. */
export function pathOf(address: Multiaddr): PeerId[] | undefined {
  const path: PeerId[] = []
  for (const [index, { name, value }] of address.getComponents().entries()) {
    if (index % 2 === 1 ? name !== 'p2p-circuit' : name !== 'p2p' || value === undefined) return undefined
    if (value !== undefined) path.push(value)
  }
  if (path.length < 2 || path.length > MAX_PATH || address.getComponents().length % 2 === 0) return undefined
  return path
}

/** An address that ends with the peer whose it is, as some are told and some are not. */
export function withId(address: Multiaddr, id: { toString(): PeerId }): Multiaddr {
  const last = address.getComponents().at(-1)
  return last?.name === 'p2p' ? address : address.encapsulate(`/p2p/${id}`)
}
