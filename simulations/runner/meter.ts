/**
 * The line that says how far a run is. On a terminal it is rewritten in place, at most twice a second; elsewhere a line is
 * written every five seconds.
 */
import type { Scenario } from '../scenario/scenario.ts'

/** Milliseconds of wall time. */
const TERMINAL_EVERY = 500
const LINES_EVERY = 5_000
/** The rate is that of so many milliseconds, roughly: shorter ones jump. */
const WINDOW = 3_000
/** Back to the line's begin, and empty it (ECMA-48, EL). */
const ANEW = '\r\u001b[K'
const HOUR = 3_600_000

export interface Screen {
  write(text: string): unknown
  isTTY?: boolean
  columns?: number
}

export class Meter {
  readonly #screen: Screen
  readonly #scenario: Scenario
  readonly #clock: () => number
  readonly #begun: number
  /** Of each job: virtual milliseconds, and events. */
  readonly #now: number[]
  readonly #events: number[]
  #writtenAt: number
  #rateAt: number
  #rateEvents = 0
  #rate = 0

  /** @param clock milliseconds of wall time */
  constructor(screen: Screen, scenario: Scenario, jobs: number, clock = () => performance.now()) {
    this.#screen = screen
    this.#scenario = scenario
    this.#clock = clock
    this.#now = new Array(jobs).fill(0)
    this.#events = new Array(jobs).fill(0)
    this.#begun = this.#rateAt = clock()
    // The first line is not waited for on a terminal, and comes after an interval elsewhere.
    this.#writtenAt = screen.isTTY === true ? Number.NEGATIVE_INFINITY : this.#begun
  }

  /** How far a job is now. */
  hear(job: number, now: number, events: number): void {
    this.#now[job] = now
    this.#events[job] = events
    const time = this.#clock()
    const every = this.#screen.isTTY === true ? TERMINAL_EVERY : LINES_EVERY
    if (time - this.#writtenAt < every) return
    this.#writtenAt = time
    this.#count(time)
    const line = this.#line(time)
    if (this.#screen.isTTY !== true) this.#screen.write(`${line}\n`)
    else this.#screen.write(`${ANEW}${line.slice(0, (this.#screen.columns ?? 80) - 1)}`)
  }

  /** Takes the line away, so that what follows stands alone. */
  end(): void {
    if (this.#screen.isTTY === true) this.#screen.write(ANEW)
  }

  #count(time: number): void {
    const passed = time - this.#rateAt
    if (this.#rate > 0 && passed < WINDOW) return
    const all = sum(this.#events)
    if (passed > 0) this.#rate = (1_000 * (all - this.#rateEvents)) / passed
    this.#rateAt = time
    this.#rateEvents = all
  }

  #line(time: number): string {
    const { name, hours } = this.#scenario
    const all = this.#now.length * hours * HOUR
    const done = sum(this.#now)
    const finished = this.#now.filter((now) => now >= hours * HOUR).length
    const left = done > 0 ? ((time - this.#begun) * (all - done)) / done : undefined
    const share = all > 0 ? Math.floor((100 * done) / all) : 0
    return [
      `${name}: ${share} % of ${this.#now.length} × ${clockTime(hours * HOUR)} of virtual time`,
      `${finished} done`,
      `${Math.round(this.#rate).toLocaleString('en')} events/s`,
      left === undefined ? 'time left unknown' : `${clockTime(left)} left`,
    ].join(', ')
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** `1:05:09`, `5:09`. */
export function clockTime(millis: number): string {
  const seconds = Math.round(millis / 1_000)
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
