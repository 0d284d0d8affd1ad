/**
 * The seat: what this peer must know to come back into a call that it loses the page of. While media flows it is
 * kept as a private record of the peer's own state, so that it outlives the page here at once, and on any other
 * device by the contingents, who can read nothing of it.
 *
 *     seat = { call, peer, name, direction, since, media, at }
 *
 * Law: a seat is there only while its call is. It dies with the call, whoever ends it, or of age; and only the
 * other side, who was there all the time, says whether the call still is.
 */
import * as v from 'valibot'
import { timing } from '#protocols/call/index'
import type { Resumption } from '../api.ts'
import { type Clock, systemClock } from '../driver.ts'
import type { State } from '../state/state.ts'
import type { NodeCall } from './call.ts'

const NAME = 'seat'

/** How often a seat says that its call goes on, in milliseconds: a write of some 300 bytes to each holder (guess). */
const BEAT = 10_000

const media = v.object({ audio: v.boolean(), video: v.boolean() })
const record = v.object({
  call: v.string(),
  peer: v.string(),
  name: v.optional(v.string()),
  direction: v.picklist(['incoming', 'outgoing']),
  /** When media first flowed, and when it was last known to: `Date.now()` milliseconds. */
  since: v.number(),
  at: v.number(),
  media,
})

export type SeatRecord = v.InferOutput<typeof record>

export interface Chairs {
  /** Sits down again; `undefined` if there is another call. */
  sit(seat: SeatRecord, patience: number): NodeCall | undefined
}

export class Seat {
  /** The call that waits to be gone on with, until it is or has ended. */
  waiting: Resumption | undefined
  readonly #state: State
  readonly #chairs: Chairs
  readonly #onResume: (resumption: Resumption) => void
  readonly #clock: Clock
  readonly #began = Date.now()
  readonly #stopped = new AbortController()
  #cancelBeat = () => {}
  #said: string | undefined
  #written: Promise<unknown> = Promise.resolve()

  constructor(
    state: State,
    chairs: Chairs,
    onResume: (resumption: Resumption) => void,
    clock: Clock = systemClock,
  ) {
    this.#state = state
    this.#chairs = chairs
    this.#onResume = onResume
    this.#clock = clock
  }

  /** Looks for a seat here, and from then on for one that holders give back. */
  open(): void {
    this.#find(false)
    void this.#watch()
  }

  /** A call has changed. */
  follow(call: NodeCall): void {
    if (this.waiting?.call === call && (call.phase === 'ended' || !call.waits)) this.waiting = undefined
    if (call.phase === 'ended') return this.#leave()
    const { audio, video } = call.saidMedia
    const says = `${call.phase} ${audio} ${video}`
    if (call.activeSince === undefined || call.waits || says === this.#said) return
    this.#said = says
    if (call.phase === 'active') this.#keep(call)
  }

  /** Says no more; what is kept stays. Idempotent; resolves when the last write is over. */
  async stop(): Promise<void> {
    this.#cancelBeat()
    this.#stopped.abort()
    await this.#written
  }

  #keep(call: NodeCall): void {
    this.#cancelBeat()
    const { id, peer, peerName: name, direction, activeSince: since = Date.now() } = call
    const seat: SeatRecord = { call: id, peer, direction, since, at: Date.now(), media: call.saidMedia }
    this.#write(this.#state.put(NAME, name === undefined ? seat : { ...seat, name }))
    this.#cancelBeat = this.#clock.after(BEAT, () => this.#keep(call))
  }

  #leave(): void {
    this.#cancelBeat()
    this.#said = undefined
    this.#write(this.#state.delete(NAME))
  }

  /** Where it cannot be kept a reload ends the call, as it would without a seat. */
  #write(writing: Promise<unknown>): void {
    this.#written = writing.catch(() => {})
  }

  #find(elsewhere: boolean): void {
    const parsed = v.safeParse(record, this.#state.get(NAME))
    if (!parsed.success) return
    const seat = parsed.output
    const patience = timing.lost - Math.abs(Date.now() - seat.at)
    if (patience <= 0) return this.#leave()
    const call = this.#chairs.sit(seat, patience)
    if (call === undefined) return
    this.waiting = { call, since: seat.at, until: Date.now() + patience, elsewhere, media: seat.media }
    this.#onResume(this.waiting)
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopped
    try {
      for await (const change of this.#state.watch(NAME, { signal })) {
        const at = v.safeParse(record, change.type === 'put' ? change.value : undefined)
        // What is later than this page is its own, or of a device that is in the call now.
        if (at.success && at.output.at < this.#began) this.#find(true)
      }
    } catch {
      // Stopped.
    }
  }
}
