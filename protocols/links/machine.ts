/**
 * Which links to make, to keep and to let go: a peer's budget of direct connections.
 *
 * Law: links are a budget and not a goal. A tab may open about 500 RTCPeerConnections in its life (measured in
 * Chromium), so the machine stops at `target`, dials few at a time, spends no more than its allowance, and leaves a
 * peer that cannot be reached alone for longer each time. Links that others make to us count: they serve as well.
 *
 * Which ones, is decided by the keyspace. The few nearest peers are always linked, wherever they are heard of: so a
 * look-up that comes near someone has come to someone who is linked to it (the leaf set of Pastry; Rowstron, Druschel
 * 2001). The others spread over the buckets of Kademlia, the emptiest first. Peers are heard of from entrances and
 * from links, who tell each other whom they are linked to. Beyond `most` the least needed link is let go, and never
 * one that either side needs because it is near, or that somebody uses.
 */
import { type Machine as AnyMachine, earliest, type Millis, type Tick, unreachable } from '../machine.ts'
import { type Candidate, Candidates, type Patience } from './candidates.ts'
import { choose, type Linked, leastNeeded } from './choice.ts'
import { type Key, nearest } from './keyspace.ts'
import { MAX_TOLD } from './messages.ts'

export { MAX_CANDIDATES } from './candidates.ts'

export type Input<Id> =
  /** Peers that an entrance knows to be alive. */
  | { type: 'introduced'; peers: readonly Id[] }
  /** A linked peer says whom it is linked to: all of them, each time. */
  | { type: 'told'; from: Id; peers: readonly Id[] }
  /** Peers near to this one, as a `look` found. */
  | { type: 'seen'; peers: readonly Id[] }
  /** A direct connection is there, whoever made it. */
  | { type: 'linked'; peer: Id }
  | { type: 'unlinked'; peer: Id }
  /** A dial that this machine asked for did not succeed. */
  | { type: 'dial-failed'; peer: Id }
  | Tick

export type Output<Id> =
  | { type: 'dial'; peer: Id }
  /** Close the link: there are enough without it. */
  | { type: 'retire'; peer: Id }
  /** Tell these whom this peer is linked to. */
  | { type: 'tell'; to: readonly Id[]; peers: readonly Id[] }
  /** Look up who is nearest to this peer: what links tell may leave someone out. */
  | { type: 'look' }

export interface Config<Id> extends Patience {
  /** Where this peer is in the keyspace, and where others are. */
  self: Key
  keyOf: (id: Id) => Key
  /** Whether somebody uses the link to that peer, so that it must not be let go. */
  keeps: (id: Id) => boolean
  /** Links to aim for, 0 to `MAX_LINKS`. With 0 none is ever made. */
  target: number
  /** Nearest peers that are linked in any case. */
  near: number
  /**
   * Links above which those that neither side needs are let go, `spare` milliseconds after. Each costs both sides its
   * pings, and whoever was near before others came is one. Default: twice as many as there are to be.
   */
  most?: number
  spare: Millis
  /** Dials under way at once. */
  parallel: number
  /** How long the greater of two peers that hear of each other waits for the other's dial, in milliseconds. */
  yield: Millis
  /** Dials at once when none were made for long, and how many grow back in an hour. */
  allowance: { burst: number; perHour: number }
  /** From the first link, or the loss of a near one, to a look, in milliseconds; it doubles each time up to `lookCap`. */
  look: Millis
  lookCap: Millis
  /** From a change of links to telling of it, in milliseconds, so that several changes are one. */
  tell: Millis
}

/** Links that a peer may have, a tenth of the connections that a tab may open in its life. Further ones are closed. */
export const MAX_LINKS = 48

/** Below so many links neither allowance nor what was given up counts: with one, its loss would be the last. */
const DESPERATE = 2

/**
 * Two dials at once keep a phone's processor free for the call that the person came for. Four near ones: the leaf set
 * holds unless all four leave within the second in which it is mended. The rest are guesses.
 */
