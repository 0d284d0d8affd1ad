/**
 * A cord: one end of a connection between two peers of one process, as libp2p sees it. What is sent arrives at the other
 * end whole, in order, and as late as the ether has it; so does a close. A cord that is cut says nothing to either end,
 * as a machine does that has lost its power.
 */
import type { Logger } from '@libp2p/interface'
import { AbstractMultiaddrConnection, type SendResult } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'

type Chunk = Parameters<AbstractMultiaddrConnection['sendData']>[0]

export interface CordInit {
  remoteAddr: Multiaddr
  direction: 'inbound' | 'outbound'
  log: Logger
  /** Milliseconds that the next words are on their way. */
  delay: () => number
  /** Whether anything comes through at this moment. */
  open: () => boolean
  onSent: (bytes: number) => void
}

/** What did not come through is said again after so long, in milliseconds (RFC 9260: RTO.Min). */
const RESEND = 1_000

export class Cord extends AbstractMultiaddrConnection {
  /** The other end. */
  other: Cord | undefined
  readonly #delay: () => number
  readonly #open: () => boolean
  readonly #onSent: (bytes: number) => void
  /** On their way to the other end, earliest first: at most what libp2p lets wait. */
  readonly #underWay: { at: number; arrive: (other: Cord) => void }[] = []
  #timer: NodeJS.Timeout | undefined
  #isCut = false

  constructor({ remoteAddr, direction, log, delay, open, onSent }: CordInit) {
    // Its own close is never waited for, and nobody pauses what is in memory.
    super({ remoteAddr, direction, log })
    this.#delay = delay
    this.#open = open
    this.#onSent = onSent
  }

  /** From now on nothing that is said here arrives, and what is on its way does not either. */
  cut(): void {
    this.#isCut = true
    clearTimeout(this.#timer)
    this.#underWay.length = 0
  }

  override sendData(data: Chunk): SendResult {
    const { byteLength } = data
    this.#onSent(byteLength)
    // The sender may use its bytes again.
    const bytes = data.slice()
    this.#send((other) => other.onData(bytes))
    return { sentBytes: byteLength, canSendMore: true }
  }

  override async sendClose(): Promise<void> {
    this.#send((other) => other.onTransportClosed())
  }

  override sendReset(): void {
    this.#send((other) => other.onRemoteReset())
  }

  override sendPause(): void {}

  override sendResume(): void {}

  #send(arrive: (other: Cord) => void): void {
    if (this.#isCut) return
    const last = this.#underWay.at(-1)?.at ?? 0
    this.#underWay.push({ at: Math.max(last, performance.now() + this.#delay()), arrive })
    if (this.#timer === undefined) this.#wait()
  }

  #wait(): void {
    const next = this.#underWay[0]
    if (next !== undefined) this.#deliverIn(Math.max(0, next.at - performance.now()))
  }

  #deliverIn(millis: number): void {
    this.#timer = setTimeout(() => this.#deliver(), millis)
    this.#timer.unref()
  }

  #deliver(): void {
    this.#timer = undefined
    // A close is held up as well, so that who is cut off finds out by itself.
    if (!this.#open()) return this.#deliverIn(RESEND)
    // Timers may be early by a fraction of a millisecond.
    const now = performance.now() + 1
    while ((this.#underWay[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const arrive = this.#underWay.shift()?.arrive
      const { other } = this
      if (other !== undefined && (other.status === 'open' || other.status === 'closing')) arrive?.(other)
    }
    if (this.#timer === undefined) this.#wait()
  }
}
