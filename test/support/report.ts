/** A report as a discrete world makes them, of made-up numbers: three seeds, faults, pictures of forty peers. */
import { Random } from '../../simulations/random.ts'
import { catalogue, type Unit } from '../../simulations/report/catalogue.ts'
import type { Frame, Moment, Report, Run, Spread } from '../../simulations/report/run.ts'
import type { Scenario } from '../../simulations/scenario/scenario.ts'

const HOUR = 3_600_000
const FRAMES = 60
const MOMENTS = 240
const PEERS = 40

export const scenario: Scenario = {
  name: 'partition',
  title: 'A third of all peers is cut off for five minutes, and comes back',
  source: 'Sessions of Kazaa, Weibull 0.49 with a mean of 10.7 min (Gummadi et al. 2003)',
  nodes: PEERS,
  hours: 2,
  seed: 1,
  seeds: 3,
  session: { kind: 'weibull', shape: 0.49, mean: 642 },
  ungraceful: 0.37,
  contingents: 2,
  choose: 'oldest',
  links: 8,
  stateBytes: 10_000,
  writes: 6,
  keep: 600_000,
  bandwidth: 1_250_000,
  latency: { kind: 'king' },
  jitter: 20,
  loss: 0,
  brokenPairs: 0.05,
  kademlia: { k: 8, alpha: 3, refresh: HOUR },
  lookups: 6,
  calls: 0.5,
  callSpan: 600_000,
  sample: 1_000,
  heartbeats: 'sampled',
  faults: [
    { type: 'kill', share: 0.3, at: HOUR / 2 },
    { type: 'partition', share: 0.3, at: HOUR, span: 300_000 },
    { type: 'bootstrap-down', at: 1.5 * HOUR, span: 600_000 },
  ],
}

/** @param seeds of as many runs */
export function madeReport(seeds: readonly number[] = [1, 2, 3]): Report {
  return {
    format: 'colonia-simulation/1',
    world: 'discrete',
    command: 'colonia simulate run partition --nodes 40 --seeds 3',
    versions: { colonia: '0.1.0', node: 'v24.0.0' },
    scenario: { ...scenario, seeds: seeds.length },
    runs: seeds.map(madeRun),
  }
}

const TYPICAL: Readonly<Record<string, number | null>> = {
  sessions: 912,
  departures: 868,
  meanPopulation: 41.2,
  lossesAvoidable: 0,
  lossesUnavoidable: 3,
  lossesNewborn: 5,
  lossesPerSession: 0.000_41,
  lossesOverFormula: 1.08,
  burstLossOverTheory: 0.93,
  overruledAcknowledged: 0,
  detectionMean: 640,
  detectionOverBound: 0.98,
  takeoverMean: 740,
  takeoverOverBound: 1.13,
  handoffMean: 84,
  underReplicatedMean: 1_420,
  underReplicatedShare: 0.0031,
  falseTakeovers: 1,
  twoClaimants: 2_900,
  lookupSuccess: 0.9921,
  lookupRounds: 2.31,
  lookupRoundsOverIdeal: 1.07,
  lookupMillis: 402,
  lookupOverRtt: 2.6,
  bytesMaintenance: 812,
  bytesMaintenanceP95: 1_420,
  bytesRepair: 214,
  bytesRepairOverOracle: 1.12,
  bytesUpdate: 71,
  bytesLookup: 96,
  bytesAll: 1_193,
  linksPerHour: 38,
  linkBudget: 13.1,
  bootstrapConnections: 33,
  bootstrapMessages: 6.2,
  callSetup: 0.981,
  callSurvival: null,
}

