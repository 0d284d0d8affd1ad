/**
 * The driver: runs any machine in the real world. Inputs queue, outputs are performed in order before the
 * next input, and one timer calls back at the machine's next deadline.
 *
 * Law: the same switch over outputs serves here and in the simulator; everything that a machine cannot have
 * (a clock, a timer, a network) is on this side.
 */
import type { Machine, Millis, Tick } from '#protocols/machine'

/** Time as a driver needs it. Tests pass one they can turn by hand. */
export interface Clock {
  now(): Millis
  /** Runs `callback` after `wait`; returns a function that prevents it. */
  after(wait: Millis, callback: () => void): () => void
}

/** Monotonic, so that a person who sets the clock does not end a call. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(wait, callback) {
    // Longer waits than a timer can hold (2^31-1 ms) come back early and are set again.
    const timer = setTimeout(callback, Math.min(Math.max(0, wait), 2_147_483_647))
    return () => clearTimeout(timer)
  },
}

export interface Drive<Input> {
  /** Hands the machine an input. Safe to call while an output is being performed. */
  give(input: Input): void
  /** No further input is taken. Idempotent. */
  stop(): void
}

export interface DriveOptions<Input, Output> {
  machine: Machine<Input | Tick, Output>
  perform: (output: Output) => void
  clock?: Clock
  /** Sees every input and the outputs it caused: for logs and tests. */
  trace?: (input: Input | Tick, outputs: readonly Output[]) => void
}

export function drive<Input, Output>(options: DriveOptions<Input, Output>): Drive<Input> {
  const { machine, perform, clock = systemClock, trace } = options
  const queue: (Input | Tick)[] = []
  let running = false
  let stopped = false
  let cancel: () => void = () => {}

  function run(): void {
    if (running) return
    running = true
    try {
      while (!stopped) {
        const input = queue.shift()
        if (input === undefined) break
        const outputs = machine.handle(input, clock.now())
        trace?.(input, outputs)
        for (const output of outputs) perform(output)
      }
    } finally {
      running = false
      schedule()
    }
  }

  function schedule(): void {
    cancel()
    const deadline = machine.nextDeadline()
    if (stopped || deadline === undefined) return
    // Timers may fire a little early; a machine is ticked only once its deadline has come.
    cancel = clock.after(Math.ceil(deadline - clock.now()), () => give({ type: 'tick' }))
  }

  function give(input: Input | Tick): void {
    if (stopped) return
    queue.push(input)
    run()
  }

  return {
    give,
    stop() {
      stopped = true
      queue.length = 0
      cancel()
    },
  }
}
