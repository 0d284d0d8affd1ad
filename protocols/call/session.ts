/**
 * One call, from one side: ringing, answering, media, recovery, the end.
 *
 * Law: hang-up always wins. The phases (`course.ts`) are those of `node/api.ts`:
 * calling → ringing → connecting → active ⇄ reconnecting → ended, or incoming → connecting → …
 * Who lost their page and returns begins as reconnecting. How the two understand each other is in `talk.ts`, and
 * what begins anew with someone's return in `sitting.ts`; their media is in `flow.ts`.
 */
import { earliest, type Millis, unreachable } from '../machine.ts'
import { Course } from './course.ts'
import type { Effect, SessionInit } from './effect.ts'
import { Flow } from './flow.ts'
import type { Body, MediaState, Message } from './messages.ts'
import { type Connectivity, type End, type PathFault, type Phase, type Snapshot, timing } from './phase.ts'
import { Sitting } from './sitting.ts'
import { Talk } from './talk.ts'

export class Session {
  readonly call: string
  readonly direction: 'incoming' | 'outgoing'
  remoteName: string | undefined
  localMedia: MediaState
  remoteMedia: MediaState = { audio: false, video: false }

  readonly #name: string | undefined
  readonly #talk: Talk
  readonly #flow: Flow
  readonly #course: Course
  readonly #effects: Effect[] = []

  constructor({ call, direction, polite, name, media, returned }: SessionInit) {
    this.call = call
    this.direction = direction
    this.#course = new Course(direction === 'outgoing' ? 'calling' : 'incoming', this.#effects)
    this.localMedia = media
    this.#name = name
    const sitting = new Sitting({ call, from: returned?.sitting }, polite)
    this.#talk = new Talk(sitting, this.#effects, returned && 'wondering')
    this.#flow = new Flow(this.#talk, this.#effects)
    if (returned === undefined) return
    this.remoteName = returned.name
    this.#course.enter('reconnecting', { until: returned.until, end: 'lost' })
  }

  get phase(): Phase {
    return this.#course.phase
  }

  /** An ended session whose last word has arrived, or that waited long enough for it. */
  forgettable(now: Millis): boolean {
    return this.#course.isForgettable(now, this.#talk.settled)
  }

  snapshot(): Snapshot {
    const { remoteName: name, localMedia, remoteMedia } = this
    const { phase, end } = this.#course
    return { phase, end, name, localMedia, remoteMedia, away: this.#awayUntil }
  }

  get #awayUntil(): Millis | undefined {
    const gone = this.#flow.away || this.#talk.fault === 'unreachable'
    return gone && this.phase === 'reconnecting' ? this.#course.patience?.until : undefined
  }

