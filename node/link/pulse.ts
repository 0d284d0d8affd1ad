/**
 * The pulse: connections are pinged, and one that does not answer is given up.
 *
 * Law: the silence of others counts only while this peer itself is awake. Whoever is busy hears late and would take
 * everyone for dead; to give up its links and make them anew is then more than it can do, and it ends with none
 * ("Lifeguard", Dadgar, Phillips, Currey 2017; seen among twenty peers on two busy processors, of which each had opened
 * 130 connections before it had none left). An answer is an answer, however long its stream then takes to close; and
 * before the end comes a second ping with more patience.
 *
 * Whoever is asked by the other side need not ask: that it asks shows as well that it is there. So of two peers one asks
 * and the other answers, whichever began, and asks itself only now and then: it needs a round trip of its own, by which
 * patience goes when links are doubted (`survey.ts`).
 *
 * A connection that somebody else has just made is asked at once and with less patience: whoever made it may have given
 * up in the moment in which it came about, and then only this side has it. As the newest to that peer it would be used
 * in place of one that works (seen with dials that were hedged, and with peers that were stopped while they dialled).
 *
 * It stands in for libp2p's connection monitor (3.3), which knows none of this: of the links that it gave up there,
 * half had answered, and only the stream of the ping was not closed in time. Limited connections are left alone: they
 * end by themselves.
 */
import type { Connection, Startable } from '@libp2p/interface'
import type { ConnectionManager } from '@libp2p/interface-internal'
import { byteStream } from '@libp2p/utils'
import type { Millis } from '#protocols/machine'
import { type Clock, systemClock } from '../driver.ts'

const PROTOCOL = '/ipfs/ping/1.0.0'
const BYTES = 32

export const defaultTiming = {
  /** From the answer to a ping to the next ping, in milliseconds, as libp2p has it. */
  interval: 10_000,
  /** From a ping of the other side to one of ours, in milliseconds: its next comes before that, if it is there. */
  heard: 11_000,
  /** For so long a round trip that was measured is good, in milliseconds (guess). */
  good: 60_000,
  /** The end of patience with each ping of a row, in milliseconds: the first as libp2p has it, the second twice that. */
  patience: [5_000, 10_000],
  /** The same for a connection that somebody has just made to us. */
  fresh: [3_000, 7_000],
  /** How often this peer looks whether it is awake, in milliseconds. */
  tick: 500,
  /** Timers that are so late are those of a peer that is not, in milliseconds; hidden tabs have one a second (guess). */
  late: 1_500,
} as const

/** Errors of which the other side is the cause, so that it is there: it knows no pings, or had no place for this one. */
const ANSWERS = ['UnsupportedProtocolError', 'StreamResetError', 'UnexpectedEOFError']

export interface PulseInit {
  connectionManager: Pick<ConnectionManager, 'getConnections'>
  /** A ping on a stream that is open already, where there is one: each new one costs a hundred times as much. */
  ping?: (connection: Connection, signal: AbortSignal) => Promise<void> | undefined
  clock?: Clock
  timing?: typeof defaultTiming
}

export class Pulse implements Startable {
  readonly #connections: PulseInit['connectionManager']
  readonly #pingOpen: PulseInit['ping']
  readonly #clock: Clock
  readonly #timing: typeof defaultTiming
  readonly #asked = new Set<Connection>()
  /** When each is to be asked, and when it answered. */
  readonly #due = new WeakMap<Connection, Millis>()
  readonly #answered = new WeakMap<Connection, Millis>()
  /** When this peer was last seen not to be awake. */
  #lateAt = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined
  #stopped = new AbortController()

  constructor({ connectionManager, ping, clock = systemClock, timing = defaultTiming }: PulseInit) {
    this.#pingOpen = ping
    this.#connections = connectionManager
    this.#clock = clock
    this.#timing = timing
  }

  start(): void {
    this.#stopped = new AbortController()
    this.#watch(this.#clock.now())
  }

  /** The other side of `connection` has just asked. */
  heard(connection: Connection): void {
    const { heard, good } = this.#timing
    const now = this.#clock.now()
    const answered = this.#answered.get(connection)
    if (answered !== undefined && now - answered < good) this.#due.set(connection, now + heard)
  }

  stop(): void {
    this.#cancel?.()
    this.#stopped.abort()
  }

  /** Looks whether the clock comes in time, and pings when that is due. */
  #watch(last: Millis): void {
    const { tick, late, interval, patience, fresh } = this.#timing
    this.#cancel = this.#clock.after(tick, () => {
      const now = this.#clock.now()
      if (now - last >= tick + late) this.#lateAt = now
      for (const connection of this.#connections.getConnections()) {
        if (connection.limits !== undefined || this.#asked.has(connection)) continue
        const due = this.#due.get(connection)
        const isFresh = due === undefined && connection.direction === 'inbound'
        const isDue = isFresh || now >= (due ?? Number.POSITIVE_INFINITY)
        // Seen for the first time, it is some time of a tick old.
        if (due === undefined) this.#due.set(connection, now + interval - tick)
        if (isDue) void this.#ask(connection, isFresh ? fresh : patience)
      }
      this.#watch(now)
    })
  }

  async #ask(connection: Connection, patiences: readonly number[]): Promise<void> {
    this.#asked.add(connection)
    try {
      for (const patience of patiences) {
        if (connection.status !== 'open' || (await this.#isThere(connection, patience))) return
      }
      connection.abort(new Error('the other side answers no pings'))
    } finally {
      this.#asked.delete(connection)
      this.#due.set(connection, this.#clock.now() + this.#timing.interval)
    }
  }

  /** Whether it answers, or nothing can be said of that. */
  async #isThere(connection: Connection, patience: number): Promise<boolean> {
    const began = this.#clock.now()
    const silence = new AbortController()
    const cancel = this.#clock.after(patience, () => silence.abort(new Error('no answer to a ping')))
    const signal = AbortSignal.any([silence.signal, this.#stopped.signal])
    try {
      connection.rtt = await this.#ping(connection, signal)
      this.#answered.set(connection, this.#clock.now())
      return true
    } catch (error) {
      const { name } = error as Error
      if (ANSWERS.includes(name) || this.#stopped.signal.aborted) return true
      // Another ping on this connection is not over.
      if (name === 'TooManyOutboundProtocolStreamsError') return true
      const now = this.#clock.now()
      return this.#lateAt >= began || now - began >= patience + this.#timing.late
    } finally {
      cancel()
    }
  }

  /** @returns the round trip, in milliseconds */
  async #ping(connection: Connection, signal: AbortSignal): Promise<number> {
    const asked = this.#clock.now()
    const answer = this.#pingOpen?.(connection, signal)
    if (answer !== undefined) {
      await answer
      return this.#clock.now() - asked
    }
    const stream = await connection.newStream(PROTOCOL, { signal })
    try {
      const bytes = byteStream(stream)
      const began = this.#clock.now()
      await bytes.write(crypto.getRandomValues(new Uint8Array(BYTES)), { signal })
      await bytes.read({ bytes: BYTES, signal })
      return this.#clock.now() - began
    } finally {
      // Whoever could not close it in time is not dead for that.
      void stream.close().catch((error: Error) => stream.abort(error))
    }
  }
}
