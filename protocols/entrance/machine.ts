/**
 * When to knock at an entrance, and when to hang up: one bootstrap, as seen by one peer.
 *
 * Law: losing an entrance is an event and not an error; the peer knocks again, later each time up to a cap,
 * and at a moment of its own, so that peers who lost the same bootstrap do not storm it when it returns.
 * A refusal is final until the page is loaded again, because waiting does not change a version. Back-off is
 * capped exponential with equal jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015).
 *
 * Who can stand alone asks to hang up, and having hung up does not knock: not when it hears that the entrance is
 * gone, nor when the network is back. It knocks when it loses its footing. And it looks in, quietly, when it stands in
 * for somebody who has gone, because that may have been an anchor, and an entrance that nobody is connected to leads
 * nowhere: now, and if nobody answers ever more rarely, until somebody does.
 */
import { type Machine as AnyMachine, earliest, type Millis, unreachable } from '../machine.ts'
import type { Footing } from './footing.ts'
import type { Config, Input, Output, State } from './vocabulary.ts'

export class Machine implements AnyMachine<Input, Output> {
  readonly #config: Config
  #state: State = 'lost'
  #failures = 0
  #retryAt: Millis | undefined
  #openedAt: Millis = 0
  #asked = 0
  #askAt: Millis | undefined
  #footing: Footing = { stands: false, falls: true }
  /** Hung up, and not connected since: a knock is only a question. */
  #free = false
  #leftAt: Millis = Number.NEGATIVE_INFINITY
  /** From when on it may ask to hang up; undefined while not connected, or while that is under way. */
  #leaveAt: Millis | undefined
  #leaving: 'asking' | 'parting' | undefined
  /** It is to look in, and has so often in vain; undefined when it is not. */
  #visits: number | undefined
  /** The knock is such a visit, of which nobody has to hear. */
  #quiet = false

  constructor(config: Config) {
    this.#config = config
  }

