/**
 * Finding: where a peer is and how that came out. What is found here was reached: a handshake, which opens no
 * RTCPeerConnection, says that it is so; of one that is away its registration says who stands in for it.
 */
import type { AbortOptions } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { ColoniaError } from '../errors.ts'
import type { PeerId } from '../peer-id.ts'
import type { Lookup } from '../registration/registry.ts'
import { pathOf } from '../relay/address.ts'
import type { Links } from './links.ts'
import type { How } from './search.ts'

export interface Finding {
  readonly peer: PeerId
  /** `away`: it is registered, but cannot be reached itself. */
  readonly presence: 'here' | 'away'
  /** How it was found: see `How`. */
  readonly how: How
  /** The peers that carry what is said to it, nearest first; none on a link or through a bootstrap. */
  readonly via: readonly PeerId[]
  /** Rounds of the look-up that it took; 0 when nobody had to be asked. */
  readonly rounds: number
  /** Milliseconds from the question to the proof. */
  readonly millis: number
  /** Of one that is away: who stands in for it, as registered. */
  readonly standIn?: PeerId
}

export interface FindingInit {
  links: Links
  lookUp: (peer: PeerId, options: AbortOptions) => Promise<Lookup | undefined>
  now: () => number
}

/** @throws ColoniaError `unreachable`, `no-entrance`; or the signal's reason */
export async function findPeer(
  { links, lookUp, now }: FindingInit,
  peer: PeerId,
  options: AbortOptions,
): Promise<Finding> {
  const began = now()
  const millis = () => Math.round((now() - began) * 10) / 10
  const open = links.get(peer)
  if (open !== undefined) {
    const via = pathOf(open.remoteAddr)?.slice(0, -1) ?? []
    return { peer, presence: 'here', how: 'link', via, rounds: 0, millis: millis() }
  }
  try {
    const { lead } = await links.find(peer, options)
    const via = pathOf(multiaddr(lead.way))?.slice(0, -1) ?? []
    return { peer, presence: 'here', how: lead.how, via, rounds: lead.rounds, millis: millis() }
  } catch (error) {
    if (!(error instanceof ColoniaError) || error.code !== 'unreachable') throw error
    const found = await lookUp(peer, options)
    if (found === undefined) throw error
    const { rounds, registration } = found
    const { writer } = registration.epoch
    const standIn = writer === peer || registration.gone ? {} : { standIn: writer }
    return { peer, presence: 'away', how: 'dht', via: [], rounds, millis: millis(), ...standIn }
  }
}
