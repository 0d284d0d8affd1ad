/**
 * When to try those that are held in reserve: entrances that were remembered or heard of, and not given.
 *
 * Law: while anything better answers, none is tried; when nothing has for a while, they are tried one after
 * the other, best first, so that whoever lives is found and whoever is dead costs a moment and no more. Each
 * is tried once: whoever was tried has a machine of its own (`machine.ts`) that says when to try again. The
 * patience has jitter, so that peers who lost the same bootstrap do not all come at once.
 */
import { type Machine as AnyMachine, type Millis, type Tick, unreachable } from '../machine.ts'

export type Input<Id> =
  /** Nothing better answers: these may be tried, in this order. Said again, it only replaces the list. */
  | { type: 'needed'; ids: readonly Id[] }
  /** Something better answers. */
  | { type: 'content' }
  /** That one, which was to be tried, does not answer. */
  | { type: 'failed'; id: Id }
  | Tick

export type Output<Id> = { type: 'try'; id: Id }

export interface Config {
  /** Uniform in [0, 1): a seeded generator. */
  random: () => number
  /** From being alone to the first attempt, in milliseconds; up to half as long again by chance. */
  patience: Millis
  /** From one attempt that is silent to the next, in milliseconds; after one that failed it comes at once. */
  stall: Millis
}

/** Bootstraps: a near one answers within a tenth of a second, and three tenths are not noticed (guess). */
export const otherBootstraps = { patience: 300, stall: 500 } as const
/**
 * Peers: some other's machine, which is asked only if no bootstrap has answered within two seconds. The next one
 * after as long as a WebRTC dial is given before it is doubled.
 */
export const otherPeers = { patience: 2_000, stall: 1_200 } as const

export class Reserve<Id> implements AnyMachine<Input<Id>, Output<Id>> {
  readonly #config: Config
  #waiting: Id[] = []
  /** The latest one that is being tried, after which the next may come early. */
  #trying: Id | undefined
  /** When the next may be tried; `undefined` while something better answers. */
  #nextAt: Millis | undefined

  constructor(config: Config) {
    this.#config = config
  }

  nextDeadline(): Millis | undefined {
    return this.#waiting.length === 0 ? undefined : this.#nextAt
  }

  handle(input: Input<Id>, now: Millis): readonly Output<Id>[] {
    switch (input.type) {
      case 'needed': {
        const { patience, random } = this.#config
        this.#nextAt ??= now + Math.max(1, Math.round(patience * (1 + random() / 2)))
        this.#waiting = [...input.ids]
        return []
      }
      case 'content':
        this.#nextAt = undefined
        this.#trying = undefined
        this.#waiting = []
        return []
      case 'failed':
        return this.#trying === input.id ? this.#next(now) : []
      case 'tick':
        return this.#nextAt !== undefined && now >= this.#nextAt ? this.#next(now) : []
      default:
        return unreachable(input)
    }
  }

  #next(now: Millis): Output<Id>[] {
    const id = this.#waiting.shift()
    this.#trying = id
    if (id === undefined) return []
    this.#nextAt = now + this.#config.stall
    return [{ type: 'try', id }]
  }
}