  nextDeadline(): Millis | undefined {
    return earliest([this.#retryAt, this.#askAt, this.#footing.stands ? this.#leaveAt : undefined])
  }

  handle(input: Input, now: Millis): readonly Output[] {
    switch (input.type) {
      case 'start':
      case 'hurry':
        return this.#state === 'lost' || (this.#state === 'left' && this.#footing.falls) ? this.#knock() : []
      case 'want':
        return this.#state === 'lost' || this.#state === 'left' ? this.#knock() : []
      case 'opened':
        return this.#open(now)
      case 'lost':
        return this.#lose(input.reason, now)
      case 'refused':
        this.#disconnect('refused')
        return [{ type: 'changed', state: 'refused', reason: input.reason }]
      case 'footing':
        this.#footing = input.footing
        return this.#stumble(now)
      case 'stay':
        if (this.#leaving === 'asking') this.#stay(input.millis, now)
        return []
      case 'go':
        if (this.#leaving !== 'asking') return []
        if (this.#footing.stands) {
          this.#leaving = 'parting'
          return [{ type: 'part' }]
        }
        this.#stay(this.#config.again, now)
        return []
      case 'clung':
        if (this.#leaving === 'parting') this.#stay(this.#config.again, now)
        return []
      case 'parted':
        if (this.#state !== 'connected') return []
        this.#leftAt = now
        this.#failures = 0
        return [...this.#leave(), ...this.#stumble(now)]
      case 'inherited':
        if (this.#state !== 'left') return []
        this.#visits = 0
        this.#knockWithin(this.#config.stumble, now)
        return []
      case 'tick':
        return this.#tick(now)
      default:
        return unreachable(input)
    }
  }

  #tick(now: Millis): Output[] {
    if (this.#retryAt !== undefined && now >= this.#retryAt) return this.#knock()
    const output: Output[] = []
    if (this.#askAt !== undefined && now >= this.#askAt) {
      this.#askLater(now)
      output.push({ type: 'ask' })
    }
    if (this.#leaveAt !== undefined && now >= this.#leaveAt && this.#footing.stands) {
      this.#leaveAt = undefined
      this.#leaving = 'asking'
      output.push({ type: 'leave' })
    }
    return output
  }

  #knock(): Output[] {
    this.#quiet = this.#state === 'left' && !this.#footing.falls
    this.#state = 'connecting'
    this.#retryAt = undefined
    return this.#quiet ? [{ type: 'knock' }] : [{ type: 'changed', state: 'connecting' }, { type: 'knock' }]
  }

  #open(now: Millis): Output[] {
    if (this.#state === 'refused') return []
    const { settle, again, random } = this.#config
    this.#disconnect('connected')
    this.#openedAt = now
    this.#free = false
    this.#asked = 0
    this.#askLater(now)
    this.#leaveAt = Math.max(now + Math.round(settle * (1 + random() / 2)), this.#leftAt + again)
    return [{ type: 'changed', state: 'connected' }]
  }

  #lose(reason: string, now: Millis): Output[] {
    // Said twice, it is still one loss; and what was left cannot be lost.
    if (this.#state === 'refused' || this.#state === 'left' || this.#retryAt !== undefined) return []
    if (this.#free && !this.#footing.falls) return this.#missed(now)
    // An entrance that lets in and throws out again is no better than one that is closed.
    const stood = this.#state === 'connected' && now - this.#openedAt >= this.#config.cap
    if (stood) this.#failures = 0
    this.#disconnect('lost')
    this.#retryAt = now + this.#wait()
    this.#failures += 1
    return [{ type: 'changed', state: 'lost', reason, retryAt: this.#retryAt }]
  }

  /** Nobody answers, and nobody is needed. */
  #missed(now: Millis): Output[] {
    const { stumble, visitCap } = this.#config
    const [visits, quiet] = [this.#visits, this.#quiet]
    const output = this.#leave()
    if (visits !== undefined) {
      this.#visits = visits + 1
      this.#knockWithin(Math.min(stumble * 2 ** this.#visits, visitCap), now)
    }
    return quiet ? [] : output
  }

  #leave(): Output[] {
    this.#disconnect('left')
    this.#free = true
    return [{ type: 'changed', state: 'left' }]
  }

  /** What a change of footing calls for. */
  #stumble(now: Millis): Output[] {
    const { stands, falls } = this.#footing
    if (this.#leaving === 'parting' && !stands) {
      this.#stay(this.#config.again, now)
      return [{ type: 'cling' }]
    }
    // It fell, found nobody here, and got up again.
    if (this.#state === 'lost' && this.#free && !falls) return this.#leave()
    if (this.#state !== 'left') return []
    if (falls) this.#knockWithin(this.#config.stumble, now)
    else if (this.#visits === undefined) this.#retryAt = undefined
    return []
  }

  /** A moment that is set already and comes sooner stands. */
  #knockWithin(span: Millis, now: Millis): void {
    this.#retryAt = Math.min(this.#retryAt ?? Number.POSITIVE_INFINITY, now + this.#jitter(span))
  }

  #stay(millis: Millis, now: Millis): void {
    const { stayLeast, stayMost, random } = this.#config
    const span = Math.min(Math.max(stayLeast, millis), stayMost)
    this.#leaving = undefined
    this.#leaveAt = now + Math.round(span * (1 + random() / 4))
  }

  /** Nothing of the former state goes on in the next. */
  #disconnect(state: State): void {
    this.#state = state
    this.#retryAt = undefined
    this.#askAt = undefined
    this.#leaveAt = undefined
    this.#leaving = undefined
    this.#visits = undefined
    this.#quiet = false
  }

  #askLater(now: Millis): void {
    const { ask, askCap, random } = this.#config
    this.#askAt = now + Math.round(Math.min(ask * 2 ** this.#asked, askCap) * (1 + random() / 2))
    this.#asked += 1
  }

  /** Between half and the whole of the capped exponential: never at once, never in step with others. */
  #wait(): Millis {
    const { first, cap } = this.#config
    return this.#jitter(Math.min(2 * first * 2 ** this.#failures, cap))
  }

  #jitter(span: Millis): Millis {
    return Math.max(1, Math.round(span * (0.5 + this.#config.random() / 2)))
  }
}
