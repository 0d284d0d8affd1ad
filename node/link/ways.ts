/**
 * The ways to a peer: addresses to try, best first.
 *
 * Every peer keeps a reservation at the entrances it is connected to, so one of ours may well lead to it;
 * then come the relays that its own signed record names. An address here is a relay's; a handshake goes
 * through it, end-to-end encrypted, and a WebRTC link after it.
 */
import type { PeerId, PeerStore } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { Circuit } from '@multiformats/multiaddr-matcher'

/** Relays tried for one peer. */
const MAX_WAYS = 6

/** `…/p2p/RELAY/p2p-circuit/p2p/PEER` for each relay that may carry a handshake to `peer`. */
export async function waysTo(
  peer: PeerId,
  entrances: readonly Multiaddr[],
  peerStore: PeerStore,
): Promise<Multiaddr[]> {
  const known = await peerStore.get(peer).catch(() => undefined)
  const recorded = (known?.addresses ?? [])
    .map(({ multiaddr: address }) => address.toString().split('/p2p-circuit')[0] ?? '')
    .filter((relay) => relay !== '')
  const relays = new Set([...entrances.map(String), ...recorded])
  return [...relays]
    .map((relay) => multiaddr(`${relay}/p2p-circuit/p2p/${peer}`))
    .filter((way) => Circuit.exactMatch(way))
    .slice(0, MAX_WAYS)
}

/** The WebRTC address that begins with the handshake `way`. */
export function webrtcOver(way: Multiaddr): Multiaddr {
  const [relay, target] = way.toString().split('/p2p-circuit')
  return multiaddr(`${relay}/p2p-circuit/webrtc${target}`)
}
