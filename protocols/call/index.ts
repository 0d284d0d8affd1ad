/** Calls: the vocabulary in `messages.ts`, one call in `session.ts`, all calls of a peer in `machine.ts`. */
export { Courier, MAX_PENDING } from './courier.ts'
export { MAX_ENDED, MAX_LINGERING, Machine } from './machine.ts'
export { type Candidate, type Description, type MediaState, type Message, wire } from './messages.ts'
export { MAX_EARLY, Negotiation, type Step } from './negotiation.ts'
export {
  type Connectivity,
  type End,
  type PathFault,
  type Phase,
  phases,
  type Snapshot,
  timing,
} from './phase.ts'
export { MAX_RETURNS } from './sitting.ts'
export type { Config, Input, Output, Seat } from './vocabulary.ts'
