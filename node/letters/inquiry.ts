/**
 * Inquiries: questions to others about an absent owner, and the answers that belong to them.
 *
 * Law: an answer counts only from who was asked, about what it was asked, and before patience ends. What nobody
 * asked for is counted and has no effect.
 */
import type { AbortOptions } from '@libp2p/interface'
import { raceSignal } from 'race-signal'
import type { Message } from '#protocols/contingency/index'
import { type Clock, systemClock } from '../driver.ts'
import type { PeerId } from '../peer-id.ts'

type Of<Type extends Message['type']> = Extract<Message, { type: Type }>
export type Question = Of<'ask' | 'deposit'>
export type Answer = Of<'tell' | 'deposited'>
type AnswerTo<Asked extends Question> = Asked extends Of<'ask'> ? Of<'tell'> : Of<'deposited'>

/** The end of patience with one who was asked, in milliseconds: a new link, and a round trip on it (guess). */
const ANSWER_TIMEOUT = 6_000

export class Inquiries {
  readonly #say: (to: PeerId, question: Question) => void
  readonly #clock: Clock
  /** By whom and what is asked. As many as our own callers have open. */
  readonly #open = new Map<string, Set<(answer: Answer | undefined) => void>>()
  /** Answers that nobody asked for, or that came too late. */
  unasked = 0

  constructor(say: (to: PeerId, question: Question) => void, clock: Clock = systemClock) {
    this.#say = say
    this.#clock = clock
  }

  /** The answer of `to`, or `undefined` if there is none in time. @throws the signal's reason */
  async ask<Asked extends Question>(
    to: PeerId,
    question: Asked,
    { signal }: AbortOptions = {},
  ): Promise<AnswerTo<Asked> | undefined> {
    signal?.throwIfAborted()
    const key = keyOf(to, question)
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>()
    const waiting = this.#open.get(key) ?? new Set()
    this.#open.set(key, waiting.add(resolve))
    const cancel = this.#clock.after(ANSWER_TIMEOUT, () => resolve(undefined))
    try {
      this.#say(to, question)
      const answer = await raceSignal(promise, signal, { translateError: () => signal?.reason })
      // Its key names the kind of answer.
      return answer as AnswerTo<Asked> | undefined
    } finally {
      cancel()
      waiting.delete(resolve)
      if (waiting.size === 0 && this.#open.get(key) === waiting) this.#open.delete(key)
    }
  }

  hear(from: PeerId, answer: Answer): void {
    const waiting = this.#open.get(keyOf(from, answer))
    if (waiting === undefined) this.unasked += 1
    for (const resolve of waiting ?? []) resolve(answer)
  }
}

function keyOf(peer: PeerId, message: Question | Answer): string {
  return 'id' in message ? `${peer} ${message.owner} ${message.id}` : `${peer} ${message.owner}`
}
