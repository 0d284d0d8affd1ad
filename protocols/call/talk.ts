/**
 * The talk of one call: what is said gets across and what is heard is heard once, whatever becomes of paths and
 * of the pages at their ends. It never assumes that a path exists; it asks for one while something waits.
 *
 * Law: a side that lost its page says `rejoin` on every path until it is answered. Whoever hears one from a
 * sitting that it has not seen begins a new sitting with it, and everything before that is over.
 */
import { earliest, type Millis } from '../machine.ts'
import type { Effect } from './effect.ts'
import type { Body, Message } from './messages.ts'
import type { PathFault } from './phase.ts'
import type { Sitting } from './sitting.ts'
import { Way } from './way.ts'

/** Where a returner is: wondering whether to go on, or asking the other side to. */
export type Return = 'wondering' | 'asking'

export class Talk {
  sitting: Sitting
  returning: Return | undefined
  /** Why there was no path when one was wanted last. */
  fault: Exclude<PathFault, 'broken'> | undefined
  /** Too much waits to be said, so that something could not be: the call cannot go on. */
  overflown = false
  readonly #way = new Way()
  readonly #effects: Effect[]
  #rejoin: Body | undefined

  /** What is to be done is added to `effects`. */
  constructor(sitting: Sitting, effects: Effect[], returning?: Return) {
    this.sitting = sitting
    this.#effects = effects
    this.returning = returning
  }

  get up(): boolean {
    return this.#way.up
  }

  /** All that was said has arrived. */
  get settled(): boolean {
    return this.sitting.courier.pending === 0
  }

  nextDeadline(): Millis | undefined {
    const ack = this.#way.up ? this.sitting.courier.nextDeadline() : undefined
    return earliest([this.#way.nextDeadline(), ack])
  }

  say(body: Body): void {
    const message = this.sitting.courier.enclose(body)
    if (message === undefined) this.overflown = true
    else if (this.#way.up) this.#send(message)
    else this.want()
  }

  /** Says `rejoin` from now on, until it is answered. */
  ask(rejoin: Body): void {
    this.returning = 'asking'
    this.#rejoin = rejoin
    if (this.#way.up) this.#send(this.sitting.courier.aside(rejoin))
    else this.want()
  }

  /** The other side is met: in this sitting both know who talks. */
  met(): void {
    this.returning = undefined
  }

  /** True if it is new and in order, so that it must be acted upon. */
  hears(message: Message, now: Millis): boolean {
    const same = message.type !== 'rejoin' && this.sitting.fits(message)
    if (!same && !this.#begins(message)) return false
    return this.sitting.courier.take(message, now)
  }

  /** Makes a path, if there is none and none on its way. */
  want(): void {
    if (this.#way.want()) this.#effects.push({ type: 'open-path' })
  }

  pathUp(): void {
    this.#way.came()
    this.fault = undefined
    if (this.returning === 'asking' && this.#rejoin !== undefined) {
      this.#send(this.sitting.courier.aside(this.#rejoin))
    }
    for (const message of this.sitting.courier.again()) this.#send(message)
  }

  pathDown(fault?: PathFault): void {
    this.#way.went()
    if (fault !== 'broken') this.fault = fault ?? this.fault
  }

  /** Another path is wanted, but not at once. */
  later(now: Millis): void {
    this.#way.later(now)
  }

  /** There may be a way to them again: what would be tried later is tried now. */
  hurry(now: Millis): void {
    this.#way.hurry(now)
    this.tick(now)
  }

  tick(now: Millis): void {
    if (this.#way.tick(now)) this.#effects.push({ type: 'open-path' })
  }

  /** Acknowledges what must be by `now`. */
  settle(now: Millis): void {
    const owed = this.#way.up ? this.sitting.courier.settle(now) : undefined
    if (owed !== undefined) this.#send(owed)
  }

  /** True if a new sitting begins with this message. */
  #begins(message: Message): boolean {
    const answered = message.type === 'welcome' && this.returning === 'asking' && this.sitting.isTo(message)
    // Who wonders lets them ask: going on is asking them, and rejoins that cross are one.
    const rejoined =
      message.type === 'rejoin' && this.returning !== 'wondering' && this.sitting.isNew(message)
    if (!answered && !rejoined) return false
    this.sitting = this.sitting.next(message.from)
    return true
  }

  #send(message: Message): void {
    this.#effects.push({ type: 'send', message })
  }
}
