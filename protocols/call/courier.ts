/**
 * The courier: carries one call's messages in order, exactly once, over whatever path is left.
 *
 * A path is a libp2p stream, reliable while it lives. Paths die (the relay's two minutes are over, a link
 * breaks) and others take over, so what was sent on a dead path may or may not have arrived. Hence numbers:
 * what is not acknowledged is sent again, in order, on each new path; what arrived already is dropped. It
 * is a go-back-N sender without timers, because the path below already retransmits.
 */
import type { Millis } from '../machine.ts'
import type { Body, Message } from './messages.ts'
import { timing } from './phase.ts'

/** Unacknowledged messages one call may hold. A call in trouble sends a few dozen candidates a minute. */
export const MAX_PENDING = 256
/** There is always room for one of these: nothing is said after it. */
const LAST_WORDS = ['cancel', 'decline', 'hangup']

/** What every message of one sitting names. */
export interface Address {
  call: string
  from?: string | undefined
  to?: string | undefined
}

export class Courier {
  readonly #address: Address
  #sent = 0
  #received = 0
  #pending: Message[] = []
  #ackAt: Millis | undefined

  constructor(address: Address) {
    this.#address = address
  }

  /** Messages that the other side has not acknowledged. */
  get pending(): number {
    return this.#pending.length
  }

  /**
   * Numbers a message and keeps it until it is acknowledged. `undefined` when MAX_PENDING are waiting, unless
   * it is the last word.
   */
  enclose(body: Body): Message | undefined {
    if (this.#pending.length >= MAX_PENDING && !LAST_WORDS.includes(body.type)) return undefined
    this.#sent += 1
    const message = { ...body, ...this.#head(this.#sent) } as Message
    this.#pending.push(message)
    this.#ackAt = undefined
    return message
  }

  /** A message outside the order: it is not kept, and not acknowledged. */
  aside(body: Body): Message {
    return { ...body, ...this.#head(0) } as Message
  }

  /** Everything unacknowledged, with a fresh `ack`: what a new path must carry first. */
  again(): Message[] {
    return this.#pending.map((message) => ({ ...message, ack: this.#received }))
  }

  /** Takes a message in; true if it is new and in order, so that it must be acted upon. */
  take(message: Message, now: Millis): boolean {
    this.#pending = this.#pending.filter(({ seq }) => seq > message.ack)
    if (message.seq === 0) return true
    this.#ackAt ??= now + timing.ack
    if (message.seq !== this.#received + 1) return false
    this.#received = message.seq
    return true
  }

  /** When the acknowledgement that is owed may wait no longer for a message to ride on. */
  nextDeadline(): Millis | undefined {
    return this.#ackAt
  }

  /** The acknowledgement, if it is owed by `now`. */
  settle(now: Millis): Message | undefined {
    if (this.#ackAt === undefined || now < this.#ackAt) return undefined
    this.#ackAt = undefined
    return this.aside({ type: 'ack' })
  }

  #head(seq: number): Address & { seq: number; ack: number } {
    return { ...this.#address, seq, ack: this.#received }
  }
}
