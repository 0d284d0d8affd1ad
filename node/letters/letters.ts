/**
 * Letters: asking for someone who may be away, and leaving a message with whoever stands in.
 *
 * Law: nobody but the owner is believed about more than they can know. That someone is away, and since when, is
 * what a holder says, and `by` tells which; the name is the owner's own, signed. A message is sealed before it
 * leaves, and called kept only when one who stands in has said so.
 */
import type { AbortOptions, Ed25519PrivateKey } from '@libp2p/interface'
import { raceSignal } from 'race-signal'
import { PUBLIC } from '#protocols/contingency/index'
import { type Clock, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import type { PeerId } from '../peer-id.ts'
import { sealLetter } from '../state/inbox.ts'
import { readPublic } from '../state/seal.ts'
import { type Answer, Inquiries, type Question } from './inquiry.ts'

/** The public record in which someone says what they are called: text of at most 64 characters. */
export const NAME = 'profile/name'
const MAX_NAME = 64
/** Peers that are asked about one owner in a round: twice as many as can hold with rights (see `MAX_RANKS`). */
const MAX_ASKED = 8
/** Silence of one round after which the next is asked as well, in milliseconds: a new link, on a near path (guess). */
const SILENCE = 1_500
/** While nobody stands in yet, or the place changes hands, it is tried again: often enough for a takeover (guess). */
const ATTEMPTS = 4
const SETTLE = 1_000
/** What names a message: as the wire has it, and nothing that parts a key. */
const ID = /^[\w.-]{1,32}$/

export type Presence =
  | { presence: 'unknown' }
  | {
      presence: 'present' | 'away'
      /** Who says so. */
      by: PeerId
      /** When the owner was last heard, `Date.now()` milliseconds; of one who is away, if that is known. */
      since?: number
      /** What the owner is called by its public record `profile/name`. */
      name?: string
    }

export interface LeaveOptions extends AbortOptions {
  /** Names the message: one that is left twice under the same id is there once. 1–32 of `A-Z a-z 0-9 _ . -`. */
  id?: string
}

export interface LettersInit {
  key: Ed25519PrivateKey
  /** Who may know about `owner`, and hold its state, in rounds: the next is asked if nobody in the last one knows. */
  holdersOf: (owner: PeerId, options: AbortOptions) => AsyncIterable<readonly PeerId[]>
  say: (to: PeerId, question: Question) => void
  clock?: Clock
}

/** What came of one attempt to leave a message. `away`: that is known there, but somebody else stands in. */
type Outcome = 'kept' | 'present' | 'full' | 'unknown' | 'away'

export class Letters {
  readonly #init: LettersInit
  readonly #inquiries: Inquiries

  constructor(init: LettersInit) {
    this.#init = init
    this.#inquiries = new Inquiries(init.say, init.clock)
  }

  /** What came as an answer. */
  hear(from: PeerId, answer: Answer): void {
    this.#inquiries.hear(from, answer)
  }

  /** Answers that nobody asked for. */
  get unasked(): number {
    return this.#inquiries.unasked
  }

  async presence(owner: PeerId, { signal }: AbortOptions = {}): Promise<Presence> {
    const told = await this.#first(owner, signal, async (to, end) => {
      const tell = await this.#ask(to, owner, end)
      return tell === undefined || tell.presence === 'unknown' ? undefined : { to, tell }
    })
    if (told === undefined) return { presence: 'unknown' }
    const { to: by, tell } = told
    const { presence, away } = tell
    const name = await nameIn(owner, tell)
    return {
      presence: presence === 'away' ? 'away' : 'present',
      by,
      ...(presence === 'away' && away !== undefined ? { since: Math.max(0, Date.now() - away) } : {}),
      ...(name === undefined ? {} : { name }),
    }
  }

  async leave(
    owner: PeerId,
    value: unknown,
    { id = crypto.randomUUID().replaceAll('-', ''), signal }: LeaveOptions = {},
  ): Promise<{ kept: PeerId[] }> {
    if (!ID.test(id)) throw new ColoniaError('bad-record', `a message's id is text that matches ${ID}`)
    const body = await sealLetter(this.#init.key, { owner, id }, { at: Date.now(), value })
    for (let attempt = 1; ; attempt++) {
      const outcomes = new Map<PeerId, Outcome>()
      const kept = await this.#first(owner, signal, async (to, end) => {
        const outcome = await this.#deposit(to, { type: 'deposit', owner, id, body }, end)
        outcomes.set(to, outcome)
        return outcome === 'kept' ? to : undefined
      })
      if (kept !== undefined) return { kept: [kept] }
      if (attempt === ATTEMPTS || !isChanging(owner, outcomes)) throw refusal(owner, outcomes)
      await this.#settle(signal)
    }
  }

  async #settle(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = (this.#init.clock ?? systemClock).after(SETTLE, resolve)
    await raceSignal(promise, signal, { translateError: () => signal?.reason }).finally(cancel)
  }

  /** What the first of those asked gives that is anything; `undefined` if none does. @throws the signal's reason */
  async #first<T>(
    owner: PeerId,
    signal: AbortSignal | undefined,
    ask: (to: PeerId, signal: AbortSignal) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const over = new AbortController()
    const end = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal])
    const answers: Promise<T>[] = []
    const answered = () => Promise.any(answers).catch(() => undefined)
    try {
      for await (const round of this.#init.holdersOf(owner, { signal: end })) {
        for (const to of round.slice(0, MAX_ASKED)) {
          const answer = ask(to, end).then(
            (given) => given ?? Promise.reject(new Error(`${to} does not know`)),
          )
          answer.catch(() => {})
          answers.push(answer)
        }
        const { promise: silence, resolve } = Promise.withResolvers<undefined>()
        const cancel = (this.#init.clock ?? systemClock).after(SILENCE, () => resolve(undefined))
        const answer = await Promise.race([answered(), silence]).finally(cancel)
        if (answer !== undefined) return answer
        signal?.throwIfAborted()
      }
      const answer = await answered()
      signal?.throwIfAborted()
      return answer
    } finally {
      over.abort()
    }
  }

  #ask(to: PeerId, owner: PeerId, signal: AbortSignal) {
    return this.#inquiries.ask(to, { type: 'ask', owner, key: PUBLIC + NAME }, { signal })
  }

  /** The short question goes before the long message: most of those asked hold nothing. */
  async #deposit(
    to: PeerId,
    deposit: Extract<Question, { type: 'deposit' }>,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const tell = await this.#ask(to, deposit.owner, signal)
    if (tell?.presence !== 'away') return tell?.presence ?? 'unknown'
    const answer = await this.#inquiries.ask(to, deposit, { signal })
    return answer === undefined || answer.outcome === 'unknown' ? 'away' : answer.outcome
  }
}

