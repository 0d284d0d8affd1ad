/** From what the shards of a run have counted to its figures. */
import type { FigureName } from '../report/catalogue.ts'
import type { Moment, Run, Spread } from '../report/run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { ANCHORS } from './population.ts'
import { merged, quantile, spreadOf } from './sketch.ts'
import { type CountName, SKETCHES, type SketchName, type Tally } from './tally.ts'
import {
  detectionBound,
  idealRounds,
  lossesPerSession,
  meanDelay,
  meanSession,
  medianRoundTrip,
} from './theory.ts'

/** RTCPeerConnections that a page of Chrome may open. */
const BUDGET = 500
const HOUR = 3_600_000

/** @param seconds wall time */
export function runOf(scenario: Scenario, seed: number, tallies: readonly Tally[], seconds: number): Run {
  const spreads: Record<string, Spread> = {}
  for (const name of SKETCHES) {
    const spread = spreadOf(merged(tallies.map(({ sketches }) => sketches[name])))
    if (spread !== undefined) spreads[name] = spread
  }
  return {
    seed,
    hash: tallies.map(({ hash }) => hash.toString(16).padStart(8, '0')).join(''),
    events: sum(tallies.map(({ events }) => events)),
    seconds,
    millis: Math.min(...tallies.map(({ millis }) => millis)),
    complete: tallies.every(({ complete }) => complete),
    figures: figuresOf(scenario, tallies),
    spreads,
    moments: momentsOf(tallies),
    happenings: tallies[0]?.happenings ?? [],
    frames: tallies.length === 1 ? (tallies[0]?.frames ?? []) : [],
    messages: messagesOf(tallies),
  }
}

function figuresOf(scenario: Scenario, tallies: readonly Tally[]): Record<FigureName, number | null> {
  const count = (name: CountName) => sum(tallies.map(({ counts }) => counts[name]))
  const sketchOf = (name: SketchName) => merged(tallies.map(({ sketches }) => sketches[name]))
  const mean = (name: SketchName) => over(sketchOf(name).sum, sketchOf(name).count)
  const millis = Math.max(...tallies.map((tally) => tally.millis))
  const session = meanSession(scenario)
  const losses = count('lossesAvoidable') + count('lossesUnavoidable')
  const perSession = over(losses, count('stateMillis') / session)
  const window = mean('underReplicated')
  const expected = window === null ? null : lossesPerSession(scenario, window, session)
  const detection = mean('detection')
  const takeover = mean('takeover')
  const lookup = quantile(sketchOf('lookup'), 0.5) ?? null
  const rounds = over(count('lookupRounds'), count('lookupsGood'))
  const perNode = (bytes: number) => over(bytes, count('peerMillis') / 1_000)
  const beats = scenario.contingents === 0 ? 0 : beatsOf(tallies)
  const maintenance = count('bytesMaintenance') + beats
  const linksPerHour = over(count('linksOpened'), count('peerMillis') / HOUR)
  const bound = detectionBound(scenario)
  const peers = over(count('peerMillis'), millis) ?? 0
  const calls = count('callsEnded')
  return {
    sessions: count('sessions'),
    departures: count('departures'),
    meanPopulation: peers,
    lossesAvoidable: count('lossesAvoidable'),
    lossesUnavoidable: count('lossesUnavoidable'),
    lossesNewborn: count('lossesNewborn'),
    lossesPerSession: perSession,
    lossesOverFormula: perSession === null || !expected || losses === 0 ? null : perSession / expected,
    burstLossOverTheory: over(count('burstLost'), count('burstExpected')),
    overruledAcknowledged: count('conflicts'),
    detectionMean: detection,
    detectionOverBound: over(detection, bound),
    takeoverMean: takeover,
    takeoverOverBound: over(takeover, bound + meanDelay(scenario)),
    handoffMean: mean('handoff'),
    underReplicatedMean: window,
    underReplicatedShare: over(count('underMillis'), count('stateMillis')),
    falseTakeovers: count('falseTakeovers'),
    twoClaimants: Math.max(...tallies.map(({ twoWriters }) => twoWriters)),
    lookupSuccess: over(count('lookupsGood'), count('lookups')),
    lookupRounds: rounds,
    lookupRoundsOverIdeal:
      rounds === null ? null : over(rounds, idealRounds(shardOf(scenario, tallies.length))),
    lookupMillis: lookup,
    lookupOverRtt: lookup === null ? null : lookup / medianRoundTrip(scenario),
    bytesMaintenance: perNode(maintenance),
    bytesMaintenanceP95: quantile(sketchOf('bytesPerNode'), 0.95) ?? null,
    bytesRepair: perNode(count('bytesRepair')),
    bytesRepairOverOracle: over(count('bytesRepair'), count('bytesRepairOracle')),
    bytesUpdate: perNode(count('bytesUpdate')),
    bytesLookup: perNode(count('bytesLookup')),
    bytesAll: perNode(maintenance + count('bytesRepair') + count('bytesUpdate') + count('bytesLookup')),
    linksPerHour,
    linkBudget: linksPerHour === null || linksPerHour === 0 ? null : BUDGET / linksPerHour,
    bootstrapConnections: (over(count('bootstrapMillis'), millis) ?? 0) + Math.min(ANCHORS, peers),
    bootstrapMessages: over(count('bootstrapMessages'), count('sessions')),
    callSetup: over(count('callsSetUp'), count('callsTried')),
    callSurvival: calls === 0 ? null : 1 - count('callsCut') / calls,
  }
}

/** Of a peer in a second. */
function messagesOf(tallies: readonly Tally[]): Record<string, number> {
  const seconds = sum(tallies.map(({ counts }) => counts.peerMillis)) / 1_000
  const types = new Set(tallies.flatMap(({ said }) => Object.keys(said)))
  return Object.fromEntries(
    [...types].map((type) => [type, over(sum(tallies.map(({ said }) => said[type] ?? 0)), seconds) ?? 0]),
  )
}

function beatsOf(tallies: readonly Tally[]): number {
  return sum(tallies.map(({ counts }) => counts.bytesBeats))
}

function shardOf(scenario: Scenario, shards: number): Scenario {
  return { ...scenario, nodes: Math.round(scenario.nodes / shards) }
}

function momentsOf(tallies: readonly Tally[]): Moment[] {
  const [first, ...rest] = tallies
  if (first === undefined) return []
  const count = Math.min(...tallies.map(({ moments }) => moments.length))
  return first.moments.slice(0, count).map((moment, at) => {
    const all = [moment, ...rest.map(({ moments }) => moments[at] as Moment)]
    const of = (name: Exclude<keyof Moment, 'at'>) => sum(all.map((one) => one[name] ?? 0))
    const population = of('population')
    const bytes = sum(all.map((one) => one.bytesPerNode * one.population))
    return {
      at: moment.at,
      population,
      states: of('states'),
      underReplicated: of('underReplicated'),
      lost: of('lost'),
      lookups: of('lookups'),
      lookupFailures: of('lookupFailures'),
      bytesPerNode: population === 0 ? 0 : bytes / population,
      links: of('links'),
      // Each shard has counted the anchors.
      ...(moment.connections !== undefined && {
        connections: Math.max(0, of('connections') - ANCHORS * rest.length),
      }),
    }
  })
}

/** `null` where nothing of the kind happened. */
function over(part: number | null, whole: number): number | null {
  return part === null || whole === 0 || !Number.isFinite(whole) ? null : part / whole
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
