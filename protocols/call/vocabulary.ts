/** The vocabulary of the call machine: what it takes, what it gives, and what it must know. */
import type { Millis, Tick } from '../machine.ts'
import type { Candidate, Description, MediaState, Message } from './messages.ts'
import type { Step } from './negotiation.ts'
import type { Connectivity, PathFault, Snapshot } from './phase.ts'

/** What someone who was in a call knows of it afterwards. */
export interface Seat<Id> {
  call: string
  to: Id
  direction: 'incoming' | 'outgoing'
  /** Theirs. */
  name?: string | undefined
  /** What we sent. */
  media: MediaState
  /** A fresh random name for our new sitting. */
  sitting: string
  /** How much longer the seat is kept. */
  patience: Millis
}

export type Input<Id> =
  // What the person does. `call` is a fresh random id.
  | { type: 'place'; call: string; to: Id; name?: string | undefined; media: MediaState }
  | { type: 'accept'; call: string; media: MediaState }
  | { type: 'decline'; call: string }
  | { type: 'hang-up'; call: string }
  | { type: 'set-media'; call: string; media: MediaState }
  /** We were in that call and lost our page less than its time ago: `accept` goes on with it. */
  | ({ type: 'return' } & Seat<Id>)
  /** The page goes: calls that go on keep their seats, all others end. */
  | { type: 'leave' }
  // What the network does.
  | { type: 'message'; from: Id; message: Message }
  | { type: 'path-up'; to: Id }
  | { type: 'path-down'; to: Id; fault?: PathFault }
  | { type: 'network-changed' }
  /** There may be a way again to those that could not be reached. */
  | { type: 'reachable' }
  // What the media engine of a call reports.
  | { type: 'negotiation-needed'; call: string }
  | { type: 'described'; call: string; description: Description }
  | { type: 'step-failed'; call: string }
  | { type: 'gathered'; call: string; candidate: Candidate }
  | { type: 'connectivity'; call: string; state: Connectivity }
  | Tick

export type Output<Id> =
  | { type: 'send'; to: Id; message: Message }
  /** Answer with `path-up` or `path-down`. */
  | { type: 'open-path'; to: Id }
  /** No call with that peer is left: its path may close. */
  | { type: 'close-path'; to: Id }
  /** Make the media engine; with `begin` it is the caller's and makes the first offer. */
  | { type: 'media-start'; call: string; begin: boolean }
  | { type: 'media-stop'; call: string }
  | { type: 'step'; call: string; step: Step }
  /** Someone calls. */
  | { type: 'incoming'; call: string; from: Id; snapshot: Snapshot }
  | { type: 'changed'; call: string; snapshot: Snapshot }
  /** Two calls crossed: what was `from` goes on as `to`. */
  | { type: 'merged'; from: string; to: string }
  /** A message that made no sense; it had no effect. */
  | { type: 'ignored'; from: Id; reason: Nonsense }

/** Why a message made no sense. */
export type Nonsense = 'unknown-call' | 'not-their-call' | 'ended-call' | 'not-the-first' | 'wrong-phase'

export interface Config<Id> {
  self: Id
  /** Total order of ids: negative when `a` comes first. The smaller one is impolite, and its call stands. */
  compare: (a: Id, b: Id) => number
  /** Calls alive at once. */
  capacity: number
  /** The name said when answering. */
  name: () => string | undefined
  /** Whether a seat may still turn up, so that of a call that we do not know it cannot be said that it is over. */
  mayReturn?: () => boolean
}
