/**
 * The contingency machine: all duties of one peer, its own state's among them.
 *
 * Law: an update acknowledged as backed up survives as long as one of its holders does; a state has at most one
 * writer an epoch; whoever speaks in a lesser epoch is told of the greater one and changes nothing. Signatures,
 * seals and expiry are checked at the driver's door: what reaches this machine is genuine, but may be stale,
 * repeated, out of order, or said by someone with no right to it.
 */
import { plus } from '../lists.ts'
import { type Machine as AnyMachine, type Millis, unreachable } from '../machine.ts'
import type { Version } from '../state/index.ts'
import { admit, disown, goesBeyond, isNews, refuse } from './admission.ts'
import { appoints, heldIn } from './chain.ts'
import type { Duties } from './duties.ts'
import { type Appointment, type Claim, Duty, type Play } from './duty.ts'
import { compareEpochs } from './epoch.ts'
import { Holding } from './holding.ts'
import { Household, type HouseholdInit } from './household.ts'
import type { Inner, Message } from './messages.ts'
import type { Candidate } from './ranking.ts'
import { type Gathered, Returning } from './returning.ts'
import { Rivals } from './rivals.ts'
import { attend } from './stranger.ts'
import { type Succession, succeed } from './succession.ts'
import { Superseded } from './superseded.ts'
import type { Input, Output } from './vocabulary.ts'
import { Writing } from './writing.ts'

const NOTHING: readonly Output[] = []
/** What is taken after a goodbye. */
const WHILE_AWAY: readonly Input['type'][] = ['write', 'candidates', 'resume']

export class Machine implements AnyMachine<Input, Output> {
  /** For views and checkers. */
  readonly duties: Pick<Duties, 'minds' | 'partners' | 'wanting' | 'concern' | 'miss'>
  readonly #home: Household
  readonly #duties: Duties
  readonly #self: string
  #leaving = false
  readonly #rivals: Rivals
  #out = NOTHING
  /** Reckoned once for each input: much else asks for it. */
  #deadline: Millis | undefined

  constructor(init: HouseholdInit) {
    this.#home = new Household(init)
    this.#duties = this.#home.duties
    this.duties = this.#duties
    this.#self = init.self
    this.#rivals = new Rivals(init.session)
  }

  /** Owners of the copies held here, own state not counted. */
  get holding(): readonly string[] {
    return this.#duties.others.map(({ owner }) => owner)
  }

