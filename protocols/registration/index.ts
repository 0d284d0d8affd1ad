/** Registration: what lets others find who writes a peer's state. `messages.ts` says what it tells. */
export {
  type Config,
  type Draft,
  defaultTiming,
  type Input,
  Machine,
  type Output,
  type Ways,
  type Writing,
} from './machine.ts'
export { MAX_NAME, MAX_RELAYS, type Message, type Registration, wire } from './messages.ts'
export { compareRegistrations, select } from './selection.ts'
export { type Fault, faultOf, HORIZON, LIFE, MAX_COUNT } from './validity.ts'
