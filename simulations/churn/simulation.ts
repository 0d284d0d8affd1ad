/**
 * A simulation: one shard of one run in the discrete world, a piece at a time, so that whoever runs it can show how far
 * it is and stop it.
 *
 * Runs of very many peers are several colonies of equal size that know nothing of each other: their number hangs on the
 * scenario alone, so that the same seed gives the same hash on any number of workers. A peer deals with a few dozen others,
 * drawn at random, so that it cannot tell one large colony from several (`simulation.test.ts`); only a look-up goes
 * through all of it, and takes more rounds in a larger one. A colony that the processor's caches hold takes half the time.
 */
import type { Millis } from '#protocols/machine'
import type { Scenario } from '../scenario/scenario.ts'
import type { Session } from '../scenario/trace.ts'
import { Calls } from './calls.ts'
import { Colony } from './colony.ts'
import { Directory } from './directory.ts'
import { Faults } from './faults.ts'
import { Population } from './population.ts'
import { Recorder } from './recorder.ts'
import type { Tally } from './tally.ts'
import { medianRoundTrip } from './theory.ts'

/** Peers of one shard at most where a scenario says nothing else: if something goes through all of them, and else. */
const SEARCHED = 131_072
const SHARD = 512
/** What is counted begins when everyone who is there at the beginning has settled, in milliseconds. */
const ONSET = 120_000

export function shardsOf({ nodes, lookups, calls, choose, colony, trace }: Scenario): number {
  if (trace !== undefined) return 1
  // The more come, the fresher are those that came last.
  const whole = lookups > 0 || calls > 0 || choose === 'fresh'
  return Math.ceil(nodes / (colony ?? (whole ? SEARCHED : SHARD)))
}

export class Simulation {
  readonly #colony: Colony
  readonly #end: Millis
  #measured = false
  #complete = false

  constructor(scenario: Scenario, seed: number, shard: number, sessions?: readonly Session[]) {
    const shards = shardsOf(scenario)
    const share =
      Math.floor(((shard + 1) * scenario.nodes) / shards) - Math.floor((shard * scenario.nodes) / shards)
    const own = { ...scenario, nodes: share, sample: Math.ceil(scenario.sample / shards) }
    const span = scenario.hours * 3_600_000
    this.#colony = new Colony(own, seed, shard)
    this.#end = ONSET + span
    const directory = new Directory(this.#colony)
    const population = new Population(this.#colony, directory, medianRoundTrip(own))
    this.#colony.onChanged = (peer, changed) => directory.changed(peer, changed)
    population.begin(0, sessions)
    const happenings = new Faults(this.#colony, population).plan(own.faults, ONSET)
    const recorder = new Recorder(this.#colony, population, ONSET, span)
    this.#colony.at(ONSET, () => {
      this.#colony.ledger.pass()
      this.#colony.measure()
      this.#colony.tally.happenings = happenings
      this.#colony.tally.counts.sessions = this.#colony.peers.length
      this.#measured = true
    })
    recorder.begin()
    new Calls(this.#colony, directory).begin()
  }

  /** Of what is measured. */
  get now(): Millis {
    return Math.max(0, this.#colony.now - ONSET)
  }

  get end(): Millis {
    return this.#end - ONSET
  }

  get events(): number {
    return this.#colony.events
  }

  get pending(): number {
    return this.#colony.pending
  }

  /** Performs about so many events. @returns whether the end is reached */
  advance(events: number): boolean {
    for (let n = 0; n < events && !this.#complete; n++) {
      this.#complete = !this.#colony.step(this.#end)
    }
    return this.#complete
  }

  tally(): Tally {
    const { hash, events, ledger, peers } = this.#colony
    ledger.pass()
    for (const peer of peers) ledger.beat(peer)
    const tally = structuredClone(this.#colony.tally)
    for (const peer of peers) this.#colony.weigh(peer, tally.sketches.bytesPerNode)
    const millis = this.#measured ? this.now : 0
    return { ...tally, hash, events, millis, complete: this.#complete }
  }
}
