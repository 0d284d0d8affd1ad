/** Scenarios that are ready to run, as data with their sources; what one does not say is in `defaults.ts`. */
import { defaults } from './defaults.ts'
import type { Scenario } from './scenario.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

type Own = Pick<Scenario, 'title' | 'source'> & Partial<Omit<Scenario, 'name'>>

const own = {
  bamboo: {
    title: 'A thousand peers that stay two minutes each',
    source: 'Rhea, Geels, Roscoe, Kubiatowicz: Handling churn in a DHT (USENIX 2004), its hardest churn',
    session: { kind: 'exponential', mean: 121 },
    // Half a mean session: kept for many, states outlive all who may stand in for them.
    keep: MINUTE,
    // Some seven mean sessions, and a minute or two of a core: nothing else here has so many events in an hour.
    hours: 0.25,
  },
  tabs: {
    title: 'Pages that are opened for ten minutes, most of them for less',
    source: 'Sessions of Kazaa, Weibull 0.49 with a mean of 10.7 min (Gummadi et al. 2003), as those of tabs',
    hours: 2,
  },
  kad: {
    title: 'The users of KAD, who stay three hours on the average and some of them for days',
    source: 'Steiner, En-Najjary, Biersack: A global view of KAD (IMC 2007): Weibull 0.5, mean 10,000 s',
    session: { kind: 'weibull', shape: 0.5, mean: 10_000 },
    hours: 6,
  },
  bittorrent: {
    title: 'A BitTorrent swarm, where many look in and few stay',
    source:
      'Stutzbach, Rejaie: Understanding churn (IMC 2006), Debian: Weibull 0.38, scale 42.4 min, so mean 163 min',
    session: { kind: 'weibull', shape: 0.38, mean: 9_780 },
    hours: 6,
  },
  ipfs: {
    title: 'The DHT of IPFS, where half are gone within the hour',
    source:
      'Trautwein et al.: Design and evaluation of IPFS (SIGCOMM 2022): 87.6 % within 8 h, 2.5 % beyond 24 h, fitted',
    session: { kind: 'weibull', shape: 0.52, mean: 12_960 },
    hours: 6,
  },
  'call-ends': {
    title: 'A great call ends and all leave within two seconds',
    source: 'Sessions as in tabs; the end is a guess',
    faults: [{ type: 'exodus', share: 1, at: 30 * MINUTE, span: 2_000 }],
  },
  'flash-crowd': {
    title: 'A hundred times as many come within a minute',
    source:
      'Sessions as in tabs; a link on a front page (Jung, Krishnamurthy, Rabinovich 2002), in its worst minute',
    nodes: 50,
    faults: [{ type: 'flash-crowd', factor: 100, at: 30 * MINUTE, span: MINUTE }],
  },
  'day-night': {
    title: 'Two days, with nine times as many arrivals at noon as at midnight',
    source: 'Sessions as in tabs; a page for one country, whose users sleep (guess)',
    nodes: 100,
    hours: 48,
    faults: [{ type: 'day-night', share: 0.8, at: 0, span: 24 * HOUR }],
  },
  region: {
    title: 'A region with a fifth of all peers loses its power',
    source: 'Sessions as in tabs; places in a plane with access lines as in Vivaldi (Dabek et al. 2004)',
    hours: 2,
    latency: { kind: 'coordinates', width: 0.2, height: 0.03 },
    faults: [{ type: 'region', share: 0.2, at: HOUR }],
  },
  partition: {
    title: 'A third of all peers is cut off for five minutes, and comes back',
    source: 'Sessions as in tabs; a cable that breaks and is routed around (guess)',
    hours: 2,
    keep: HOUR,
    faults: [{ type: 'partition', share: 0.3, at: HOUR, span: 5 * MINUTE }],
  },
  'frozen-tabs': {
    title: 'Half of all tabs stand still for ten minutes, and go on',
    source:
      'Sessions as in tabs; browsers freeze pages that are hidden for five minutes (Page Lifecycle, 2018)',
    hours: 2,
    keep: HOUR,
    faults: [{ type: 'freeze', share: 0.5, at: HOUR, span: 10 * MINUTE }],
  },
  'no-bootstrap': {
    title: 'The bootstrap is dead for an hour',
    source: 'Sessions as in tabs; an operator who sleeps (guess)',
    hours: 3,
    faults: [{ type: 'bootstrap-down', at: HOUR, span: HOUR }],
  },
} as const satisfies Record<string, Own>

export type ScenarioName = keyof typeof own

/** By name, in the order in which they are listed. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  Object.entries<Own>(own).map(([name, scenario]) => [name, { name, ...defaults, ...scenario }]),
)
