/**
 * A thread that runs one job after the other. It says how far it is, now and then what there is so far, and at the end
 * everything.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Simulation } from '../churn/simulation.ts'
import { Random } from '../random.ts'
import { completed } from '../scenario/trace.ts'
import type { Job, Orders, Progress, Result } from './job.ts'

/** Events between two looks at the clock and at whether to stop: far less than a second in any shard. */
const SLICE = 500
/** Milliseconds of wall time. */
const PROGRESS_EVERY = 200
const RESULT_EVERY = 25_000

const { stop } = workerData as Orders

parentPort?.on('message', (job: Job) => run(job))

function run({ scenario, seed, shard, sessions }: Job): void {
  // With the seed: what a trace leaves open is open in each run anew.
  const whole = sessions && completed(sessions, new Random(seed))
  const simulation = new Simulation(scenario, seed, shard, whole)
  let saidAt = performance.now()
  let toldAt = saidAt
  let complete = false
  while (!complete && Atomics.load(stop, 0) === 0) {
    complete = simulation.advance(SLICE)
    const time = performance.now()
    if (time - toldAt >= RESULT_EVERY) {
      tell(simulation, { last: false, complete })
      toldAt = saidAt = time
    } else if (time - saidAt >= PROGRESS_EVERY) {
      post({ type: 'progress', now: simulation.now, events: simulation.events })
      saidAt = time
    }
  }
  tell(simulation, { last: true, complete })
}

function tell(simulation: Simulation, how: { last: boolean; complete: boolean }): void {
  const { now, events } = simulation
  post({ type: 'result', tally: simulation.tally(), now, events, ...how })
}

function post(message: Progress | Result): void {
  parentPort?.postMessage(message)
}
