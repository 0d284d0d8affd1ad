/** When to knock at a bootstrap again. */
export { type Config, defaultTiming, type Input, Machine, type Output, type State } from './machine.ts'
