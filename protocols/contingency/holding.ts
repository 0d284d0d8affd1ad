/**
 * The part of a holder: a contingent, with a copy and a watch on the writer.
 *
 * Law: it says that it stores only what it has stored; it claims the writer's place only with a chain that
 * names it, only after silence that others confirm, and only in its turn; and it gives up its copy only to a
 * writer that has all of it.
 */
import { type Millis, sooner } from '../machine.ts'
import { Candidacy } from './candidacy.ts'
import type { Appointment, Claim, Duty, Play } from './duty.ts'
import { compareEpochs, type Epoch } from './epoch.ts'
import { type Inner, isOfWriter, type Of } from './messages.ts'
import { isSameRoster } from './roster.ts'
import { Telling } from './telling.ts'
import { Watch } from './watch.ts'

/** Whoever has come forward so often without an answer looks up who writes, and does so again every second time. */
const PATIENCE = 2

export class Holding implements Play {
  readonly #duty: Duty
  readonly #claim: Claim
  readonly #watch: Watch
  /** 0: holds a copy but has no right to claim; the writer has yet to say what to do with it. */
  #rank: number
  /** The writer does not count on this copy, so it does not beat for it; if it fails, its holders come first. */
  #outside = false
  /** It slept, and may be one of those: whoever watched meanwhile comes first, until the writer beats for it again. */
  #doubt: boolean
  /** Of the writer's decisions on who holds, the last that was heard. */
  #turn = 0
  #candidacy: Candidacy | undefined
  /** Who is told that there is a copy here. */
  readonly #offers: Telling

  constructor(duty: Duty, rank: number, claim: Claim, now: Millis) {
    this.#duty = duty
    this.#rank = rank
    this.#claim = claim
    this.#watch = new Watch(duty.home.config, now)
    duty.watch = this.#watch
    this.#doubt = duty.home.isSleepy(now)
    this.#offers = new Telling(duty.home.config.announce)
  }

  get minds(): number {
    return this.#offers.size
  }

  /** The epoch that this holder may begin, by its own link of the chain. */
  get #claimable(): Epoch | undefined {
    const { right, home, epoch } = this.#duty
    const link = right.at(-1)
    if (link === undefined || this.#rank === 0) return undefined
    const claimable = { n: link.n + link.rank, writer: home.self, session: home.session }
    // Someone has been further meanwhile: only the owner can sort that out.
    return compareEpochs(claimable, epoch) > 0 ? claimable : undefined
  }

