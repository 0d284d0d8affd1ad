/**
 * When to knock at an entrance: one bootstrap, as seen by one peer.
 *
 * Law: losing an entrance is an event and not an error; the peer knocks again, later each time up to a cap,
 * and at a moment of its own, so that peers who lost the same bootstrap do not storm it when it returns.
 * A refusal is final until the page is loaded again, because waiting does not change a version. Back-off is
 * capped exponential with equal jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015).
 */
import { type Machine as AnyMachine, type Millis, type Tick, unreachable } from '../machine.ts'

export type Input =
  /** Begin. */
  | { type: 'start' }
  /** The knock was answered: connected and introduced. */
  | { type: 'opened' }
  /** It could not be reached, or the connection is gone. */
  | { type: 'lost'; reason: string }
  /** It will not have us. */
  | { type: 'refused'; reason: string }
  /** The network is back, or the person asks: do not wait. */
  | { type: 'hurry' }
  | Tick

export type Output =
  | { type: 'knock' }
  /** Ask for further peers, if more are wanted: whoever came with us was not yet known when we were introduced. */
  | { type: 'ask' }
  | { type: 'changed'; state: State; reason?: string; retryAt?: Millis }

export type State = 'connecting' | 'connected' | 'lost' | 'refused'

export interface Config {
  /** Uniform in [0, 1): a seeded generator. */
  random: () => number
  /** Shortest wait before the second knock, in milliseconds; it doubles with each failure. */
  first: Millis
  /** Longest wait, in milliseconds. */
  cap: Millis
  /** From being introduced to asking again, in milliseconds; it doubles each time up to `askCap`. */
  ask: Millis
  askCap: Millis
}

/**
 * Half a second keeps a blip invisible; half a minute is what a person will wait at a closed door. A bootstrap
 * knows a newcomer's record about a second after it came (libp2p waits that long before it tells of changes),
 * so asking after two finds those who came together; a peer alone asks once in five minutes in the end.
 */
export const defaultTiming = { first: 500, cap: 30_000, ask: 2_000, askCap: 300_000 } as const

export class Machine implements AnyMachine<Input, Output> {
  readonly #config: Config
  #state: State = 'lost'
  #failures = 0
  #retryAt: Millis | undefined
  #openedAt: Millis = 0
  #asked = 0
  #askAt: Millis | undefined

  constructor(config: Config) {
    this.#config = config
  }

  nextDeadline(): Millis | undefined {
    return this.#retryAt ?? this.#askAt
  }

  handle(input: Input, now: Millis): readonly Output[] {
    switch (input.type) {
      case 'start':
      case 'hurry':
        return this.#state === 'lost' ? this.#knock() : []
      case 'opened':
        if (this.#state === 'refused') return []
        this.#openedAt = now
        this.#retryAt = undefined
        this.#state = 'connected'
        this.#asked = 0
        this.#askLater(now)
        return [{ type: 'changed', state: 'connected' }]
      case 'lost': {
        // Said twice, it is still one loss.
        if (this.#state === 'refused' || this.#retryAt !== undefined) return []
        // An entrance that lets in and throws out again is no better than one that is closed.
        const stood = this.#state === 'connected' && now - this.#openedAt >= this.#config.cap
        if (stood) this.#failures = 0
        this.#state = 'lost'
        this.#askAt = undefined
        this.#retryAt = now + this.#wait()
        this.#failures += 1
        return [{ type: 'changed', state: 'lost', reason: input.reason, retryAt: this.#retryAt }]
      }
      case 'refused':
        this.#state = 'refused'
        this.#retryAt = undefined
        this.#askAt = undefined
        return [{ type: 'changed', state: 'refused', reason: input.reason }]
      case 'tick':
        if (this.#retryAt !== undefined && now >= this.#retryAt) return this.#knock()
        if (this.#askAt === undefined || now < this.#askAt) return []
        this.#askLater(now)
        return [{ type: 'ask' }]
      default:
        return unreachable(input)
    }
  }

  #knock(): Output[] {
    this.#state = 'connecting'
    this.#retryAt = undefined
    return [{ type: 'changed', state: 'connecting' }, { type: 'knock' }]
  }

  #askLater(now: Millis): void {
    const { ask, askCap, random } = this.#config
    this.#askAt = now + Math.round(Math.min(ask * 2 ** this.#asked, askCap) * (1 + random() / 2))
    this.#asked += 1
  }

  /** Between half and the whole of the capped exponential: never at once, never in step with others. */
  #wait(): Millis {
    const { first, cap, random } = this.#config
    const ceiling = Math.min(2 * first * 2 ** this.#failures, cap)
    return Math.max(1, Math.round(ceiling * (0.5 + random() / 2)))
  }
}
