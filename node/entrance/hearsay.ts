/**
 * Addresses that others told of: which of them make sense at all.
 *
 * Law: what anyone may claim is tried only where it can do no harm. A private address means another machine in
 * every network, so it is taken only by a peer that is itself at home on a private one, or from an entrance
 * that is: else any stranger could have a page knock at the doors of its visitor's house.
 */
import { isPrivateIp, isPrivate as isPrivateMultiaddr } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { Circuit, WebRTCDirect, WebSockets, WebSocketsSecure } from '@multiformats/multiaddr-matcher'

/** Longest multiaddr that is remembered; WebRTC-Direct with two certificate hashes and a PeerID has 230 characters. */
const MAX_LENGTH = 256
/** Addresses of one peer that are remembered; what is dropped is what is dialled last. */
const MAX_ADDRESSES = 4

/** Whether an entrance, a URL or a multiaddr, is in a private network or on this machine. */
export function isPrivate(entrance: string): boolean {
  if (entrance.startsWith('/')) return isPrivateMultiaddr(multiaddr(entrance))
  const host = URL.parse(entrance)?.hostname.replace(/^\[|\]$/g, '') ?? ''
  return /(^|\.)(localhost|local|internal)$/.test(host) || isPrivateIp(host) === true
}

/** Bootstraps of which the one at `by` told: origins, and private ones only of one that is private itself. */
export function sensible(urls: readonly string[], by: string): string[] {
  const origins = urls.flatMap((url) => URL.parse(url)?.origin ?? [])
  return [...new Set(origins)].filter((url) => isPrivate(by) || !isPrivate(url))
}

/** Whether a peer is dialled there without anyone's help. */
export function isDirectAddress(address: Multiaddr): boolean {
  if (Circuit.matches(address)) return false
  return [WebSocketsSecure, WebSockets, WebRTCDirect].some((kind) => kind.exactMatch(address))
}

/**
 * Where `peer` says that it can be dialled, best first: over TLS, which passes every firewall, then what costs a
 * page no RTCPeerConnection. Without private ones, unless this peer is at home in a private network.
 */
export function doorsOf(peer: string, addresses: readonly Multiaddr[], atHome: boolean): string[] {
  const direct = addresses.filter(isDirectAddress).filter((address) => atHome || !isPrivateMultiaddr(address))
  const named = direct.map((address) =>
    address.toString().includes('/p2p/') ? address : withPeer(address, peer),
  )
  const best = [...new Set(named.sort((a, b) => costOf(a) - costOf(b)).map(String))]
  return best
    .filter((text) => text.length <= MAX_LENGTH && text.endsWith(`/p2p/${peer}`))
    .slice(0, MAX_ADDRESSES)
}

/** The PeerID at the end of an address of a peer. */
export function peerIn(address: string): string {
  return address.slice(address.lastIndexOf('/p2p/') + '/p2p/'.length)
}

function withPeer(address: Multiaddr, peer: string): Multiaddr {
  return address.encapsulate(`/p2p/${peer}`)
}

function costOf(address: Multiaddr): number {
  return [WebSocketsSecure, WebSockets, WebRTCDirect].findIndex((kind) => kind.exactMatch(address))
}
