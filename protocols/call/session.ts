/**
 * One call, from one side: ringing, answering, media, recovery, the end.
 *
 * Law: hang-up always wins, and every phase has a deadline or a living medium, so that every state has a
 * way out. The session never assumes that a path exists: it encloses its messages with its courier and asks
 * for a path while something waits. The phases are those of `node/api.ts`:
 * calling → ringing → connecting → active ⇄ reconnecting → ended, or incoming → connecting → …
 */
import { earliest, type Millis, unreachable } from '../machine.ts'
import { Courier } from './courier.ts'
import type { Effect, SessionInit } from './effect.ts'
import type { Body, Candidate, Description, MediaState, Message } from './messages.ts'
import { MAX_EARLY, Negotiation, type Step } from './negotiation.ts'
import { type Connectivity, type End, type PathFault, type Phase, type Snapshot, timing } from './phase.ts'
import { Way } from './way.ts'

export class Session {
  readonly call: string
  readonly direction: 'incoming' | 'outgoing'
  phase: Phase
  end: End | undefined
  remoteName: string | undefined
  localMedia: MediaState
  remoteMedia: MediaState = { audio: false, video: false }

  readonly #name: string | undefined
  readonly #courier: Courier
  readonly #negotiation: Negotiation
  /** Descriptions and candidates that came before the call was accepted. */
  #held: (Description | Candidate)[] = []
  readonly #way = new Way()
  #fault: Exclude<PathFault, 'broken'> | undefined
  /** The end of patience with the present phase, and what it then ends with. */
  #patience: { until: Millis; end: End } | undefined
  #restartAt: Millis | undefined
  #forgetAt: Millis | undefined
  #connectivity: Connectivity | undefined
  #effects: Effect[] = []

  constructor({ call, direction, polite, name, media }: SessionInit) {
    this.call = call
    this.direction = direction
    this.phase = direction === 'outgoing' ? 'calling' : 'incoming'
    this.localMedia = media
    this.#name = name
    this.#courier = new Courier(call)
    this.#negotiation = new Negotiation(polite)
  }

  /** An ended session whose last word has arrived, or that waited long enough for it. */
  forgettable(now: Millis): boolean {
    return this.#forgetAt !== undefined && (now >= this.#forgetAt || this.#courier.pending === 0)
  }

  snapshot(): Snapshot {
    const { phase, end, remoteName: name, localMedia, remoteMedia } = this
    return { phase, end, name, localMedia, remoteMedia }
  }

