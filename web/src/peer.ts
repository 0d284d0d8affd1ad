/**
 * PeerIDs as people meet them: in links, in fields, in short form. They stand in the fragment of a link, which
 * browsers never send to a server, so no log ever holds who calls whom.
 */
import type { PeerId } from '#node/api'

/**
 * An Ed25519 PeerID in base58btc: 38 bytes with a fixed beginning, 52 characters. libp2p would say the same,
 * but it comes later than the first paint.
 */
const PEER_ID = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/

/** Where the page is: at home, at someone's link, or at a link that leads nowhere. */
export type Route =
  | { type: 'home' }
  | { type: 'hand'; given: string }
  | { type: 'person'; peer: PeerId }
  | { type: 'bad-link' }

export function routeOf(hash: string): Route {
  const fragment = hash.replace(/^#\/?/, '')
  if (fragment === '') return { type: 'home' }
  if (/^meet(=|$)/i.test(fragment)) return { type: 'hand', given: fragment }
  return PEER_ID.test(fragment) ? { type: 'person', peer: fragment } : { type: 'bad-link' }
}

/** The PeerID in a pasted text, be it a link, a bare PeerID or a sentence around one. */
export function findPeer(pasted: string): PeerId | undefined {
  const words = pasted.split(/[^0-9A-Za-z]+/)
  return words.find((word) => PEER_ID.test(word))
}

export function linkTo(peer: PeerId): string {
  return `${location.origin}${location.pathname}#${peer}`
}

/** Enough of a PeerID to tell two apart at a glance. All begin with the same letters, so the end says more. */
export function shorten(peer: PeerId): string {
  return `…${peer.slice(-6)}`
}
