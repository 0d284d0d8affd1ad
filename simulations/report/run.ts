/**
 * What comes of a run, in either world: figures, distributions and series, by the names of `catalogue.ts`. It is plain
 * JSON, so that it can be kept, compared and drawn.
 */
import type { Scenario } from '../scenario/scenario.ts'

/** A sample, as much as a picture of it needs. */
export interface Spread {
  count: number
  mean: number
  p50: number
  p95: number
  max: number
  /** Up to 101 pairs of a value and the share of all that are not above it, ascending. */
  cdf: [value: number, share: number][]
}

/** One moment of a run. */
export interface Moment {
  /** Milliseconds of virtual time. */
  at: number
  population: number
  /** States that there are, those with fewer copies than there should be, and those lost since the moment before. */
  states: number
  underReplicated: number
  lost: number
  /** Look-ups since the moment before, and those that failed. */
  lookups: number
  lookupFailures: number
  bytesPerNode: number
  /** Links opened since the moment before, each by both its ends; none in reports before it was counted. */
  links?: number
  /** Those that the bootstrap holds; none where there is no bootstrap, or before it was counted. */
  connections?: number
}

/** What the small mesh looks like at one moment: for runs of fewer than 200 nodes. */
export interface Frame {
  at: number
  /** A number for each peer that is there, which it keeps. */
  nodes: { id: number; state: 'up' | 'frozen' | 'cut' }[]
  /** Owner or who stands in for it, the holder, and whose state (-1 if its owner is away): one for each copy. */
  copies: { from: number; to: number; owner: number }[]
  /** What happened since the frame before, in a few words each. */
  news: string[]
}

/** A span in which something was wrong, or the moment at which it went wrong. */
export interface Happening {
  at: number
  span: number
  what: string
}

export interface Run {
  seed: number
  /** A number for everything that happened, in hex; of the real world there is none. */
  hash: string | null
  /** Of the discrete world: events that were performed. */
  events: number
  /** Wall time. */
  seconds: number
  /** Virtual time that passed; less than the scenario's if it was stopped. */
  millis: number
  complete: boolean
  /** By name; `null` where nothing of the kind happened. */
  figures: Record<string, number | null>
  spreads: Record<string, Spread>
  moments: Moment[]
  happenings: Happening[]
  frames: Frame[]
  /** Messages between writers and holders, by type, of a peer in a second. */
  messages?: Record<string, number>
}

export type Worldly = 'discrete' | 'memory' | 'webrtc'

/** A whole report: `--json` writes it, `compare` and `replay` read it. */
export interface Report {
  format: 'colonia-simulation/1'
  world: Worldly
  /** The command that makes this report again. */
  command: string
  /** Of Colonia, and of Node. */
  versions: { colonia: string; node: string }
  scenario: Scenario
  runs: Run[]
}
