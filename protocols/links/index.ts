/** Which links a peer makes, keeps and lets go; which are dead; and what linked peers tell each other. */
export { nearest } from './keyspace.ts'
export {
  type Config,
  defaultConfig,
  type Input,
  MAX_CANDIDATES,
  MAX_LINKS,
  Machine,
  type Output,
} from './machine.ts'
export { MAX_TOLD, type Message, wire } from './messages.ts'
export * as Survey from './survey.ts'
