/**
 * The call machine: one peer's switchboard. It owns the peer's calls, decides who is busy, and makes one
 * call of two that cross.
 *
 * Law: at most `capacity` calls are alive at once; whoever calls beyond that hears `busy`. When A and B call
 * each other at the same time, the call of the smaller id stands and the other becomes it, already accepted,
 * because both said that they want to talk.
 */
import { type Machine as AnyMachine, earliest, type Millis, unreachable } from '../machine.ts'
import type { SessionInit } from './effect.ts'
import type { Message } from './messages.ts'
import { Session } from './session.ts'
import type { Config, Input, Nonsense, Output } from './vocabulary.ts'

/** Ids of ended calls remembered, so that a late invite does not ring again. */
export const MAX_ENDED = 64
/** Sessions that are over but still have a last word to get through. More than that are dropped, oldest first. */
export const MAX_LINGERING = 16
/** What is said by someone who believes that the call goes on. */
const HOPEFUL: readonly Message['type'][] = [
  ...(['invite', 'ringing', 'accept', 'description', 'media-state', 'welcome', 'rejoin'] as const),
]

type Returned<Id> = Extract<Input<Id>, { type: 'return' }>

interface Entry<Id> {
  peer: Id
  session: Session
}

export class Machine<Id> implements AnyMachine<Input<Id>, Output<Id>> {
  readonly #config: Config<Id>
  readonly #entries = new Map<string, Entry<Id>>()
  readonly #ended = new Set<string>()
  readonly #paths = new Set<Id>()
  #out: Output<Id>[] = []

  constructor(config: Config<Id>) {
    this.#config = config
  }

  /** Calls that have not ended. */
  get alive(): number {
    return this.#alive().length
  }

