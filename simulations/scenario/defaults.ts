/** What a scenario has where it says nothing else: Colonia as it ships, in a network as it was measured. */
import type { Scenario } from './scenario.ts'

export const defaults: Omit<Scenario, 'name' | 'title' | 'source'> = {
  // Enough for a DHT to need more than one round, and done in seconds.
  nodes: 1_000,
  // Some five mean sessions of a tab.
  hours: 1,
  seed: 1,
  // Student's t with four degrees of freedom: an interval that is wide, and is one.
  seeds: 5,
  // Of tabs: Weibull as Kazaa's users, mean 10.7 min (Gummadi et al. 2003; Rhea et al. 2004).
  session: { kind: 'weibull', shape: 0.49, mean: 642 },
  // Of the messages that a browser sends while its page closes 3 to 37 % never arrive: the worst of them.
  ungraceful: 0.37,
  // As `createNode` has it: contingents, by age, of eight links.
  contingents: 2,
  choose: 'oldest',
  links: 8,
  // An address book of some thirty people (guess).
  stateBytes: 10_000,
  // One every ten minutes: a call begun or ended, a name changed (guess).
  writes: 6,
  // Holders forget later than that; a run need not (guess).
  keep: 600_000,
  // 10 Mbit/s, the upstream of a slow cable line.
  bandwidth: 1_250_000,
  latency: { kind: 'king' },
  // Variation of a home's wireless network (guess).
  jitter: 20,
  // Transports send again what is lost, so most see none.
  loss: 0,
  // Of all pairs of hosts about one in twenty cannot reach each other (Freedman et al. 2005).
  brokenPairs: 0.05,
  // k and alpha as in `node/registration/dht.ts`; a table is refreshed hourly (Maymounkov, Mazières 2002).
  kademlia: { k: 8, alpha: 3, refresh: 3_600_000 },
  // One every ten minutes: enough of them for an interval (guess).
  lookups: 6,
  // One every two hours, for ten minutes (guess).
  calls: 0.5,
  callSpan: 600_000,
  // A thousand are enough for a share to within three per cent; what they cost does not grow with the nodes.
  sample: 1_000,
  heartbeats: 'sampled',
  faults: [],
}
