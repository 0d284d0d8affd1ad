/**
 * The world: the one loop that runs machines on virtual time. It is the clock of the very driver that runs
 * them in a browser, so that what is simulated is what is shipped, and an hour passes in no time.
 *
 * Law: what happens is determined by the seed. Events run by (time, order of asking), chance comes from one
 * generator, and everything that a machine took and gave is in the trace.
 */
import { type Clock, type Drive, drive } from '#node/driver'
import type { Machine, Millis, Tick } from '#protocols/machine'
import { perform, Queue } from './queue.ts'
import { Random } from './random.ts'

/** Inputs and outputs kept to be read after something went wrong; older ones are only in the hash. */
const MAX_TRACE = 400

export class World implements Clock {
  readonly random: Random
  /** The latest inputs and outputs of all machines, oldest first. */
  readonly trace: string[] = []
  readonly #queue = new Queue()
  #now: Millis = 0
  #hash = 0x811c9dc5

  constructor(seed: number) {
    this.random = new Random(seed)
  }

  now(): Millis {
    return this.#now
  }

  /** A number for everything that was ever traced: FNV-1a, 32 bits (RFC 9923). */
  get hash(): number {
    return this.#hash >>> 0
  }

  after(wait: Millis, act: () => void): () => void {
    let wanted = true
    this.#queue.put(this.#now + Math.max(0, wait), () => {
      if (wanted) act()
    })
    return () => {
      wanted = false
    }
  }

  /**
   * Drives `machine` from now on.
   * @throws Error, out of `run` or `give`, when after a tick the machine's deadline is not later than the tick.
   */
  host<Input, Output>(
    name: string,
    machine: Machine<Input | Tick, Output>,
    perform: (output: Output) => void,
  ): Drive<Input> {
    return drive<Input, Output>({
      machine,
      perform,
      clock: this,
      trace: (input, outputs) => {
        this.#note(`${this.#now} ${name} ${JSON.stringify(input)} → ${JSON.stringify(outputs)}`)
        const deadline = machine.nextDeadline()
        const ticked = (input as Tick).type === 'tick'
        if (ticked && deadline !== undefined && deadline <= this.#now) {
          throw new Error(`${name} was ticked at ${this.#now} and wants it again at ${deadline}`)
        }
      },
    })
  }

  /** Lets `span` pass. @throws Error after a million events at one moment: something goes in circles. */
  run(span: Millis): void {
    const end = this.#now + span
    let here = 0
    for (let at = this.#queue.nextAt; at !== undefined && at <= end; at = this.#queue.nextAt) {
      here = at > this.#now ? 0 : here + 1
      if (here > 1_000_000) throw new Error(`time stands still at ${this.#now}`)
      this.#now = Math.max(this.#now, at)
      perform(this.#queue.take())
    }
    this.#now = end
  }

  #note(line: string): void {
    this.trace.push(line)
    if (this.trace.length > MAX_TRACE) this.trace.shift()
    for (let at = 0; at < line.length; at++) {
      this.#hash = Math.imul(this.#hash ^ line.charCodeAt(at), 0x01000193)
    }
  }
}
