/**
 * Belief: what of other peers' words reaches the contingency machine. Chains are signed by who gives them,
 * entries by their owner; what lies in an inbox is signed by nobody whom a holder could check.
 *
 * Law: whatever a holder lets in, its writer and the owner will let in too, or one bad entry would cost the owner
 * all that lies behind it. So a stranger's message must have the shape that `isDeposit` asks of it, and its
 * counter, which a holder is free to choose, must lie in an epoch that somebody has proven to have begun: an
 * inbox cannot push the owner's counter to where numbers end, nor beyond what the owner will write next.
 */
import { type Part, proves, type Said } from '#protocols/contingency/index'
import { INBOX, SPAN } from '#protocols/state/index'
import type { PeerId } from '../peer-id.ts'
import { isDeposit } from '../state/inbox.ts'
import { type Refusal, refusalOf } from './refusal.ts'

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

  /** Why what `from` says is not believed; `undefined` if it is. */
  async refusal(from: PeerId, message: Said, wall: number): Promise<Refusal | undefined> {
    if (message.type === 'deposit') {
      const { id, body } = message
      return isDeposit({ key: `${INBOX}${from}/${id}`, body }) ? undefined : 'unfit'
    }
    const refusal = await refusalOf(from, message, wall)
    if (refusal !== undefined) return refusal
    this.#learn(message, from)
    if (message.type !== 'delta') return undefined
    const limit = this.#limit(message.owner, message.epoch.n)
    return message.entries.some((entry) => isDeposit(entry) && entry.n >= limit) ? 'unfit' : undefined
  }

  /** A returning owner goes beyond every epoch that is proven like this: see `Returning`. */
  #learn(message: Said, from: PeerId): void {
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