  nextDeadline(): Millis | undefined {
    return earliest([this.#course, this.#talk, this.#flow].map((part) => part.nextDeadline()))
  }

  /** What reports of the media engine go to, until it is over. */
  get media(): Flow | undefined {
    return this.#course.ended ? undefined : this.#flow
  }

  /** The effects of everything done since the last call of this. */
  drain(now: Millis): Effect[] {
    if (this.#talk.overflown && !this.#course.ended) this.#give('lost', now)
    // Nothing more will be said once it has ended.
    this.#talk.settle(this.#course.ended ? Number.POSITIVE_INFINITY : now)
    return this.#effects.splice(0)
  }

  place(now: Millis): void {
    if (this.#talk.up) this.#course.wait(now + timing.ring, 'no-answer')
    else this.#course.wait(now + timing.reach, 'unreachable')
    this.#talk.say({ type: 'invite', name: this.#name, media: this.localMedia })
    this.#flow.start(true)
    this.#course.changed()
  }

  /** Begins as a returner: the way is made while the person, or the page, still wonders. */
  returned(): void {
    if (!this.#talk.up) this.#talk.want()
    this.#course.changed()
  }

  /** Answers; or, as a returner, goes on. */
  accept(media: MediaState, now: Millis): void {
    if (this.#talk.returning === 'wondering' && this.phase === 'reconnecting') {
      this.localMedia = media
      // The schema asks for `from`, which the sitting of a returner has.
      this.#talk.ask({ type: 'rejoin', name: this.#name, media } as Body)
      return void this.#course.changed()
    }
    if (this.phase !== 'incoming') return
    this.localMedia = media
    this.#talk.say({ type: 'accept', name: this.#name, media })
    this.#flow.start(false)
    this.#connecting(now)
    this.#flow.release()
  }

  decline(now: Millis): void {
    if (this.phase === 'incoming') this.#give('i-declined', now, 'decline')
  }

  hangUp(now: Millis): void {
    if (this.#course.ended) return
    if (this.phase === 'incoming') return this.decline(now)
    this.#give('hung-up', now, this.#course.unanswered ? 'cancel' : 'hangup')
  }

  /** The page goes. A call that goes on keeps its seat, in silence if it has not said yet that it is back. */
  leave(now: Millis): void {
    if (!this.#course.talked) return this.hangUp(now)
    if (this.#talk.returning === undefined) this.#talk.say({ type: 'away' })
  }

  setMedia(media: MediaState): void {
    const { audio, video } = this.localMedia
    if (this.#course.ended || (audio === media.audio && video === media.video)) return
    this.localMedia = media
    // A callee says it with `accept`, a returner once it is welcome; before that it tells nothing of itself.
    const met = this.phase !== 'incoming' && this.#talk.returning === undefined
    if (met) this.#talk.say({ type: 'media-state', media })
    this.#course.changed()
  }

  take(message: Message, now: Millis): void {
    // Of whatever sitting it is, and even if what was said before it is lost.
    if (message.type === 'hangup' && !this.#talk.sitting.fits(message)) this.#finish('they-hung-up', now)
    // Who has not been answered cannot have been in the call.
    if (message.type === 'rejoin' && this.phase === 'incoming') return this.#nonsense()
    if (!this.#talk.hears(message, now)) return
    // An ended session only collects acknowledgements of its last word.
    if (this.#course.ended) return
    if (!this.#hear(message, now)) this.#nonsense()
  }

  /** False if the message makes no sense in this phase; it then had no effect. */
  #hear(message: Message, now: Millis): boolean {
    const unanswered = this.#course.unanswered
    switch (message.type) {
      case 'invite':
        if (this.direction !== 'incoming' || message.seq !== 1) return false
        this.#met(message)
        this.#talk.say({ type: 'ringing' })
        this.#course.wait(now + timing.ring + timing.ringGrace, 'cancelled')
        return this.#course.changed()
      case 'ringing':
        if (this.phase !== 'calling') return false
        return this.#course.enter('ringing', { until: now + timing.ring, end: 'no-answer' })
      case 'accept':
        if (!unanswered) return false
        this.#met(message)
        return this.#connecting(now)
      case 'rejoin':
        if (this.#talk.sitting.exhausted) return this.#give('failed', now)
        this.#met(message)
        this.#talk.met()
        this.#talk.say({ type: 'welcome', name: this.#name, media: this.localMedia })
        return this.#anew(now)
      case 'welcome':
        if (unanswered || this.phase === 'incoming' || this.#talk.returning === 'wondering') return false
        this.#met(message)
        // Our rejoins crossed, and theirs has begun it already.
        if (this.#talk.returning === undefined) return this.#course.changed()
        this.#talk.met()
        this.#talk.say({ type: 'media-state', media: this.localMedia })
        return this.#anew(now)
      case 'away':
        if (!this.#course.talked) return this.phase === 'connecting'
        if (this.#flow.away) return true
        this.#flow.leave()
        return this.#course.reconnecting(now)
      case 'decline':
        return unanswered && this.#finish('declined', now)
      case 'busy':
        return this.phase === 'calling' && this.#finish('busy', now)
      case 'cancel':
        // A callee says it when its patience ended before ours: nobody answered.
        return this.#finish(this.direction === 'incoming' ? 'cancelled' : 'no-answer', now)
      case 'hangup':
        return this.#finish('they-hung-up', now)
      case 'media-state':
        this.remoteMedia = message.media
        return this.#course.changed()
      case 'description':
      case 'candidate':
        if (this.phase === 'incoming') this.#talk.sitting.hold(message)
        else this.#flow.take(message, now)
        return true
      case 'ack':
        return true
      default:
        return unreachable(message)
    }
  }

  pathUp(now: Millis): void {
    // Reached, so that patience is now for the ringing: an old or odd peer may never say `ringing`.
    const { patience } = this.#course
    if (patience?.end === 'unreachable') this.#course.wait(now + timing.ring, 'no-answer')
    this.#talk.pathUp()
    if (this.phase === 'reconnecting') this.#course.changed()
  }

  pathDown(now: Millis, fault?: PathFault): void {
    this.#talk.pathDown(fault)
    if (fault === 'incompatible' && this.phase === 'calling') return void this.#finish('incompatible', now)
    if (fault === 'broken' && this.phase !== 'ended') return void this.#give('failed', now)
    if (this.phase === 'reconnecting') this.#course.changed()
    if (!this.#course.ended || !this.#talk.settled) this.#talk.later(now)
  }

  /** There may be a way to them again. */
  reachable(now: Millis): void {
    this.#talk.hurry(now)
  }

  connectivity(state: Connectivity, now: Millis): void {
    const accepted = this.#course.talked || this.phase === 'connecting'
    const failed = this.#flow.report(state, now, accepted)
    if (!accepted || !this.#flow.mendable) return
    if (state === 'connected') return void this.#course.enter('active')
    if (this.phase === 'active') this.#course.interrupted(state === 'stalled', now)
    if (failed) this.#restart(now)
  }

  /**
   * The way to the internet changed: do not wait for the media to notice. Media that never stops does not
   * say that it goes on, so that only what is known to be interrupted counts as `reconnecting`.
   */
  networkChanged(now: Millis): void {
    if (!this.#course.talked || !this.#flow.mendable || this.#flow.isFresh(now)) return
    if (this.#flow.connected) this.#flow.renew(now)
    else this.#restart(now)
  }

  tick(now: Millis): void {
    const end = this.#course.isOut(now)
    if (end === 'unreachable') this.#give(this.#talk.fault ?? end, now, 'cancel')
    else if (end !== undefined) this.#give(end, now, end === 'lost' ? 'hangup' : 'cancel')
    if (this.#flow.isDue(now)) this.#restart(now)
    this.#talk.tick(now)
  }

  #connecting(now: Millis): true {
    this.#course.connecting(now)
    // Without media of its own (in Node) an engine is connected before the call is accepted.
    if (this.#flow.connected) this.connectivity('connected', now)
    return true
  }

  #restart(now: Millis): void {
    if (this.phase === 'active') this.#course.reconnecting(now, this.#course.patience?.until)
    this.#flow.restart(now)
  }

  /** Someone is back, so that there is no media yet. */
  #anew(now: Millis): true {
    this.#flow.anew()
    // It came before their `accept` or before our media; it says as much.
    return this.#course.talked ? this.#course.reconnecting(now) : this.#connecting(now)
  }

  #met({ name, media }: { name?: string | undefined; media: MediaState }): void {
    this.remoteName = name ?? this.remoteName
    this.remoteMedia = media
  }

  /** Ends it from this side, and says so. */
  #give(end: End, now: Millis, type: 'hangup' | 'cancel' | 'decline' = 'hangup'): true {
    this.#talk.say({ type })
    return this.#finish(end, now)
  }

  #finish(end: End, now: Millis): true {
    if (this.#course.ended) return true
    this.#flow.stop()
    return this.#course.finish(end, now)
  }

  #nonsense(): void {
    this.#effects.push({ type: 'nonsense' })
  }
}
