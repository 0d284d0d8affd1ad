/**
 * The part of the writer: the owner, or whoever stands in for it.
 *
 * Law: a copy elsewhere is given up only when all that is in it is here, and as many holders as there should be
 * have it too; whoever may have held a copy is told who writes until it answers, or has been silent for long.
 */
import { type Millis, sooner } from '../machine.ts'
import { EMPTY } from '../state/index.ts'
import { holdsRightly } from './chain.ts'
import type { Duty, Play } from './duty.ts'
import { MAX_RANKS } from './epoch.ts'
import { Holders } from './holders.ts'
import type { Inner, Of } from './messages.ts'
import { Prospects } from './prospects.ts'
import type { Succession } from './succession.ts'
import { Telling } from './telling.ts'

/** What is being taken over from someone who is no holder. */
interface Takeover {
  /** Of its copy, as it said. */
  digest: string
  got: number
  complete: boolean
}

/** Whoever woke looks up who is registered, but not again within so long, in milliseconds: a busy machine wakes often. */
const SEEK = 60_000
/** Most take nothing over, most of the time, and there are very many. */
const NOTHING: Map<string, Takeover> = new Map()
/**
 * Peers that are given a copy at a goodbye if nobody has one: who was asked and did not answer may be gone, and so may
 * one of these.
 */
const HEIRS = 2

export class Writing implements Play {
  readonly #duty: Duty
  readonly #holders: Holders
  /** Those who may hold a copy, or write, and are not appointed. */
  readonly #others: Telling
  #takeovers = NOTHING
  readonly #prospects: Prospects
  #soughtAt: Millis = Number.NEGATIVE_INFINITY
  /** When someone who is shunned can be asked again. */
  #retryAt: Millis | undefined

