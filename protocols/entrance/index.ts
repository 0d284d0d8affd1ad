/** When to knock at a bootstrap, and when to hang up. */
export { FALLS, type Facts, type Footing, footingOf, STANDS } from './footing.ts'
export { Machine } from './machine.ts'
/** When to try one that is held in reserve. */
export * as Reserve from './reserve.ts'
export { type Config, defaultTiming, type Input, type Output, type State } from './vocabulary.ts'