export const defaultConfig = {
  target: 8,
  near: 4,
  spare: 30_000,
  parallel: 2,
  retry: 5_000,
  attempts: 3,
  forget: 600_000,
  despair: 30_000,
  yield: 2_000,
  allowance: { burst: 32, perHour: 60 },
  look: 5_000,
  lookCap: 600_000,
  tell: 1_000,
} as const

export class Machine<Id> implements AnyMachine<Input<Id>, Output<Id>> {
  readonly #config: Config<Id>
  readonly #linked = new Map<Id, Linked<Id>>()
  /** Links that are being closed. */
  readonly #retiring = new Set<Id>()
  /** Dials under way. */
  readonly #dialing = new Map<Id, Candidate<Id>>()
  readonly #candidates: Candidates<Id>
  #tokens: number
  #tokensAt: Millis | undefined
  #tellAt: Millis | undefined
  #spareAt: Millis | undefined
  #lookAt: Millis | undefined
  #looks = 0

  constructor(config: Config<Id>) {
    this.#config = config
    this.#candidates = new Candidates(config)
    this.#tokens = config.allowance.burst
  }

  /** Whether further introductions would be of use. */
  get wanting(): boolean {
    return this.#linked.size + this.#dialing.size + this.#candidates.hopeful < this.#config.target
  }

  nextDeadline(): Millis | undefined {
    const { parallel, target } = this.#config
    const mayDial = this.#dialing.size < parallel && target > 0
    // Without an allowance left the moment of the next dial is when there is one again.
    const retry = mayDial ? this.#candidates.next(this.#now, this.#isDesperate) : undefined
    const waits = mayDial && this.#tokens < 1 && !this.#isDesperate && this.#choose(this.#now) !== undefined
    return earliest([
      this.#tellAt,
      this.#spareAt,
      this.#lookAt,
      waits ? this.#nextToken : retry === undefined ? undefined : Math.max(retry, this.#now + 1),
    ])
  }

  #now: Millis = 0

