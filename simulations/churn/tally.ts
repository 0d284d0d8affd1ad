/** What a shard of a run has counted: plain data that passes between workers, and of which sums make a run. */
import type { Frame, Happening, Moment } from '../report/run.ts'
import { type Sketch, sketch } from './sketch.ts'

export const COUNTS = [
  'sessions',
  'departures',
  /** Sums over time, in milliseconds: of peers, of states, of states with too few copies. */
  'peerMillis',
  'stateMillis',
  'underMillis',
  'lossesAvoidable',
  'lossesUnavoidable',
  'lossesNewborn',
  /** In bursts: states that were lost, and that were to be expected. */
  'burstLost',
  'burstExpected',
  'conflicts',
  'falseTakeovers',
  'lookups',
  'lookupsGood',
  'lookupRounds',
  'bytesMaintenance',
  /** Of heartbeats that were not said one by one. */
  'bytesBeats',
  'bytesRepair',
  'bytesRepairOracle',
  'bytesUpdate',
  'bytesLookup',
  'linksOpened',
  'bootstrapMillis',
  'bootstrapMessages',
  'callsTried',
  'callsSetUp',
  'callsEnded',
  'callsCut',
] as const

export type CountName = (typeof COUNTS)[number]

export const SKETCHES = [
  'detection',
  'takeover',
  'handoff',
  'underReplicated',
  'lookup',
  'bytesPerNode',
] as const
export type SketchName = (typeof SKETCHES)[number]

export interface Tally {
  /** Everything that happened, as a number of 32 bits. */
  hash: number
  events: number
  /** Virtual time that was measured. */
  millis: number
  complete: boolean
  counts: Record<CountName, number>
  /** The longest, in milliseconds. */
  twoWriters: number
  sketches: Record<SketchName, Sketch>
  moments: Moment[]
  happenings: Happening[]
  frames: Frame[]
}

export function tally(): Tally {
  return {
    ...{ hash: 0, events: 0, millis: 0, complete: false, twoWriters: 0 },
    counts: Object.fromEntries(COUNTS.map((name) => [name, 0])) as Tally['counts'],
    sketches: Object.fromEntries(SKETCHES.map((name) => [name, sketch()])) as Tally['sketches'],
    ...{ moments: [], happenings: [], frames: [] },
  }
}
