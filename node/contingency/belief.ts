/**
 * Belief: what of other peers' words reaches the contingency machine. Chains are signed by who gives them,
 * entries by their owner; what lies in an inbox is signed by nobody whom a holder could check.
 *
 * Law: whatever a holder lets in, its writer and the owner will let in too, or one bad entry would cost the owner
 * all that lies behind it. So a stranger's message must have the shape that `isDeposit` asks of it, and its
 * counter, which a holder is free to choose, must lie in an epoch that somebody has proven to have begun: an
 * inbox cannot push the owner's counter to where numbers end, nor beyond what the owner will write next.
 */
import { INBOX, type Message, type Part, proves } from '#protocols/contingency/index'
import { type Entry, SPAN } from '#protocols/state/index'
import type { PeerId } from '../peer-id.ts'
import { isDeposit } from '../state/inbox.ts'
import { isGenuine } from '../state/seal.ts'
import { hasGenuineChain } from './right.ts'

/** What the machine knows of a duty. */
interface Known {
  part: Part
  epoch: { n: number }
}

export class Belief {
  readonly #self: PeerId
  readonly #known: (owner: PeerId) => Known | undefined
  /** The furthest epoch of our own state that others have proven to us. */
  #proven = 0

  constructor(self: PeerId, known: (owner: PeerId) => Known | undefined) {
    this.#self = self
    this.#known = known
  }

  /** Whether what `from` says is to be taken at its word. */
  async holds(message: Message, from: PeerId): Promise<boolean> {
    if (message.type === 'deposit') {
      const { id, body } = message
      return isDeposit({ key: `${INBOX}${from}/${id}`, body })
    }
    if (!(await hasGenuineChain(message, Date.now()))) return false
    this.#learn(message, from)
    if (message.type !== 'delta') return true
    const { owner, entries } = message
    const limit = this.#limit(owner, message.epoch.n)
    if (entries.some((entry) => isDeposit(entry) && entry.n >= limit)) return false
    return (await genuine(owner, entries)).length === entries.length
  }

  /** A returning owner goes beyond every epoch that is proven like this: see `Returning`. */
  #learn(message: Message, from: PeerId): void {
    if (!('chain' in message) || message.owner !== this.#self) return
    const own = message.type === 'held' || message.epoch.writer === from
    if (own && proves(this.#self, message.epoch, message.chain)) {
      this.#proven = Math.max(this.#proven, message.epoch.n)
    }
  }

  /** Counters of deposits end before this one. */
  #limit(owner: PeerId, said: number): number {
    const known = this.#known(owner)
    // Nothing of it is held here, so nothing of it will be taken.
    if (known === undefined) return Number.POSITIVE_INFINITY
    const { part, epoch } = known
    // Nor of an epoch beyond ours: the machine answers that it wants proof.
    if (part !== 'returning' && said > epoch.n) return Number.POSITIVE_INFINITY
    if (owner !== this.#self) return (epoch.n + 1) * SPAN
    // While the owner writes nobody takes in messages: all there are come from before.
    return part === 'writing' ? epoch.n * SPAN : (Math.max(epoch.n, this.#proven) + 1) * SPAN
  }
}

/** Those that the owner signed, or that lie in the inbox. */
export async function genuine(owner: PeerId, entries: readonly Entry[]): Promise<Entry[]> {
  const verdicts = await Promise.all(entries.map((entry) => isGenuine(owner, entry)))
  return entries.filter((_, index) => verdicts[index])
}
