/**
 * The real world: the same scenarios on real peers, on the wall clock, and the same figures as far as they can be
 * measured. `memory`: all in one process, in the ether. `webrtc`: each a process of its own, over loopback, with a bootstrap.
 */
import { badOptions } from '#node/command-line'
import type { Millis } from '#protocols/machine'
import { runOf } from '../churn/summary.ts'
import type { FigureName } from '../report/catalogue.ts'
import type { Run } from '../report/run.ts'
import type { Fault, Scenario } from '../scenario/scenario.ts'
import type { Session } from '../scenario/trace.ts'
import { MAX_NODES as MAX_IN_MEMORY, MemoryWorld } from './memory.ts'
import { sessionsOf } from './sessions.ts'
import { Stage } from './stage.ts'
import { MAX_NODES as MAX_OVER_WEBRTC, WebrtcWorld } from './webrtc.ts'
import type { World, WorldName } from './world.ts'

export type { WorldName } from './world.ts'

/** A run takes as long as it says. */
const MAX_HOURS = 1
/** What is in the state's way: one peer has 1 MiB, with what it writes later. */
const MAX_STATE_BYTES = 524_288
/** How many peers come in a second at the beginning, so that two cores keep up. */
const ARRIVALS = 1
/** From the last arrival of the beginning until what is counted begins, in milliseconds. */
const SETTLING = 10_000
/** Faults of both. */
const ALL = ['kill', 'region', 'exodus', 'flash-crowd', 'bootstrap-down', 'day-night'] as const
/**
 * Faults of the real world. A process can be stopped, and a peer among others in one process cannot; the ether can be
 * parted, and loopback cannot.
 */
const FAULTS: Record<WorldName, readonly Fault['type'][]> = {
  memory: [...ALL, 'partition'],
  webrtc: [...ALL, 'freeze'],
}
/** Figures that nobody measures here. Where the bootstrap is, `bootstrapConnections` is. */
const UNKNOWN: readonly FigureName[] = [
  'overruledAcknowledged',
  'bytesLookup',
  'bootstrapConnections',
  'bootstrapMessages',
  'callSetup',
  'callSurvival',
]

export interface RealOptions {
  signal?: AbortSignal
  /** In place of those that the scenario would have drawn. */
  sessions?: readonly Session[]
  /** What is counted begins so long after the first arrival; by default when those of the beginning have settled. */
  onset?: Millis
}

/** Why the real world cannot play that scenario, if it cannot. */
export function contradiction(scenario: Scenario, world: WorldName): string | undefined {
  const most = world === 'memory' ? MAX_IN_MEMORY : MAX_OVER_WEBRTC
  if (scenario.nodes > most) return `--nodes ${scenario.nodes}: at most ${most} real peers in world ${world}`
  if (!(scenario.hours <= MAX_HOURS)) {
    return `--hours ${scenario.hours}: the real world takes as long as it says; at most ${MAX_HOURS}`
  }
  if (scenario.stateBytes > MAX_STATE_BYTES) {
    return `--state-bytes ${scenario.stateBytes}: at most ${MAX_STATE_BYTES} in the real world`
  }
  if (scenario.away !== undefined)
    return '--away: in the real world nobody who went comes back as who they were'
  const strange = scenario.faults.find(({ type }) => !FAULTS[world].includes(type))
  return strange && `the world ${world} knows no "${strange.type}"; it knows ${FAULTS[world].join(', ')}`
}

/**
 * A run for each seed, one after the other.
 * @param say takes a line each few seconds
 * @throws ColoniaError `bad-options`: see `contradiction`
 */
export async function runReal(
  scenario: Scenario,
  world: WorldName,
  say: (line: string) => void,
  options: RealOptions = {},
): Promise<Run[]> {
  const why = contradiction(scenario, world)
  if (why !== undefined) throw badOptions(why)
  const runs: Run[] = []
  for (let n = 0; n < scenario.seeds && !options.signal?.aborted; n++) {
    runs.push(await runOne(scenario, world, (scenario.seed + n) >>> 0, say, options))
  }
  return runs
}

async function runOne(
  scenario: Scenario,
  name: WorldName,
  seed: number,
  say: (line: string) => void,
  { signal = new AbortController().signal, sessions, onset }: RealOptions,
): Promise<Run> {
  const began = performance.now()
  const coming = (scenario.nodes / ARRIVALS) * 1_000
  const start = onset ?? coming + SETTLING
  const span = start + scenario.hours * 3_600_000
  const world: World = name === 'memory' ? new MemoryWorld(scenario, seed) : await WebrtcWorld.open(scenario)
  const stage = new Stage({
    ...{ scenario, seed, world, onset: start, say, signal },
    sessions: sessions ?? sessionsOf(scenario, seed, coming, span, start),
  })
  const { millis, complete } = await stage.play()
  const { account, happenings } = stage
  const tally = account.close(millis, complete)
  const run = runOf(inWorld(scenario, name), seed, [tally], (performance.now() - began) / 1_000)
  const unknown = Object.fromEntries(UNKNOWN.map((figure) => [figure, null]))
  const connections = tally.moments.flatMap(({ connections = [] }) => connections)
  const mean = connections.reduce((sum, count) => sum + count, 0) / connections.length
  return {
    ...run,
    ...{ hash: null, events: 0, happenings },
    figures: { ...run.figures, ...unknown, ...(connections.length > 0 && { bootstrapConnections: mean }) },
  }
}

/** The scenario as that world has it: over loopback nothing takes the time that was asked for. */
export function inWorld(scenario: Scenario, world: WorldName): Scenario {
  return world === 'memory' ? scenario : { ...scenario, ...LOOPBACK }
}

/** Half a millisecond there and back, as pings over it have it. */
const LOOPBACK = { latency: { kind: 'constant', value: 0.0005 }, jitter: 0, loss: 0 } as const
