/** The context: what the parts of a simulated colony have around them. The colony itself (`colony.ts`) is one. */
import type { Config, Input } from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Latency } from './latency.ts'
import type { Peer } from './peer.ts'
import type { Sketch } from './sketch.ts'
import type { Tally } from './tally.ts'

export interface Context {
  readonly scenario: Scenario
  readonly config: Config
  readonly random: Random
  readonly latency: Latency
  /** All that are there, in an order that means nothing. */
  readonly peers: readonly Peer[]
  readonly byId: ReadonlyMap<string, Peer>
  readonly tally: Tally
  readonly now: Millis
  at(when: Millis, act: () => void): void
  after(wait: Millis, act: () => void): void
  /** Gives a machine an input; if it stands still, when it goes on. */
  give(peer: Peer, input: Input): void
  /** A link between two has come up, or is seen to have gone. */
  linked(peer: Peer, other: Peer): void
  unlinked(peer: Peer, other: Peer): void
  /** Who takes itself for the writer of that state. */
  writersOf(owner: string): readonly Peer[]
  sample(to: Sketch, value: number): void
}
