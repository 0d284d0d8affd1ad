/** How long things take and how much there may be. Times in milliseconds. */
import { type Caps, defaultCaps } from '../state/index.ts'

export interface Config {
  /** Holders that a writer wants, 0 to 4. */
  copies: number
  /** Owners that this peer will hold, and bytes for all of them together. */
  capacity: { owners: number; bytes: number }
  caps: Caps
  /**
   * How silence is known: by the `beats` that are heard, or `told` by an input `silent`. A simulation of very many peers
   * draws when silence would have been noticed, and on a link on which nothing else happens no beats are said.
   */
  watch: 'beats' | 'told'
  /** T: between two beats. A hidden tab's timers fire once a second, so less would be a promise it cannot keep. */
  beat: number
  /** Least margin q that is added to T before silence is suspect; it grows with the jitter that is seen. */
  margin: number
  /** Most margin: a peer that is heard this irregularly is suspected late rather than wrongly. */
  marginMax: number
  /** How long other holders are given to say that they hear the writer. */
  probe: number
  /** How long each rank waits for the one before it. */
  turn: number
  /** Silence after which a holder that the writer does not count on looks whether it writes still. */
  outside: number
  /** The end of patience with someone who was asked something. */
  answer: number
  /** Holders are appointed anew so often, so that the rights that they hold by do not grow old. */
  renew: number
  /** How long a returning owner looks for its holders before it goes on alone. */
  gather: number
  /** Before what a returning owner asked is asked again. */
  again: number
  /** Before a peer that failed is asked again. */
  shun: number
  /** Before a peer that refused is asked again: who is full is not soon empty. */
  full: number
  /** First wait before someone is told again who writes, or who holds; doubles to eight times this. */
  announce: number
  /** A state whose owner has not been heard of for so long is forgotten (guess: a long holiday). */
  keep: number
  /** A tick that comes so late means that this peer itself was frozen: a hidden tab's are a second late at most. */
  frozen: number
  /** Messages kept for an absent owner, and bytes of all of them. */
  inbox: { messages: number; perSender: number; bytes: number }
}

export const defaultConfig: Config = {
  copies: 2,
  capacity: { owners: 32, bytes: 8 * 1_048_576 },
  caps: defaultCaps,
  watch: 'beats',
  beat: 1_000,
  margin: 250,
  marginMax: 4_000,
  probe: 300,
  turn: 2_000,
  outside: 120_000,
  answer: 3_000,
  renew: 24 * 3_600_000,
  gather: 2_500,
  again: 600,
  shun: 15_000,
  full: 120_000,
  announce: 2_000,
  keep: 60 * 24 * 3_600_000,
  frozen: 2_000,
  inbox: { messages: 64, perSender: 8, bytes: 65_536 },
}