  nextDeadline(): Millis | undefined {
    return earliest([...this.#entries.values()].map(({ session }) => session.nextDeadline()))
  }

  handle(input: Input<Id>, now: Millis): readonly Output<Id>[] {
    this.#take(input, now)
    for (const [call, entry] of this.#entries) this.#collect(call, entry, now)
    this.#forget(now)
    return this.#out.splice(0)
  }

  #take(input: Input<Id>, now: Millis): void {
    switch (input.type) {
      case 'place':
        return this.#place(input, now)
      case 'accept':
        return this.#session(input.call)?.accept(input.media, now)
      case 'decline':
        return this.#session(input.call)?.decline(now)
      case 'hang-up':
        return this.#session(input.call)?.hangUp(now)
      case 'set-media':
        return this.#session(input.call)?.setMedia(input.media)
      case 'return':
        return this.#return(input, now)
      case 'leave':
        return this.#alive().forEach(({ session }) => {
          session.leave(now)
        })
      case 'message':
        return this.#message(input.from, input.message, now)
      case 'path-up':
        this.#paths.add(input.to)
        return this.#with(input.to).forEach((session) => {
          session.pathUp(now)
        })
      case 'path-down':
        this.#paths.delete(input.to)
        return this.#with(input.to).forEach((session) => {
          session.pathDown(now, input.fault)
        })
      case 'network-changed':
        return this.#alive().forEach(({ session }) => {
          session.networkChanged(now)
        })
      case 'reachable':
        return this.#entries.forEach(({ session }) => {
          session.reachable(now)
        })
      case 'negotiation-needed':
        return this.#session(input.call)?.media?.need(false)
      case 'described':
        return this.#session(input.call)?.media?.described(input.description)
      case 'step-failed':
        return this.#session(input.call)?.media?.failed()
      case 'gathered':
        return this.#session(input.call)?.media?.gathered(input.candidate)
      case 'connectivity':
        return this.#session(input.call)?.connectivity(input.state, now)
      case 'tick':
        return this.#entries.forEach(({ session }) => {
          session.tick(now)
        })
      default:
        return unreachable(input)
    }
  }

  /** Calls; or, if that very peer is calling, answers: both want to talk. No effect beyond the capacity. */
  #place({ call, to, name, media }: Extract<Input<Id>, { type: 'place' }>, now: Millis): void {
    const ringing = this.#alive().find(({ peer, session }) => peer === to && session.phase === 'incoming')
    if (ringing !== undefined) {
      this.#out.push({ type: 'merged', from: call, to: ringing.session.call })
      return ringing.session.accept(media, now)
    }
    if (this.alive >= this.#config.capacity) return
    this.#open(now, to, { call, direction: 'outgoing', media, name }).place(now)
  }

  /** Sits down in a call that we were in. No effect beyond the capacity, or when it is known to be over. */
  #return({ call, to, direction, name, media, sitting, patience }: Returned<Id>, now: Millis): void {
    if (this.alive >= this.#config.capacity || this.#entries.has(call) || this.#ended.has(call)) return
    const returned = { sitting, name, until: now + patience }
    this.#open(now, to, { call, direction, media, returned }).returned()
  }

  #message(from: Id, message: Message, now: Millis): void {
    const entry = this.#entries.get(message.call)
    if (entry !== undefined && entry.peer !== from) return this.#ignore(from, 'not-their-call')
    const over = entry?.session.phase === 'ended' && message.type === 'rejoin'
    if (entry !== undefined && !over) return entry.session.take(message, now)
    if (message.type !== 'invite' || this.#ended.has(message.call)) return this.#stray(from, message)
    // An invite out of order would not be taken, and the call that it opened would have no end.
    const first = message.seq === 1 && message.from === undefined && message.to === undefined
    if (!first) return this.#ignore(from, 'not-the-first')

    const crossed = this.#alive().find(
      ({ peer, session }) => peer === from && (session.phase === 'calling' || session.phase === 'ringing'),
    )
    if (crossed !== undefined) return this.#cross(crossed.session, from, message, now)
    this.#hangUpForgotten(from, now)
    if (this.alive >= this.#config.capacity) {
      this.#out.push({
        type: 'send',
        to: from,
        message: { type: 'busy', call: message.call, seq: 0, ack: 1 },
      })
      return
    }
    const media = { audio: false, video: false }
    const session = this.#open(now, from, { call: message.call, direction: 'incoming', media })
    session.take(message, now)
    this.#out.push({ type: 'incoming', call: message.call, from, snapshot: session.snapshot() })
  }

  /** Their invite crosses ours. If ours stands, they will find out when it reaches them. */
  #cross(ours: Session, from: Id, invite: Message, now: Millis): void {
    if (this.#config.compare(this.#config.self, from) < 0) return
    // Theirs is there before ours goes, or their path would close in between.
    const session = this.#open(now, from, {
      call: invite.call,
      direction: 'incoming',
      media: ours.localMedia,
    })
    this.#drop(ours.call)
    this.#out.push({ type: 'media-stop', call: ours.call })
    this.#out.push({ type: 'merged', from: ours.call, to: invite.call })
    session.take(invite, now)
    session.accept(ours.localMedia, now)
  }

  /** Who calls while we think that we talk has lost that call, by a reload or a crash, and would hear `busy`. */
  #hangUpForgotten(peer: Id, now: Millis): void {
    for (const entry of this.#alive()) {
      const { call, phase } = entry.session
      if (entry.peer !== peer || phase === 'incoming') continue
      entry.session.take({ type: 'hangup', call, seq: 0, ack: 0 }, now)
      // Its end is told before the new call is.
      this.#collect(call, entry, now)
    }
  }

  /** A message for a call that is not: whoever still believes in it is told that it is over. */
  #stray(from: Id, { type, call, from: sitting }: Message): void {
    const known = this.#ended.has(call) || this.#entries.has(call)
    this.#ignore(from, known ? 'ended-call' : 'unknown-call')
    if (!HOPEFUL.includes(type) || (!known && this.#config.mayReturn?.())) return
    // With a call of ours to them under way this may be the other half of two calls that crossed.
    if (type !== 'rejoin' && this.#alive().some(({ peer }) => peer === from)) return
    this.#out.push({
      type: 'send',
      to: from,
      message: { type: 'hangup', call, seq: 0, ack: 0, to: sitting },
    })
  }

  #open(
    now: Millis,
    peer: Id,
    init: Omit<SessionInit, 'polite' | 'name'> & { name?: string | undefined },
  ): Session {
    const { self, compare } = this.#config
    const polite = compare(self, peer) > 0
    const session = new Session({ ...init, polite, name: init.name ?? this.#config.name() })
    this.#entries.set(init.call, { peer, session })
    if (this.#paths.has(peer)) session.pathUp(now)
    return session
  }

  #collect(call: string, { peer, session }: Entry<Id>, now: Millis): void {
    for (const effect of session.drain(now)) {
      switch (effect.type) {
        case 'send':
          this.#out.push({ type: 'send', to: peer, message: effect.message })
          break
        case 'open-path':
          this.#out.push({ type: 'open-path', to: peer })
          break
        case 'changed':
          this.#out.push({ type: 'changed', call, snapshot: session.snapshot() })
          break
        case 'step':
          this.#out.push({ type: 'step', call, step: effect.step })
          break
        case 'media-start':
        case 'media-stop':
          this.#out.push({ ...effect, call })
          break
        case 'nonsense':
          this.#ignore(peer, 'wrong-phase')
          break
        default:
          unreachable(effect)
      }
    }
  }

  #forget(now: Millis): void {
    const over = [...this.#entries].filter(([, { session }]) => session.phase === 'ended')
    const tooMany = over.length - MAX_LINGERING
    over.forEach(([call, { session }], index) => {
      if (index < tooMany || session.forgettable(now)) this.#drop(call)
    })
  }

  #drop(call: string): void {
    const peer = this.#entries.get(call)?.peer
    this.#entries.delete(call)
    this.#ended.add(call)
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MAX_ENDED) break
      this.#ended.delete(oldest)
    }
    if (peer !== undefined && this.#with(peer).length === 0) this.#out.push({ type: 'close-path', to: peer })
  }

  #session(call: string): Session | undefined {
    return this.#entries.get(call)?.session
  }

  #with(peer: Id): Session[] {
    return [...this.#entries.values()].filter((entry) => entry.peer === peer).map(({ session }) => session)
  }

  #alive(): Entry<Id>[] {
    return [...this.#entries.values()].filter(({ session }) => session.phase !== 'ended')
  }

  #ignore(from: Id, reason: Nonsense): void {
    this.#out.push({ type: 'ignored', from, reason })
  }
}
