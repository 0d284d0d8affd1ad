/** The mesh as this page sees it, gathered by peer: what the picture shows and the lists say. */
import type { ColoniaNode, Entrance, Link, PeerId } from '#node/api'

/** A peer that this one has to do with. */
export interface Mate {
  readonly peer: PeerId
  readonly link: Link | undefined
  /** Stands in for me: 1 is the first. */
  readonly rank: number | undefined
  /** I have a copy of theirs. */
  readonly held: boolean
  readonly inCall: boolean
}

export interface MeshView {
  /** Those first who matter most: in a call, standing in, held, linked directly. */
  readonly mates: readonly Mate[]
  readonly entrances: readonly Entrance[]
  /** Pairs of `mates` that are linked to each other, as they say. */
  readonly edges: readonly (readonly [PeerId, PeerId])[]
}

type Mesh = Pick<ColoniaNode, 'links' | 'entrances' | 'contingency' | 'calls' | 'neighbours'>

export function viewOf(node: Mesh): MeshView {
  const links = new Map(node.links.map((link) => [link.peer, link]))
  const ranks = new Map(node.contingency.holders.map(({ peer }, index) => [peer, index + 1]))
  const held = new Set(node.contingency.holding.map(({ owner }) => owner))
  const called = new Set(node.calls.filter(({ phase }) => phase !== 'incoming').map(({ peer }) => peer))
  const peers = new Set([...called, ...ranks.keys(), ...held, ...links.keys()])
  const mates = [...peers].map((peer) => {
    return {
      peer,
      link: links.get(peer),
      rank: ranks.get(peer),
      held: held.has(peer),
      inCall: called.has(peer),
    }
  })
  mates.sort((a, b) => weight(b) - weight(a) || (a.peer < b.peer ? -1 : 1))
  const edges = new Map<string, readonly [PeerId, PeerId]>()
  for (const [one, others] of node.neighbours) {
    for (const other of others) {
      if (one !== other && peers.has(one) && peers.has(other)) {
        const pair: [PeerId, PeerId] = one < other ? [one, other] : [other, one]
        edges.set(pair.join(), pair)
      }
    }
  }
  return { mates, entrances: node.entrances, edges: [...edges.values()] }
}

/** Who is drawn when not all fit. */
function weight({ inCall, rank, held, link }: Mate): number {
  return (inCall ? 8 : 0) + (rank === undefined ? 0 : 4) + (held ? 2 : 0) + (link?.direct ? 1 : 0)
}
