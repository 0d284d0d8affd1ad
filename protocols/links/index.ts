/** Which peers to link to, and when to stop. */
export { type Config, defaultConfig, type Input, MAX_CANDIDATES, Machine, type Output } from './machine.ts'
