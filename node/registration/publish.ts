/** Publishing: signs a registration and puts it in the DHT. */
import type { PrivateKey } from '@libp2p/interface'
import type { Draft } from '#protocols/registration/index'
import type { PeerId } from '../peer-id.ts'
import type { Errand, RegistrationDht } from './dht.ts'
import { keyOf, seal } from './envelope.ts'

export interface Published {
  /** Who keeps it now. */
  keepers: PeerId[]
  /** How many would not, this peer among them: they may keep one that stands and not this one. */
  refusals: number
}

/** Never rejects: out of time, or of peers, fewer keep it. */
export async function publish(
  draft: Draft,
  { key, dht: { dht } }: { key: PrivateKey; dht: Pick<RegistrationDht, 'dht'> },
  errand: Errand,
): Promise<Published> {
  const keepers: PeerId[] = []
  const asked = new Set<PeerId>()
  let refusals = 0
  try {
    const bytes = await seal(draft, key, Date.now())
    for await (const event of dht.put(keyOf(draft.owner), bytes, errand)) {
      if (event.name === 'SEND_QUERY' && event.messageName === 'PUT_VALUE') asked.add(event.to.toString())
      if (event.name === 'PEER_RESPONSE' && event.record !== undefined) keepers.push(event.from.toString())
      // Whoever is silent did not refuse.
      if (event.name !== 'QUERY_ERROR' || isPatience(event.error)) continue
      if (asked.has(event.from.toString())) refusals += 1
    }
  } catch (error) {
    if (!isPatience(error as Error)) refusals += 1
  }
  return { keepers, refusals }
}

/** Whether it is our own patience that has ended. */
function isPatience({ name }: Error): boolean {
  return name === 'AbortError' || name === 'TimeoutError'
}
