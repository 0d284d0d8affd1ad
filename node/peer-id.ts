/** A PeerID in its usual text form, `12D3KooW…`. */
export type PeerId = string
