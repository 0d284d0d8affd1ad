/** Which of the ways to a peer is tried next, and which not again so soon. */
export { Dead } from './dead.ts'
export { type Config, defaultConfig, type Input, Machine, type Output } from './machine.ts'
