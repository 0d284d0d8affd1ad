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

/** Likeliest first. Links that have nothing to do with the owner learn of the question only if nobody is registered. */
export async function holdersOf(
  { self, find, links }: Acquaintances,
  owner: PeerId,
  { signal }: AbortOptions,
): Promise<readonly PeerId[]> {
  const linked = links()
  if (linked.includes(owner)) return [owner, self]
  const patience = AbortSignal.timeout(PATIENCE)
  const end = signal == null ? patience : AbortSignal.any([signal, patience])
  const found = await find(owner, { signal: end }).catch(() => undefined)
  signal?.throwIfAborted()
  if (found === undefined) return [owner, self, ...linked]
  return [found.epoch.writer, ...found.contingents, self]
}
