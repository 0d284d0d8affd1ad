/**
 * The machine seam: the one shape that every protocol in Colonia has.
 *
 * A machine owns state and borrows time. It never reads a clock, sets a timer, draws a random number or
 * touches the network; it takes inputs and says what should be done. `node/driver.ts` runs it against the
 * real world, `simulations/world.ts` against a virtual one, and the machine cannot tell them apart. The
 * shape is sans-I/O (https://sans-io.readthedocs.io) as quinn and str0m practise it.
 */

/** A moment or a span in milliseconds. As a moment: since an arbitrary epoch, never decreasing. */
export type Millis = number

export interface Machine<Input, Output> {
  /**
   * Take one input at `now`; the caller performs the outputs in order before the next input.
   * An input is an already verified fact: signatures are checked and bytes decoded at the driver's door.
   */
  handle(input: Input, now: Millis): readonly Output[]
  /**
   * When to call `handle({ type: 'tick' })` if nothing comes first; `undefined` when nothing is pending.
   * After a tick at `now` it is later than `now`.
   */
  nextDeadline(): Millis | undefined
}

/** The input every machine with a deadline understands. */
export interface Tick {
  type: 'tick'
}

/** Makes a `switch` exhaustive: does not compile when a case is missing. Throws if one is met at run time. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`)
}

/** The first of several deadlines; those that are not set, or never come, do not count. */
export function earliest(deadlines: readonly (Millis | undefined)[]): Millis | undefined {
  let first: Millis | undefined
  for (const at of deadlines) first = sooner(first, at)
  return first
}

/** The same of two, for where a list would be made very often. */
export function sooner(a: Millis | undefined, b: Millis | undefined): Millis | undefined {
  if (b === undefined || b === Number.POSITIVE_INFINITY) return a
  return a === undefined || b < a ? b : a
}
