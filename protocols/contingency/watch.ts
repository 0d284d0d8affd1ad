/**
 * A watch on one peer that says something every T: when is its silence suspect?
 *
 * After T and a margin q without a sign of life. q follows the jitter that is seen, as TCP's retransmission
 * timer does (RFC 6298: mean deviation, gain 1/4, factor 4), so that a throttled tab is not declared dead and a
 * steady one is missed at once.
 */
import type { Millis } from '../machine.ts'
import type { Config } from './config.ts'

type Times = Pick<Config, 'beat' | 'margin' | 'marginMax' | 'watch'>

export class Watch {
  readonly #config: Times
  #heard: Millis
  /** The last regular sign of life: what comes in between says nothing of its regularity. */
  #beat: Millis
  #deviation = 0
  /** Nothing is known to have been missed: somebody else watches, who will say so. */
  #quiet: boolean

  constructor(config: Times, now: Millis) {
    this.#quiet = config.watch === 'told'
    this.#config = config
    this.#heard = now
    this.#beat = now
  }

  get suspectAt(): Millis {
    if (this.#quiet) return Number.POSITIVE_INFINITY
    const { beat, margin, marginMax } = this.#config
    const seen = this.#config.watch === 'told' ? margin : 4 * this.#deviation
    return this.#heard + beat + Math.min(Math.max(margin, seen), marginMax)
  }

  /** Somebody else watches, and has not said that anything is wrong. */
  get quiet(): boolean {
    return this.#quiet
  }

  get heard(): Millis {
    return this.#heard
  }

  silence(now: Millis): Millis {
    // It is not known, but who asks hears nothing, and will be told so here in a moment if there is nothing to be heard.
    if (this.#quiet) return this.#config.beat + this.#config.margin - 1
    return Math.max(0, now - this.#heard)
  }

  /** A regular sign of life: measured. */
  beat(now: Millis): void {
    const { beat } = this.#config
    const gap = now - this.#beat
    // What comes so soon answers something else than a beat; a gap of many beats is an interruption and not jitter.
    if (gap >= beat / 2 && this.#config.watch === 'beats') {
      const late = Math.abs(gap - beat)
      if (late < 4 * beat) this.#deviation += (late - this.#deviation) / 4
      this.#beat = now
    }
    this.hear(now)
  }

  /** It has been silent for as long as there is patience with it, as somebody says who watches in our place. */
  told(now: Millis): void {
    this.#heard = now - this.#config.beat - this.#config.margin
    this.#quiet = false
  }

  /** Somebody else heard it, at that moment. */
  heardOf(at: Millis): void {
    this.#heard = Math.max(this.#heard, at)
    this.#quiet = false
  }

  /** Any sign of life. */
  hear(now: Millis): void {
    this.#heard = Math.max(this.#heard, now)
    this.#quiet = this.#config.watch === 'told'
  }
}
