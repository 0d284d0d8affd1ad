/**
 * All runs of a scenario: one for each seed, each of as many jobs as it has shards, on as many cores as there are. A seed
 * alone determines its run, so neither the number of workers nor their order changes a figure.
 */
import { availableParallelism } from 'node:os'
import { shardsOf } from '../churn/simulation.ts'
import { runOf } from '../churn/summary.ts'
import type { Run } from '../report/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { readTrace, type Session } from '../scenario/trace.ts'
import type { Job, Result } from './job.ts'
import { Meter, type Screen } from './meter.ts'
import { Pool } from './pool.ts'
import { roomFor } from './room.ts'

export interface CampaignOptions {
  scenario: Scenario
  seeds: readonly number[]
  /** As many as there are cores, when not said; fewer when memory is short. */
  workers: number | undefined
  /** Where progress is shown, if anywhere. */
  screen: Screen | undefined
  sessions: readonly Session[] | undefined
}

export class Campaign {
  readonly #scenario: Scenario
  readonly #seeds: readonly number[]
  readonly #shards: number
  readonly #jobs: readonly Job[]
  readonly #pool: Pool
  readonly #meter: Meter | undefined
  /** What each job has so far, and milliseconds of wall time at which it began and was last heard of. */
  readonly #results = new Map<number, Result>()
  readonly #times = new Map<number, { from: number; to: number }>()

  /** @throws ColoniaError `bad-options`: a trace that cannot be read, or more than fits into memory */
  static async of(
    scenario: Scenario,
    options: Partial<Omit<CampaignOptions, 'scenario'>>,
  ): Promise<Campaign> {
    const seeds = options.seeds ?? Array.from({ length: scenario.seeds }, (_, at) => scenario.seed + at)
    const sessions = scenario.trace === undefined ? undefined : await readTrace(scenario.trace)
    return new Campaign({ scenario, workers: undefined, screen: undefined, ...options, seeds, sessions })
  }

  private constructor({ scenario, seeds, workers, screen, sessions }: CampaignOptions) {
    this.#scenario = scenario
    this.#seeds = seeds
    this.#shards = shardsOf(scenario)
    this.#jobs = seeds.flatMap((seed) =>
      Array.from({ length: this.#shards }, (_, shard) => ({
        scenario,
        seed,
        shard,
        ...(sessions === undefined ? {} : { sessions }),
      })),
    )
    const room = roomFor(scenario, workers ?? availableParallelism(), sessions)
    this.#meter = screen && new Meter(screen, scenario, this.#jobs.length)
    this.#pool = new Pool({
      ...room,
      began: (job) => void this.#times.set(job, { from: performance.now(), to: performance.now() }),
      heard: (job, message) => {
        if (message.type === 'result') this.#results.set(job, message)
        this.#meter?.hear(job, message.now, message.events)
        const times = this.#times.get(job)
        if (times !== undefined) times.to = performance.now()
      },
    })
  }

  /** Has the jobs end with what they have. */
  stop(): void {
    this.#pool.stop()
  }

  /** Until all is done, or stopped. @throws Error what a worker threw */
  async run(): Promise<void> {
    try {
      await this.#pool.run(this.#jobs)
    } finally {
      this.#meter?.end()
    }
  }

  /** What there is: a run for each seed of which anything is known. May be asked at any time. */
  runs(): Run[] {
    return this.#seeds.flatMap((seed, at) => {
      const places = Array.from({ length: this.#shards }, (_, shard) => at * this.#shards + shard)
      const results = places.flatMap((place) => this.#results.get(place) ?? [])
      if (results.length === 0) return []
      const tallies = results.map(({ tally }) => tally)
      const run = runOf(this.#scenario, seed, tallies, this.#seconds(places))
      const whole = results.length === places.length && results.every(({ complete }) => complete)
      // One moving picture is enough, and all of them would be most of a report.
      return { ...run, complete: run.complete && whole, frames: at === 0 ? run.frames : [] }
    })
  }

  /** Wall time from the begin of its first job to the last word of its last. */
  #seconds(places: readonly number[]): number {
    const times = places.flatMap((place) => this.#times.get(place) ?? [])
    const from = Math.min(...times.map((time) => time.from))
    const to = Math.max(...times.map((time) => time.to))
    return (to - from) / 1_000
  }
}
