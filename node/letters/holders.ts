/** Who may know about an owner that is away: itself, whoever is registered to write or hold its state, and the links. */
import type { AbortOptions } from '@libp2p/interface'
import type { Registration } from '#protocols/registration/index'
import type { PeerId } from '../peer-id.ts'

/** How long the DHT is waited for, in milliseconds, when there are links that can be asked (guess). */
const PATIENCE = 3_000

export interface Acquaintances {
  self: PeerId
  find: (owner: PeerId, options: AbortOptions) => Promise<Registration | undefined>
  /** Peers with a direct link. */
  links: () => readonly PeerId[]
}

/**
 * In rounds, likeliest first: the owner itself where there is a link, those who are registered, and the rest of the
 * links. That a link is there does not say that the owner is: it may be one that nobody has closed. Links that have
 * nothing to do with the owner learn of the question only if none of the registered knows: a registration may be old.
 */
export async function* holdersOf(
  { self, find, links }: Acquaintances,
  owner: PeerId,
  { signal }: AbortOptions,
): AsyncGenerator<readonly PeerId[]> {
  const asked = new Set<PeerId>()
  const others = (peers: readonly PeerId[]) => {
    const round = [...new Set(peers)].filter((peer) => !asked.has(peer))
    for (const peer of round) asked.add(peer)
    return round
  }
  if (links().includes(owner)) yield others([owner, self])
  const patience = AbortSignal.timeout(PATIENCE)
  const end = signal == null ? patience : AbortSignal.any([signal, patience])
  const found = await find(owner, { signal: end }).catch(() => undefined)
  signal?.throwIfAborted()
  const registered = found === undefined ? [] : [found.epoch.writer, ...found.contingents]
  yield others([owner, self, ...registered])
  yield others(links())
}