  constructor(duty: Duty, { keep, tell, at = 0, shun = [] }: Succession, now: Millis) {
    this.#duty = duty
    this.#holders = new Holders(duty, now)
    this.#prospects = new Prospects(duty)
    this.#others = new Telling(duty.home.config.announce)
    for (const peer of keep) {
      if (this.#holders.wanted && !this.#holders.has(peer)) this.#holders.hire(peer, now)
      else this.#tell(peer, now)
    }
    for (const peer of tell) this.#tell(peer, Math.max(now, at))
    for (const peer of shun) this.#prospects.shunned.add(peer, false, now)
    this.recruit(now)
  }

  get size(): number {
    return this.#holders.size
  }

  get wanted(): boolean {
    return this.#holders.wanted
  }

  get minds(): number {
    return this.#others.size + this.#takeovers.size + this.#prospects.size
  }

  /** Holders in rank order, and how far each is. */
  get holders(): readonly { id: string; warm: boolean; have: number }[] {
    return this.#holders.view
  }

  /** New entries are in the store. */
  wrote(now: Millis): void {
    this.#holders.wrote(now)
  }

  /** Fills the places that are free, and says so if anything changed. */
  recruit(now: Millis): void {
    while (this.#holders.wanted) {
      const chosen = this.#prospects.best(this.#holders, now)
      if (chosen === undefined) break
      this.#hire(chosen, now)
    }
    this.#retryAt = this.#prospects.shunned.retryAt(now)
    this.#holders.arrange(now)
  }

  /** Goodbye: the first warm holder goes on, at once. */
  leave(now: Millis): void {
    const successor = this.holders.find(({ warm }) => warm)?.id ?? this.#bequeath(now)
    const named = successor === undefined ? {} : { successor }
    for (const { id } of this.holders) this.#duty.send(id, { type: 'leave', ...this.#duty.head, ...named })
  }

  /** Nobody has a copy yet: those who were asked, and others if these are not there, get all of it unasked. */
  #bequeath(now: Millis): string | undefined {
    const { store, home } = this.#duty
    if (store.size === 0 || home.config.copies === 0 || !this.#holders.able) return undefined
    const asked = this.#holders.ids
    const heirs: string[] = []
    for (let room = Math.min(HEIRS, MAX_RANKS - asked.length); room > 0; room--) {
      const heir = this.#prospects.best(this.#holders, now)
      if (heir === undefined) break
      this.#hire(heir, now)
      heirs.push(heir)
    }
    this.#holders.arrange(now)
    for (const id of this.#holders.ids) this.#duty.sendDelta(id, 0)
    // Who was asked may be there, and claims when it misses us.
    return asked[0] ?? heirs[0]
  }

  resign(now: Millis): string | undefined {
    const next = this.holders.find(({ warm }) => warm)?.id
    if (this.#duty.isOwner || next === undefined) return undefined
    this.leave(now)
    return next
  }

  nextDeadline(): Millis | undefined {
    const retryAt = this.#retryAt !== undefined && this.#holders.wanted ? this.#retryAt : undefined
    const spoken = sooner(this.#holders.nextDeadline(), this.#others.nextDeadline())
    return sooner(sooner(spoken, retryAt), this.#duty.forgetAt)
  }

  tick(now: Millis): void {
    if (now >= this.#duty.forgetAt) return this.#duty.effect({ type: 'drop' })
    for (const peer of this.#holders.lost(now)) this.#lose(peer, now)
    this.#holders.tick(now)
    for (const peer of this.#others.due(now)) this.#duty.fence(peer)
    this.recruit(now)
  }

  woke(now: Millis): void {
    this.#holders.woke(now)
    // Whoever took its place may not know where it is, nor those who came after.
    if (now - this.#soughtAt >= SEEK) this.#duty.effect({ type: 'seek' })
    this.#soughtAt = now
  }

  concerns(peer: string): boolean {
    const known = this.#holders.has(peer) || this.#others.has(peer) || this.#prospects.shunned.knows(peer)
    return known || peer === this.#duty.owner || this.wanted
  }

  misses(peer: string): boolean {
    return this.#holders.has(peer) || this.#others.has(peer)
  }

  linked(peer: string, now: Millis): void {
    // It was lost with a link that is made anew: between near peers some die within moments of their birth.
    this.#prospects.shunned.heard(peer)
    if (this.#others.has(peer)) this.#tell(peer, now)
    // An owner that is back may not know whom to ask.
    if (peer === this.#duty.owner) this.#duty.offer(peer)
    this.recruit(now)
  }

  hint(peer: string, now: Millis, news: string): void {
    const { home, head, copy } = this.#duty
    // A holder that writes does not count on us any more, whatever we think of it.
    if (this.#holders.has(peer)) this.#duty.send(peer, { type: 'beat', ...head, ...copy })
    else if (peer !== home.self) this.#others.hear(peer, now, news)
  }

  silent(peer: string, now: Millis): void {
    this.#holders.silent(peer, now)
  }

  closed(peer: string, now: Millis): void {
    if (!this.#holders.has(peer)) return this.#others.hush(peer, now)
    this.#lose(peer, now)
    this.recruit(now)
  }

  take(from: string, message: Inner, now: Millis): void {
    const duty = this.#duty
    const holds = this.#holders.has(from)
    this.#holders.heard(from, now)
    switch (message.type) {
      case 'accept':
      case 'stored':
        // Appointed once and not any more: it comes forward when it hears that we write.
        return holds ? this.#onCopy(from, message, now) : duty.fence(from)
      case 'refuse':
        return holds ? this.#onRefuse(from, message, now) : undefined
      case 'held':
        return this.#onHeld(from, message, now)
      case 'delta':
        return this.#onDelta(from, message, now)
      case 'leave':
        return holds ? this.#onLeave(from, message.successor, now) : undefined
      case 'left':
        this.#others.end(from)
        this.#takeovers.delete(from)
        return holds ? this.#holders.forgot(from, now) : undefined
      case 'return':
        // The owner is back; it takes over once it has what is here.
        return from === duty.owner ? duty.offer(from) : undefined
      case 'fetch':
        return from === duty.owner ? duty.sendDelta(from, message.from) : undefined
      case 'probe':
        // Who asks has not heard us: it hears us now.
        return holds ? duty.send(from, { type: 'beat', ...duty.head, ...duty.copy }) : duty.fence(from)
      default:
        return
    }
  }

  #onCopy(from: string, message: Of<'accept' | 'stored'>, now: Millis): void {
    const secure = this.#holders.secure
    if (message.type === 'stored') this.#holders.stored(from, message, now)
    else {
      this.#prospects.shunned.pardon(from)
      if (this.#holders.accepted(from, message, now)) this.#duty.effect({ type: 'changed' })
      else this.#holders.stored(from, message, now)
      if (message.next !== undefined) this.#prospects.suggest([message.next])
      this.recruit(now)
    }
    // Now others can be spared.
    if (!secure && this.#holders.secure) for (const peer of this.#takeovers.keys()) this.#tell(peer, now)
  }

  #onRefuse(from: string, { suggest }: Of<'refuse'>, now: Millis): void {
    this.#lose(from, now)
    this.#prospects.shunned.add(from, true, now)
    this.#prospects.suggest(suggest)
    this.recruit(now)
  }

  /** Someone has a copy: a former holder, a stand-in that steps down. Take what is in it, then keep or spare it. */
  #onHeld(from: string, { digest, chain }: Of<'held'>, now: Millis): void {
    const { store, head, owner, home } = this.#duty
    if (!holdsRightly(owner, from, chain)) return
    // It lost its rank on the way.
    if (this.#holders.has(from)) return this.#holders.appoint(from, now)
    const before = this.#takeovers.get(from)
    const begun = before?.digest === digest ? before : { got: 0, complete: false }
    const complete = digest === EMPTY || digest === store.digest || begun.complete
    for (const peer of this.#takeovers.keys()) if (!this.#others.has(peer)) this.#takeovers.delete(peer)
    if (this.#takeovers === NOTHING) this.#takeovers = new Map()
    this.#takeovers.set(from, { digest, got: begun.got, complete })
    if (!this.#others.has(from)) this.#others.begin(from, now + home.config.announce)
    if (!complete) return this.#duty.send(from, { type: 'fetch', ...head, from: begun.got })
    if (this.#holders.wanted && this.#prospects.shunned.isWilling(from, now)) {
      this.#hire(from, now)
      this.#holders.arrange(now)
    } else if (this.#holders.secure) {
      this.#duty.send(from, { type: 'dismiss', ...head, turn: this.#holders.turn, digest })
    }
  }

  /** What a holder or another one sends after `fetch`. */
  #onDelta(from: string, message: Of<'delta'>, now: Millis): void {
    if (!this.#holders.has(from) && !this.#others.has(from)) return
    const fresh = this.#duty.absorb(message.entries)
    if (fresh === undefined) return
    if (fresh.length > 0) this.#holders.merged(fresh, now)
    const takeover = this.#takeovers.get(from)
    if (takeover === undefined || message.from > takeover.got) return
    takeover.got = Math.max(takeover.got, message.to)
    if (!message.last || takeover.complete) return
    takeover.complete = true
    // It comes forward again, and is kept or spared.
    this.#tell(from, now)
  }

  #onLeave(from: string, successor: string | undefined, now: Millis): void {
    this.#holders.dismiss(from)
    this.#prospects.shunned.add(from, false, now)
    if (successor !== undefined) this.#prospects.suggest([successor])
    this.recruit(now)
  }

  #hire(peer: string, now: Millis): void {
    this.#others.end(peer)
    this.#takeovers.delete(peer)
    this.#holders.hire(peer, now)
  }

  /** It failed; if it is there after all, it is told and comes forward. */
  #lose(peer: string, now: Millis): void {
    this.#holders.dismiss(peer)
    this.#prospects.shunned.add(peer, false, now)
    this.#tell(peer, now)
  }

  #tell(peer: string, now: Millis): void {
    if (peer !== this.#duty.home.self && !this.#holders.has(peer)) this.#others.begin(peer, now)
  }
}