  handle(input: Input<Id>, now: Millis): readonly Output<Id>[] {
    this.#now = now
    this.#take(input, now)
    return [...this.#retire(now), ...this.#dial(now), ...this.#tell(now), ...this.#look(now)]
  }

  #take(input: Input<Id>, now: Millis): void {
    switch (input.type) {
      case 'introduced':
        for (const peer of input.peers) this.#hear(peer, now, true)
        return
      case 'seen':
        for (const peer of input.peers) this.#hear(peer, now, false)
        return
      case 'told': {
        const from = this.#linked.get(input.from)
        if (from === undefined) return
        const { self, keyOf } = this.#config
        const told = input.peers.slice(0, MAX_TOLD).map((id) => ({ id, key: keyOf(id) }))
        from.told = told.map(({ key }) => key)
        // Nearest first, so that each peer begins with others.
        for (const { id } of nearest(self, told, MAX_TOLD)) this.#hear(id, now, false)
        return
      }
      case 'linked': {
        const { peer } = input
        this.#dialing.delete(peer)
        this.#candidates.take(peer)
        if (this.#linked.has(peer)) return
        this.#linked.set(peer, { id: peer, key: this.#config.keyOf(peer), since: now, told: [] })
        if (this.#linked.size === 1) this.#lookSoon(now)
        return this.#changed(now)
      }
      case 'unlinked': {
        const { peer } = input
        const linked = this.#linked.get(peer)
        if (linked === undefined) return
        const { self, near } = this.#config
        if (nearest(self, this.#linked.values(), near).includes(linked)) this.#lookSoon(now)
        this.#linked.delete(peer)
        this.#retiring.delete(peer)
        // It was there a moment ago: worth another try, once its tab may have been reloaded.
        this.#candidates.failed(peer, linked.key, 1, now)
        return this.#changed(now)
      }
      case 'dial-failed': {
        const dialed = this.#dialing.get(input.peer)
        if (!this.#dialing.delete(input.peer) || dialed === undefined) return
        return this.#candidates.failed(dialed.id, dialed.key, dialed.failures + 1, now)
      }
      case 'tick':
        return
      default:
        return unreachable(input)
    }
  }

  /** Whoever has next to no links must find some, whatever it costs. */
  get #isDesperate(): boolean {
    return this.#linked.size < DESPERATE
  }

  #hear(peer: Id, now: Millis, sure: boolean): void {
    const { self } = this.#config
    const key = this.#config.keyOf(peer)
    if (key === self || this.#linked.has(peer) || this.#dialing.has(peer)) return
    // Who tells one of the other tells the other of the one, and both would dial.
    const wait = !sure && self > key ? this.#config.yield : 0
    this.#candidates.add(peer, key, now, { sure, wait })
  }

  get #most(): number {
    const { target, near, most = 2 * Math.max(target, near) } = this.#config
    return most
  }

  #changed(now: Millis): void {
    this.#tellAt ??= now + this.#config.tell
    if (this.#linked.size <= this.#most) this.#spareAt = undefined
    else this.#spareAt ??= now + this.#config.spare
  }

  #tell(now: Millis): Output<Id>[] {
    if (this.#tellAt === undefined || now < this.#tellAt) return []
    this.#tellAt = undefined
    const peers = [...this.#linked.keys()]
    return peers.length === 0 ? [] : [{ type: 'tell', to: peers, peers: peers.slice(0, MAX_TOLD) }]
  }

  #lookSoon(now: Millis): void {
    this.#looks = 0
    this.#lookAt = now + this.#config.look
  }

  #look(now: Millis): Output<Id>[] {
    if (this.#lookAt === undefined || now < this.#lookAt) return []
    const { look, lookCap, target } = this.#config
    this.#looks += 1
    this.#lookAt = this.#linked.size === 0 ? undefined : now + Math.min(look * 2 ** this.#looks, lookCap)
    return this.#linked.size === 0 || target === 0 ? [] : [{ type: 'look' }]
  }

  #dial(now: Millis): Output<Id>[] {
    const output: Output<Id>[] = []
    while (this.#dialing.size < this.#config.parallel) {
      const chosen = this.#choose(now)
      if (chosen === undefined || !(this.#spend(now) || this.#isDesperate)) break
      this.#candidates.take(chosen.id)
      this.#dialing.set(chosen.id, chosen)
      output.push({ type: 'dial', peer: chosen.id })
    }
    return output
  }

  /** Who is worth a link now. */
  #choose(now: Millis): Candidate<Id> | undefined {
    const { target } = this.#config
    const own = [...this.#linked.values(), ...this.#dialing.values()]
    if (target === 0 || own.length >= MAX_LINKS) return undefined
    return choose(own, this.#candidates.ready(now, this.#isDesperate), this.#config)
  }

  #retire(now: Millis): Output<Id>[] {
    const { spare } = this.#config
    const due = this.#spareAt !== undefined && now >= this.#spareAt
    if (due) this.#spareAt = now + spare
    const over = this.#linked.size > MAX_LINKS
    if (!due && !over) return []
    const surplus = this.#linked.size - this.#retiring.size - (over ? MAX_LINKS : this.#most)
    const spared = leastNeeded([...this.#linked.values()], this.#config)
      .filter(({ id }) => !this.#retiring.has(id))
      .slice(0, Math.max(0, surplus))
    for (const { id } of spared) this.#retiring.add(id)
    if (due && surplus <= spared.length) this.#spareAt = undefined
    return spared.map(({ id }) => ({ type: 'retire', peer: id }))
  }

  get #nextToken(): Millis {
    const { perHour } = this.#config.allowance
    return (this.#tokensAt ?? this.#now) + Math.ceil(((1 - this.#tokens) * 3_600_000) / perHour)
  }

  #spend(now: Millis): boolean {
    const { burst, perHour } = this.#config.allowance
    const grown = ((now - (this.#tokensAt ?? now)) / 3_600_000) * perHour
    this.#tokens = Math.min(burst, this.#tokens + grown)
    this.#tokensAt = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