function madeRun(seed: number): Run {
  const random = new Random(seed)
  const about = (value: number, unit: Unit) => {
    const near = value * (0.93 + 0.14 * random.unit())
    return unit === 'count' ? Math.round(near) : unit === 'share' ? Math.min(1, near) : near
  }
  const figures = Object.entries(catalogue).map(([name, { unit }]) => {
    const typical = TYPICAL[name] ?? null
    return [name, typical === null || typical === 0 ? typical : about(typical, unit)]
  })
  return {
    seed,
    hash: random.bits().toString(16).padStart(8, '0'),
    events: 1_000_000 + random.below(1_000),
    seconds: 2.5,
    millis: 2 * HOUR,
    complete: true,
    figures: Object.fromEntries(figures),
    spreads: {
      detection: spread(random, 640, 0.35),
      takeover: spread(random, 740, 0.35),
      handoff: spread(random, 84, 0.5),
      underReplicated: spread(random, 1_420, 0.6),
      lookup: spread(random, 402, 0.8),
      bytesPerNode: spread(random, 1_193, 0.3),
    },
    moments: moments(random),
    happenings: [
      { at: HOUR / 2, span: 0, what: '30 % of all crash' },
      { at: HOUR, span: 300_000, what: '30 % of all are cut off' },
      { at: 1.5 * HOUR, span: 600_000, what: 'the bootstrap is dead' },
    ],
    frames: frames(random),
  }
}

/** Log-normal about `median`. */
function spread(random: Random, median: number, sigma: number): Spread {
  const normal = () => Array.from({ length: 12 }, random.unit).reduce((sum, unit) => sum + unit, -6)
  const sample = Array.from({ length: 600 }, () => median * Math.exp(sigma * normal())).sort((a, b) => a - b)
  const at = (share: number) => sample[Math.ceil(share * sample.length) - 1] as number
  return {
    count: sample.length,
    mean: sample.reduce((sum, value) => sum + value, 0) / sample.length,
    ...{ p50: at(0.5), p95: at(0.95), max: at(1) },
    cdf: Array.from({ length: 100 }, (_, n) => [at((n + 1) / 100), (n + 1) / 100]),
  }
}

function moments(random: Random): Moment[] {
  let population = PEERS
  return Array.from({ length: MOMENTS + 1 }, (_, n) => {
    const at = (n * 2 * HOUR) / MOMENTS
    const cut = at >= HOUR && at < HOUR + 300_000
    if (at === HOUR / 2) population = Math.round(0.7 * population)
    population += random.below(5) - 2 + Math.sign(PEERS - population)
    const lookups = 2 + random.below(6)
    return {
      at,
      population,
      states: population + 3,
      underReplicated: random.below(2) + (cut || at === HOUR / 2 ? 9 : 0),
      lost: at === HOUR / 2 ? 2 : random.chance(0.02) ? 1 : 0,
      lookups,
      lookupFailures: random.chance(cut ? 0.7 : 0.05) ? 1 + random.below(2) : 0,
      bytesPerNode: n === 0 ? 0 : 900 + 600 * random.unit() + (cut ? 900 : 0),
    }
  })
}

function frames(random: Random): Frame[] {
  let next = PEERS
  let here = Array.from({ length: PEERS }, (_, id) => id)
  return Array.from({ length: FRAMES }, (_, n) => {
    const stay = here.filter(() => !random.chance(0.05))
    const came = Array.from({ length: PEERS - stay.length }, () => next++)
    const went = here.length - stay.length
    const owners = here
    here = [...stay, ...came]
    const cut = n >= 30 && n < 33
    return {
      at: (n * 2 * HOUR) / FRAMES,
      nodes: here.map((id, at) => ({
        id,
        state: cut && at % 3 === 0 ? 'cut' : at % 17 === 5 ? 'frozen' : 'up',
      })),
      copies: owners.flatMap((owner, at) => {
        const from = here.includes(owner) ? owner : (here[at] as number)
        return [1, 2].map((step) => ({ from, to: here[(at + 7 * step) % here.length] as number, owner }))
      }),
      news: went === 0 ? [] : [`${came.length} came`, `${went} went`],
    }
  })
}
