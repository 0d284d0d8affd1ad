/** What an entrance's machine hears and says, and its times. See `machine.ts` for its law. */
import type { Millis, Tick } from '../machine.ts'
import type { Footing } from './footing.ts'

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
  /** What an entrance alone gives is wanted, hung up or not: credentials, or the proof that there is a network. */
  | { type: 'want' }
  /** How this peer would stand without it. Said again whenever that changes. */
  | { type: 'footing'; footing: Footing }
  /** What came of `leave`: it is to stay so long, or may go. No answer is `stay`, too. */
  | { type: 'stay'; millis: Millis }
  | { type: 'go' }
  /** What came of `part`: hung up, or something still hangs on it. */
  | { type: 'parted' }
  | { type: 'clung' }
  /** Somebody has gone who may have been an anchor, and this peer stands in for them. */
  | { type: 'inherited' }
  | Tick

export type Output =
  | { type: 'knock' }
  /** Ask for further peers, if more are wanted: whoever came with us was not yet known when we were introduced. */
  | { type: 'ask' }
  /** Ask whether it is right to hang up. */
  | { type: 'leave' }
  /** Hang up, once nothing hangs on it any more. */
  | { type: 'part' }
  /** Do not hang up after all. */
  | { type: 'cling' }
  | { type: 'changed'; state: State; reason?: string; retryAt?: Millis }

/** `left`: hung up on purpose, because this peer stands alone. */
export type State = 'connecting' | 'connected' | 'left' | 'lost' | 'refused'

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
  /** From being introduced to the first question whether to hang up, at least. */
  settle: Millis
  /** From one hanging up to the next at least, and from one that was broken off to the next question. */
  again: Millis
  /** What an entrance asks for is taken for this at least, and for this at most. */
  stayLeast: Millis
  stayMost: Millis
  /** From losing one's footing, or inheriting, to the knock: a blip passes, and a crowd does not come as one. */
  stumble: Millis
  /** Longest wait from one visit in vain to the next. */
  visitCap: Millis
}

/**
 * Half a second keeps a blip invisible; half a minute is what a person will wait at a closed door. A bootstrap
 * knows a newcomer's record about a second after it came (libp2p waits that long before it tells of changes),
 * so asking after two finds those who came together; a peer alone asks once in five minutes in the end.
 *
 * Those about hanging up are guesses: five seconds let those who came together link; hanging up twice a minute
 * would be flapping; an anchor that asks each ten seconds is no load, and one that is held for ten minutes by a
 * bootstrap that means harm has lost an idle socket; three seconds are less than it takes to make a link anew. A
 * bootstrap that was gone while all of its anchors went is of use again ten minutes after it is back, at the latest.
 */
export const defaultTiming = {
  first: 500,
  cap: 30_000,
  ask: 2_000,
  askCap: 300_000,
  settle: 5_000,
  again: 60_000,
  stayLeast: 10_000,
  stayMost: 600_000,
  stumble: 3_000,
  visitCap: 600_000,
} as const