/** Some know that the owner is away, and nobody stands in. */
function isChanging(owner: PeerId, outcomes: ReadonlyMap<PeerId, Outcome>): boolean {
  const all = [...outcomes.values()]
  return outcomes.get(owner) !== 'present' && all.includes('away') && !all.includes('full')
}

/** The owner's word counts most; then that of one who stands in; a holder may be the last to hear of either. */
function refusal(owner: PeerId, outcomes: ReadonlyMap<PeerId, Outcome>): ColoniaError {
  const all = [...outcomes.values()]
  if (outcomes.get(owner) !== 'present' && all.includes('full')) {
    return new ColoniaError('inbox-full', `no more messages are kept for ${owner}, or none from this peer`)
  }
  if (all.includes('present')) return new ColoniaError('present', `${owner} is there`)
  const heard = [...outcomes].map(([peer, outcome]) => `${peer}: ${outcome}`).join(', ') || 'nobody answered'
  return new ColoniaError(
    'nobody-stands-in',
    `nobody who could be asked takes messages for ${owner} (${heard})`,
  )
}

/** A holder may show any record of the owner's: it counts only if it is the one that was asked for. */
async function nameIn(
  owner: PeerId,
  { entry }: Extract<Answer, { type: 'tell' }>,
): Promise<string | undefined> {
  if (entry?.key !== PUBLIC + NAME) return undefined
  const value = (await readPublic(owner, entry))?.value
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME ? value : undefined
}
