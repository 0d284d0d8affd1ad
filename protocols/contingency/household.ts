/** A household: all duties of one peer, and what these have in common. */
import type { Millis } from '../machine.ts'
import type { Config } from './config.ts'
import { Duties } from './duties.ts'
import type { Home } from './duty.ts'
import type { Candidate } from './ranking.ts'

export interface HouseholdInit {
  self: string
  /** Random name of this running instance. */
  session: string
  config: Config
  /** Asked each time that somebody is looked for; then links are told by `linked`. Else all is told by `candidates`. */
  neighbours?: Neighbours
}

export interface Neighbours {
  /** Who is linked now and could be appointed. */
  candidates(): readonly Candidate[]
}

const NOBODY: readonly Candidate[] = []
/** What came while one slept has been heard by then, in milliseconds. */
const SLEEPY = 250

export class Household implements Home {
  readonly self: string
  readonly session: string
  readonly config: Config
  readonly duties = new Duties()
  wokeAt: Millis = Number.NEGATIVE_INFINITY
  /** As was last told. */
  told = NOBODY
  readonly #neighbours: Neighbours | undefined

  constructor({ self, session, config, neighbours }: HouseholdInit) {
    this.self = self
    this.session = session
    this.config = config
    this.#neighbours = neighbours
  }

  candidates(): readonly Candidate[] {
    return this.#neighbours?.candidates() ?? this.told
  }

  successor(): string | undefined {
    return this.duties.see(this.self)?.duty.roster[0]
  }

  room(): number {
    return this.duties.room(this.config.capacity)
  }

  isSleepy(now: Millis): boolean {
    return now - this.wokeAt < SLEEPY
  }

  /** Whether another owner with a state of so many bytes is too much. */
  isFull(bytes: number): boolean {
    return this.duties.full(bytes, { capacity: this.config.capacity, self: this.self })
  }
}
