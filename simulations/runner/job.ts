/** What a worker does: one shard of one seed; what it is told, and what it says. */
import type { Simulation } from '../churn/simulation.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Session } from '../scenario/trace.ts'

export type Tally = ReturnType<Simulation['tally']>

export interface Job {
  scenario: Scenario
  seed: number
  shard: number
  /** Of the scenario's trace, as it was read. */
  sessions?: readonly Session[]
}

/** For all jobs of a worker. */
export interface Orders {
  /** A single number, shared by all: not 0 once they are to stop. A worker that counts hears no message. */
  stop: Int32Array
}

/** How far a job is: virtual milliseconds, and events that were performed. */
export interface Progress {
  type: 'progress'
  now: number
  events: number
}

/** What there is so far; the last one when `last`, and all of it when `complete`. */
export interface Result {
  type: 'result'
  tally: Tally
  now: number
  events: number
  last: boolean
  complete: boolean
}