  /** The version of the next write; `undefined` before `start`. */
  get next(): Version | undefined {
    return this.duty(this.#self)?.next
  }

  /** For views and checkers. */
  duty(owner: string): Duty | undefined {
    return this.#duties.see(owner)?.duty
  }

  /** The holders that this peer has as writer of `owner`'s state, in rank order. */
  holders(owner = this.#self): readonly { id: string; warm: boolean; have: number }[] {
    const play = this.#duties.see(owner)?.play
    return play instanceof Writing ? play.holders : []
  }

  nextDeadline(): Millis | undefined {
    return this.#leaving ? undefined : this.#deadline
  }

  handle(input: Input, now: Millis): readonly Output[] {
    const due = this.nextDeadline()
    // Frozen for a while: what the others did meanwhile is in the queue behind this.
    if (due !== undefined && now - due > this.#home.config.frozen) this.#woke(now)
    if (!this.#leaving || WHILE_AWAY.includes(input.type)) this.#take(input, now)
    const out = this.#duties.settle(this.#out)
    this.#out = NOTHING
    this.#deadline = this.#duties.nextDeadline
    return out
  }

  #take(input: Input, now: Millis): void {
    switch (input.type) {
      case 'start': {
        const epoch = { n: input.n, writer: this.#self, session: this.#home.session }
        const duty = new Duty(this.#self, this.#home, 'returning', epoch, now)
        duty.store.merge(input.entries)
        this.#rivals.started(now)
        this.#return(duty, input.known, now)
        return this.#duties.tick(now)
      }
      case 'restore':
        return this.#restore(input, now)
      case 'write':
        return this.#write(input, now)
      case 'candidates':
        return this.#meet(input.candidates, now)
      case 'hint':
        return this.#hint(input, now)
      case 'message':
        return this.#message(input.from, input.message, now)
      case 'silent':
      case 'closed':
      case 'linked':
        for (const play of this.#duties.concerned(input.peer)) play[input.type]?.(input.peer, now)
        return this.#duties.tick(now)
      case 'woke':
        return this.#woke(now)
      case 'leave':
        this.#duties.each((play) => play.leave?.(now))
        this.#leaving = true
        return
      case 'resume':
        return this.#resume(now)
      case 'resign':
        return this.#resign(input.owner, now)
      case 'tick':
        return this.#duties.tick(now)
      default:
        return unreachable(input)
    }
  }

  #hint({ peer, owner = this.#self, epoch }: Extract<Input, { type: 'hint' }>, now: Millis): void {
    const { duty, play } = this.#duties.get(owner) ?? {}
    if (duty === undefined || !isNews(duty, epoch)) return
    const news = `${epoch?.n} ${epoch?.session}`
    if (epoch === undefined || !goesBeyond(duty, epoch)) return play?.hint?.(peer, now, news)
    const verdict = epoch.writer === this.#self ? this.#rivals.heard(epoch.session, now) : 'outdo'
    if (verdict === 'yield') return this.#supersede(duty)
    if (verdict === 'wait') return
    duty.epoch = { ...duty.epoch, n: epoch.n }
    this.#return(duty, [peer, ...duty.roster], now)
  }

  #woke(now: Millis): void {
    // However much has come meanwhile.
    if (this.#home.isSleepy(now)) return
    this.#home.wokeAt = now
    this.#duties.each((play) => play.woke?.(now))
  }

  /** What was held while it was away may be in others' hands; what was written here, too. */
  #resume(now: Millis): void {
    if (!this.#leaving) return
    this.#leaving = false
    for (const duty of this.#duties.all) {
      if (duty.part === 'holding') this.#hold(duty, duty.right.at(-1)?.rank ?? 0, now).comeForward(now)
      else if (duty.isOwner && duty.part === 'writing') this.#return(duty, duty.roster, now)
      else this.#duties.get(duty.owner)?.play.woke?.(now)
    }
    this.#duties.tick(now)
  }

  /** The copy is kept until whoever goes on has all that is in it, and says so. */
  #resign(owner: string, now: Millis): void {
    const { duty, play } = this.#duties.get(owner) ?? {}
    const next = play?.resign?.(now)
    if (duty === undefined || next === undefined) return
    this.#hold(duty, duty.right.at(-1)?.rank ?? 0, now).comeForward(now, next)
  }

  #supersede(duty: Duty): void {
    duty.part = 'superseded'
    this.#play(duty, new Superseded())
  }

  #meet(candidates: readonly Candidate[], now: Millis): void {
    const before = new Set(this.#home.told.map(({ id }) => id))
    this.#home.told = candidates
    if (this.#leaving) return
    const fresh = candidates.filter(({ id }) => !before.has(id))
    this.#duties.each((play) => {
      for (const { id } of fresh) play.linked?.(id, now)
      if (play instanceof Writing) play.recruit(now)
    })
  }

  #restore({ owner, entries, epoch, chain }: Extract<Input, { type: 'restore' }>, now: Millis): void {
    if (owner === this.#self || this.#duties.see(owner) !== undefined) return
    const duty = new Duty(owner, this.#home, 'holding', heldIn(epoch, chain), now)
    duty.store.merge(entries)
    duty.chain = chain
    duty.right = chain
    this.#hold(duty, chain.at(-1)?.rank ?? 0, now).comeForward(now)
  }

  #write({ id, entries }: Extract<Input, { type: 'write' }>, now: Millis): void {
    const own = this.#duties.get(this.#self)
    if (own === undefined) return
    const { duty, play } = own
    const fault = duty.faultOf(entries)
    if (fault === undefined) duty.merge(entries)
    this.#out = this.#duties.collect(own, this.#out)
    const n = duty.store.top
    const outcome: Output = fault ? { type: 'rejected', id, fault } : { type: 'written', id, n }
    this.#out = plus(this.#out, outcome)
    if (fault === undefined && play instanceof Writing && !this.#leaving) play.wrote(now)
  }

  #message(from: string, message: Message, now: Millis): void {
    const { duty, play } = this.#duties.get(message.owner) ?? {}
    switch (message.type) {
      case 'ask':
      case 'deposit': {
        const reply = attend(from, message, duty, now)
        // What was kept goes out before it is called so.
        this.#out = this.#duties.collect(this.#duties.get(message.owner), this.#out)
        this.#answer(from, reply)
        return play instanceof Writing ? play.wrote(now) : undefined
      }
      case 'tell':
      case 'deposited':
        return
      case 'appoint':
        return this.#appoint(from, message, now)
    }
    // To whom we stand in for we are a stranger too; whatever else we say, we know.
    if (from === this.#self) return
    if (duty === undefined) return this.#answer(from, disown(message))
    const verdict = admit(duty, from, message)
    if (verdict === 'follow') this.#follow(from, duty, message, now)
    // Who has just followed has come forward already.
    if (verdict === 'take' || (verdict === 'follow' && message.type !== 'fenced')) {
      this.#duties.get(message.owner)?.play.take(from, message, now)
    }
  }

  #follow(from: string, duty: Duty, message: Inner, now: Millis): void {
    const { epoch } = message
    const known = [epoch.writer, ...duty.roster]
    duty.begin(epoch, 'chain' in message ? message.chain : [], now)
    if (!duty.isOwner) this.#hold(duty, 0, now).comeForward(now)
    else if (epoch.writer === this.#self && this.#rivals.met(epoch.session, now) === 'yield') {
      this.#supersede(duty)
    } else this.#return(duty, [from, ...known], now)
  }

  #appoint(from: string, message: Appointment, now: Millis): void {
    const { owner, epoch, chain } = message
    if (owner === this.#self || !appoints(from, this.#self, message)) return
    const known = this.#duties.get(owner)
    if (known !== undefined && compareEpochs(epoch, known.duty.epoch) < 0) return known.duty.fence(from)
    if (known === undefined && this.#home.isFull(message.bytes)) {
      return this.#answer(from, refuse(message, this.duty(this.#self)?.roster ?? []))
    }
    const duty = known?.duty ?? new Duty(owner, this.#home, 'holding', epoch, now - (message.away ?? 0))
    const same = known?.play instanceof Holding && compareEpochs(epoch, duty.epoch) === 0
    duty.begin(epoch, same ? duty.chain : chain, now)
    const play = same && known.play instanceof Holding ? known.play : this.#hold(duty, message.rank, now)
    play.appointed(message, now)
  }

  #return(duty: Duty, known: readonly string[], now: Millis): void {
    duty.part = 'returning'
    const done = ({ epoch, keep, tell }: Gathered, at: Millis) => {
      duty.epoch = epoch
      duty.chain = duty.delegate(this.#self, 1)
      this.#beWriter(duty, { keep, tell }, at)
    }
    this.#play(duty, new Returning(duty, known, done, now))
  }

  #hold(duty: Duty, rank: number, now: Millis): Holding {
    duty.part = 'holding'
    duty.have = 0
    const play = new Holding(duty, rank, this.#claim, now)
    this.#play(duty, play)
    return play
  }

  readonly #claim: Claim = (duty, epoch, now, left) => {
    const succession = succeed(duty, left, now)
    duty.begin(epoch, duty.right, now)
    this.#beWriter(duty, succession, now)
  }

  #beWriter(duty: Duty, succession: Succession, now: Millis): void {
    duty.part = 'writing'
    this.#play(duty, new Writing(duty, succession, now))
  }

  #play(duty: Duty, play: Play): void {
    this.#duties.set(duty, play)
    duty.effect({ type: 'changed' })
  }

  #answer(to: string, message: Message | undefined): void {
    if (message !== undefined) this.#out = plus(this.#out, { type: 'send', to, message })
  }
}