  nextDeadline(): Millis | undefined {
    const ack = this.#way.up ? this.#courier.nextDeadline() : undefined
    return earliest([this.#patience?.until, this.#way.nextDeadline(), this.#restartAt, this.#forgetAt, ack])
  }

  /** The effects of everything done since the last call of this. */
  drain(now: Millis): Effect[] {
    // Nothing more will be said once it has ended.
    const owed = this.#way.up && this.#courier.settle(this.phase === 'ended' ? Number.POSITIVE_INFINITY : now)
    if (owed) this.#effects.push({ type: 'send', message: owed })
    return this.#effects.splice(0)
  }

  // What the people do.

  place(now: Millis): void {
    this.#patience = this.#way.up
      ? { until: now + timing.ring, end: 'no-answer' }
      : { until: now + timing.reach, end: 'unreachable' }
    this.#say({ type: 'invite', name: this.#name, media: this.localMedia }, now)
    this.#effects.push({ type: 'media-start', begin: true })
    this.#changed()
  }

  accept(media: MediaState, now: Millis): void {
    if (this.phase !== 'incoming') return
    this.localMedia = media
    this.#say({ type: 'accept', name: this.#name, media }, now)
    this.#effects.push({ type: 'media-start', begin: false })
    this.#connecting(now)
    for (const item of this.#held.splice(0)) this.#negotiate(item)
  }

  decline(now: Millis): void {
    if (this.phase !== 'incoming') return
    this.#say({ type: 'decline' }, now)
    this.#finish('i-declined', now)
  }

  hangUp(now: Millis): void {
    if (this.phase === 'ended') return
    if (this.phase === 'incoming') return this.decline(now)
    const early = this.phase === 'calling' || this.phase === 'ringing'
    this.#say({ type: early ? 'cancel' : 'hangup' }, now)
    this.#finish('hung-up', now)
  }

  setMedia(media: MediaState, now: Millis): void {
    const { audio, video } = this.localMedia
    if (this.phase === 'ended' || (audio === media.audio && video === media.video)) return
    this.localMedia = media
    // A callee says it with `accept`; before that it tells the caller nothing of itself.
    if (this.phase !== 'incoming') this.#say({ type: 'media-state', media }, now)
    this.#changed()
  }

  // What the other side says.

  take(message: Message, now: Millis): void {
    if (!this.#courier.take(message, now)) return
    // An ended session only collects acknowledgements of its last word.
    if (this.phase === 'ended') return
    if (!this.#hear(message, now)) this.#effects.push({ type: 'nonsense' })
  }

  /** False if the message makes no sense in this phase; it then had no effect. */
  #hear(message: Message, now: Millis): boolean {
    const unanswered = this.phase === 'calling' || this.phase === 'ringing'
    switch (message.type) {
      case 'invite':
        if (this.direction !== 'incoming' || message.seq !== 1) return false
        this.remoteName = message.name
        this.remoteMedia = message.media
        this.#patience = { until: now + timing.ring + timing.ringGrace, end: 'cancelled' }
        this.#say({ type: 'ringing' }, now)
        return this.#changed()
      case 'ringing':
        if (this.phase !== 'calling') return false
        this.phase = 'ringing'
        this.#patience = { until: now + timing.ring, end: 'no-answer' }
        return this.#changed()
      case 'accept':
        if (!unanswered) return false
        this.remoteName = message.name
        this.remoteMedia = message.media
        return this.#connecting(now)
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
        return this.#changed()
      case 'description':
      case 'candidate':
        if (this.phase !== 'incoming') return this.#negotiate(message)
        if (this.#held.length <= MAX_EARLY) this.#held.push(message)
        return true
      case 'ack':
        return true
      default:
        return unreachable(message)
    }
  }

  // What the driver reports.

  pathUp(now: Millis): void {
    this.#way.came()
    this.#fault = undefined
    // Reached, so that patience is now for the ringing: an old or odd peer may never say `ringing`.
    if (this.#patience?.end === 'unreachable') this.#patience = { until: now + timing.ring, end: 'no-answer' }
    for (const message of this.#courier.again()) this.#effects.push({ type: 'send', message })
  }

  pathDown(now: Millis, fault?: PathFault): void {
    this.#way.went()
    if (fault === 'incompatible' && this.phase === 'calling') return void this.#finish('incompatible', now)
    if (fault === 'broken' && this.phase !== 'ended') {
      this.#say({ type: 'hangup' }, now)
      return void this.#finish('failed', now)
    }
    if (fault !== 'broken') this.#fault = fault ?? this.#fault
    if (this.phase !== 'ended' || this.#courier.pending > 0) this.#way.later(now)
  }

  need(restart: boolean): void {
    if (this.phase !== 'ended') this.#perform(this.#negotiation.need(restart))
  }

  described(made: Description, now: Millis): void {
    if (this.phase === 'ended') return
    const { send, steps } = this.#negotiation.described(made)
    if (send !== undefined) this.#say({ type: 'description', ...send }, now)
    this.#perform(steps)
  }

  stepFailed(): void {
    if (this.phase !== 'ended') this.#perform(this.#negotiation.failed())
  }

  gathered(candidate: Candidate, now: Millis): void {
    if (this.phase !== 'ended') this.#say({ type: 'candidate', ...candidate }, now)
  }

  connectivity(state: Connectivity, now: Millis): void {
    this.#connectivity = state
    if (this.phase !== 'connecting' && this.phase !== 'active' && this.phase !== 'reconnecting') return
    if (state === 'connected') {
      this.phase = 'active'
      this.#patience = undefined
      this.#restartAt = undefined
      return void this.#changed()
    }
    this.#restartAt ??= state === 'failed' ? now : now + timing.restart
    if (this.phase === 'active') this.#patience = { until: now + timing.lost, end: 'lost' }
    if (state === 'failed') this.#restart(now)
  }

  /**
   * The way to the internet changed: do not wait for the media to notice. Media that never stops does not
   * say that it goes on, so that only what is known to be interrupted counts as `reconnecting`.
   */
  networkChanged(now: Millis): void {
    if (this.phase !== 'active' && this.phase !== 'reconnecting') return
    if (this.#connectivity === 'connected') this.need(true)
    else this.#restart(now)
  }

  tick(now: Millis): void {
    if (this.#patience !== undefined && now >= this.#patience.until) {
      const { end } = this.#patience
      this.#say({ type: end === 'lost' ? 'hangup' : 'cancel' }, now)
      this.#finish(end === 'unreachable' ? (this.#fault ?? end) : end, now)
    }
    if (this.#restartAt !== undefined && now >= this.#restartAt) this.#restart(now)
    if (this.#way.tick(now)) this.#effects.push({ type: 'open-path' })
  }

  #connecting(now: Millis): true {
    this.phase = 'connecting'
    this.#patience = { until: now + timing.connect, end: 'lost' }
    this.#changed()
    // Without media of its own (in Node) an engine is connected before the call is accepted.
    if (this.#connectivity === 'connected') this.connectivity('connected', now)
    return true
  }

  #restart(now: Millis): void {
    this.#restartAt = now + timing.restartAgain
    if (this.phase === 'active') {
      this.phase = 'reconnecting'
      this.#patience ??= { until: now + timing.lost, end: 'lost' }
      this.#changed()
    }
    this.#perform(this.#negotiation.need(true))
  }

  #negotiate(item: Description | Candidate): true {
    const steps =
      'sdp' in item ? this.#negotiation.takeDescription(item) : this.#negotiation.takeCandidate(item)
    this.#perform(steps)
    return true
  }

  #perform(steps: Step[]): void {
    for (const step of steps) this.#effects.push({ type: 'step', step })
  }

  #say(body: Body, now: Millis): void {
    const message = this.#courier.enclose(body)
    if (message === undefined) {
      this.#say({ type: 'hangup' }, now)
      return void this.#finish('lost', now)
    }
    if (this.#way.up) this.#effects.push({ type: 'send', message })
    else if (this.#way.want()) this.#effects.push({ type: 'open-path' })
  }

  #finish(end: End, now: Millis): true {
    if (this.phase === 'ended') return true
    this.phase = 'ended'
    this.end = end
    this.#patience = undefined
    this.#restartAt = undefined
    this.#held = []
    this.#forgetAt = now + timing.linger
    this.#effects.push({ type: 'media-stop' })
    return this.#changed()
  }

  #changed(): true {
    this.#effects.push({ type: 'changed' })
    return true
  }
}