  /** Who else holds, as the writer last said. */
  get #others(): string[] {
    const { roster, home, epoch } = this.#duty
    return roster.filter((id) => id !== home.self && id !== epoch.writer)
  }

  get #suspectAt(): Millis {
    return this.#outside ? this.#watch.heard + this.#duty.home.config.outside : this.#watch.suspectAt
  }

  nextDeadline(): Millis | undefined {
    const waking = this.#candidacy?.nextDeadline()
    const quiet = waking === undefined && this.#suspectAt === Number.POSITIVE_INFINITY
    const claim = quiet || this.#claimable === undefined ? undefined : (waking ?? this.#suspectAt)
    return sooner(sooner(claim, this.#offers.nextDeadline()), this.#duty.forgetAt)
  }

  tick(now: Millis): void {
    if (now >= this.#duty.forgetAt) return this.#duty.effect({ type: 'drop' })
    this.#offer(now)
    const claimable = this.#claimable
    if (claimable === undefined) return
    const candidacy = this.#candidacy
    if (candidacy === undefined) {
      if (now >= this.#suspectAt) this.#suspect(now)
    } else if (candidacy.slept(now)) this.#suspect(now)
    else if (candidacy.isDue(now)) this.#claim(this.#duty, claimable, now, candidacy.left)
    else this.#look(candidacy, now)
  }

  #look(candidacy: Candidacy, now: Millis): void {
    const { ask, seek } = candidacy.look(now)
    if (seek) this.#duty.effect({ type: 'seek' })
    // Who goes on may have been given its copy before we were, and not know of us.
    if (ask) for (const peer of this.#others) this.#duty.send(peer, { type: 'probe', ...this.#duty.head })
  }

  /** A copy without an appointment: the writer is told, and the owner, who may be looking for it. */
  comeForward(now: Millis, to = this.#duty.epoch.writer): void {
    this.#offers.begin(to, now)
    this.#offers.begin(this.#duty.owner, now)
    this.#offer(now)
  }

  #offer(now: Millis): void {
    for (const peer of this.#offers.due(now)) {
      this.#duty.offer(peer)
      const said = this.#offers.times(peer)
      // Whoever wrote is gone, it seems, and who goes on may have nothing and not know of us.
      if (peer === this.#duty.epoch.writer && said > PATIENCE && said % 2 === 1) {
        this.#duty.effect({ type: 'seek' })
      }
    }
  }

  concerns(peer: string): boolean {
    const { owner, epoch } = this.#duty
    return peer === epoch.writer || peer === owner || this.#offers.has(peer)
  }

  misses(peer: string): boolean {
    return peer === this.#duty.epoch.writer
  }

  linked(peer: string, now: Millis): void {
    const { owner, epoch } = this.#duty
    const looking = peer === owner && epoch.writer !== owner
    if (!looking && !this.#offers.has(peer)) return
    this.#offers.begin(peer, now)
    this.#offer(now)
  }

  hint(peer: string, now: Millis, news: string): void {
    this.#offers.hear(peer, now, news)
    this.#candidacy?.hear(news, now)
    this.#offer(now)
  }

  closed(peer: string, now: Millis): void {
    if (peer === this.#duty.owner && this.#duty.hearsOwner) this.#duty.ownerHeard = now
    const claims = peer === this.#duty.epoch.writer && this.#claimable !== undefined
    if (claims && this.#candidacy === undefined) this.#suspect(now, true)
  }

  silent(peer: string, now: Millis): void {
    if (peer !== this.#duty.epoch.writer) return
    if (this.#duty.hearsOwner) this.#duty.ownerHeard = now
    this.#watch.told(now)
  }

  woke(now: Millis): void {
    const { epoch, head } = this.#duty
    this.#candidacy = undefined
    this.#watch.hear(now)
    // Once, however much has come meanwhile.
    if (this.#rank > 0 && !this.#doubt) this.#duty.send(epoch.writer, { type: 'probe', ...head })
    this.#doubt = true
  }

  take(from: string, message: Inner, now: Millis): void {
    const duty = this.#duty
    const ofWriter = duty.isWriter(from, message.epoch)
    // A peer that wrote and was started anew speaks as a holder.
    if (ofWriter && isOfWriter(message)) this.#alive(now, message.type === 'beat')
    switch (message.type) {
      case 'beat':
        return ofWriter ? this.#stored(from) : undefined
      case 'delta':
        return ofWriter ? this.#onDelta(from, message) : undefined
      case 'fetch':
        return ofWriter || from === duty.owner ? duty.sendDelta(from, message.from) : undefined
      case 'dismiss':
        return ofWriter ? this.#onDismiss(from, message) : undefined
      case 'leave':
        return ofWriter ? this.#onLeave(message.successor, now) : undefined
      case 'probe': {
        const silence = Math.round(this.#watch.silence(now))
        return duty.send(from, { type: 'probed', ...duty.head, silence })
      }
      case 'probed':
        return duty.roster.includes(from) ? this.#onProbed(message.silence, now) : undefined
      case 'return':
        if (from !== duty.owner) return
        // It runs, even if it does not write yet.
        if (duty.epoch.writer === from) this.#alive(now, false)
        return duty.offer(from)
      case 'fenced':
        // The writer itself says who writes: we are no holder of its, and it wants to know what we have.
        if (!ofWriter) return
        if (this.#outside) return duty.offer(from)
        this.#outside = true
        return this.comeForward(now)
      case 'left':
        return this.#offers.hush(from, now)
      default:
        return
    }
  }

  /** The writer gave this copy a rank, or another one. */
  appointed({ turn, rank, roster, chain, have, digest }: Appointment, now: Millis): void {
    const duty = this.#duty
    // Counted in another epoch, but all of it is here.
    if (digest === duty.store.digest) duty.have = Math.max(duty.have, have)
    this.#alive(now, false)
    if (turn >= this.#turn) {
      const moved = rank !== this.#rank || !isSameRoster(roster, duty.roster) || turn === 0
      const renewed = chain.at(-1)?.expires !== duty.right.at(-1)?.expires
      this.#turn = turn
      this.#rank = rank
      this.#outside = false
      this.#doubt &&= duty.home.isSleepy(now)
      duty.roster = roster
      duty.chain = chain
      duty.right = chain
      for (const peer of this.#offers.peers()) this.#offers.end(peer)
      if (moved || renewed) duty.effect({ type: 'changed' })
    }
    const next = duty.home.successor()
    const offered = next === undefined || next === duty.owner ? {} : { next }
    duty.send(duty.epoch.writer, { type: 'accept', ...duty.head, ...duty.copy, turn: this.#turn, ...offered })
  }

  /** This peer leaves: whoever writes is told, and told who could go on. */
  leave(): void {
    const { epoch, head, home } = this.#duty
    const successor = home.successor()
    this.#duty.send(epoch.writer, {
      type: 'leave',
      ...head,
      ...(successor === undefined ? {} : { successor }),
    })
  }

  resign(): string {
    const { epoch, head, home } = this.#duty
    const suggest = [home.successor() ?? []].flat()
    this.#duty.send(epoch.writer, { type: 'refuse', ...head, reason: 'leaving', suggest })
    return epoch.writer
  }

  #alive(now: Millis, regular: boolean): void {
    if (regular) {
      this.#watch.beat(now)
      this.#doubt &&= this.#duty.home.isSleepy(now)
    } else this.#watch.hear(now)
    this.#candidacy = undefined
    if (this.#duty.epoch.writer === this.#duty.owner) this.#duty.ownerHeard = now
  }

  #onDelta(from: string, { from: start, to, entries }: Of<'delta'>): void {
    const duty = this.#duty
    // What is here stays here: the writer will say whether it is needed.
    if (duty.absorb(entries) === undefined) {
      return duty.send(from, { type: 'refuse', ...duty.head, reason: 'full', suggest: [] })
    }
    if (start <= duty.have) duty.have = Math.max(duty.have, to)
    this.#stored(from)
  }

  #stored(to: string): void {
    const { head, copy } = this.#duty
    this.#duty.send(to, { type: 'stored', ...head, ...copy, turn: this.#turn })
  }

  #onDismiss(from: string, { turn, digest }: Of<'dismiss'>): void {
    // Said before we were appointed again.
    if (turn < this.#turn || (turn === this.#turn && this.#rank > 0 && !this.#outside)) return
    if (digest === this.#duty.store.digest) return this.#duty.effect({ type: 'drop' })
    this.#duty.offer(from)
  }

  #onLeave(successor: string | undefined, now: Millis): void {
    const { home } = this.#duty
    const claimable = this.#claimable
    if (claimable === undefined) return
    // Who is leaving does not listen any more.
    if (successor === home.self) return this.#claim(this.#duty, claimable, now, true)
    const ours = { rank: this.#rank + 1, asking: 0, late: false, left: true }
    this.#candidacy = new Candidacy(home.config, ours, now)
  }

  #onProbed(silence: Millis, now: Millis): void {
    const { config } = this.#duty.home
    if (silence >= config.beat + config.margin) return
    // Somebody hears it: the fault is on our way to it.
    this.#watch.heardOf(now - silence)
    if (this.#suspectAt > now) this.#candidacy = undefined
  }

  /** Asks the writer and the others, and prepares to claim when its turn comes. */
  #suspect(now: Millis, closed = false): void {
    const { home, head, epoch } = this.#duty
    for (const peer of [epoch.writer, ...this.#others]) this.#duty.send(peer, { type: 'probe', ...head })
    // That a channel closed is known; that nothing was heard may be our own fault.
    const asking = closed && this.#others.length === 0 ? 0 : home.config.probe
    const ours = { rank: this.#rank, asking, late: this.#outside || this.#doubt, left: false }
    this.#candidacy = new Candidacy(home.config, ours, now)
  }
}
