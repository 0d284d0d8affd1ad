/**
 * The figures of a run: what each is called, its unit, what it says, and what it is held against. The table, the pages and
 * the README are made from this list, and both worlds fill it.
 */
export type Unit = 'count' | 'share' | 'ratio' | 'ms' | 'bytes/s' | 'per hour' | 'rounds'

export interface Figure {
  group: 'losses' | 'takeover' | 'look-ups' | 'traffic' | 'links' | 'bootstrap' | 'calls' | 'run'
  label: string
  unit: Unit
  /** How to read it, in one or two sentences. */
  says: string
  /** Which way is better; without it the figure describes and does not judge. */
  better?: 'less' | 'more' | 'one' | 'zero'
  /** Of a ratio of which less is better, what 1 is: what theory allows, or what one who knows all would need. */
  against?: 'bound' | 'ideal'
}

export const catalogue = {
  sessions: {
    group: 'run',
    label: 'sessions',
    unit: 'count',
    says: 'Sessions that began, those at the start among them.',
  },
  departures: {
    group: 'run',
    label: 'departures',
    unit: 'count',
    says: 'Sessions that ended, gracefully or not.',
  },
  meanPopulation: {
    group: 'run',
    label: 'mean population',
    unit: 'count',
    says: 'Peers alive, averaged over time.',
  },

  lossesAvoidable: {
    group: 'losses',
    label: 'avoidable losses',
    unit: 'count',
    better: 'zero',
    says: 'States lost although, by the oracle, the holders that crashed had time to be replaced: longer than the window of detection and copying had passed, while the last of them did not stand still.',
  },
  lossesUnavoidable: {
    group: 'losses',
    label: 'unavoidable losses',
    unit: 'count',
    says: 'States of which all copies crashed within one window, so that no protocol that copies at this speed could have kept them.',
  },
  lossesNewborn: {
    group: 'losses',
    label: 'newborn losses',
    unit: 'count',
    says: 'States whose owner crashed before any holder had a first copy.',
  },
  lossesPerSession: {
    group: 'losses',
    label: 'losses per session',
    unit: 'ratio',
    better: 'less',
    says: 'Losses, newborn ones left out, over the time that states were kept in units of the mean session.',
  },
  lossesOverFormula: {
    group: 'losses',
    label: 'losses over c·f^c·(w/s)^(c−1)',
    unit: 'ratio',
    better: 'one',
    says: 'Losses per session over what theory expects of independent crashes with exponential sessions: c copies, f the share of ungraceful exits, w the mean window measured, s the mean session.',
  },
  burstLossOverTheory: {
    group: 'losses',
    label: 'burst loss over p^c',
    unit: 'ratio',
    better: 'one',
    says: 'When a share p of all crashes at one moment: the share of states lost at that moment, over the chance that all copies of one were hit.',
  },
  overruledAcknowledged: {
    group: 'losses',
    label: 'conflicting acknowledged writes',
    unit: 'count',
    better: 'zero',
    says: 'Writes called backed up that are not in the state which stands. Must be 0.',
  },

  detectionMean: {
    group: 'takeover',
    label: 'crash detection, mean',
    unit: 'ms',
    better: 'less',
    says: 'From a crash until a partner notices.',
  },
  detectionOverBound: {
    group: 'takeover',
    label: 'detection over its bound',
    unit: 'ratio',
    better: 'less',
    against: 'bound',
    says: 'Its mean over T/2 + delay + margin.',
  },
  takeoverMean: {
    group: 'takeover',
    label: 'takeover, mean',
    unit: 'ms',
    better: 'less',
    says: 'From the crash of who writes until another writes.',
  },
  takeoverOverBound: {
    group: 'takeover',
    label: 'takeover over its bound',
    unit: 'ratio',
    better: 'less',
    against: 'ideal',
    says: 'Its mean over detection + delay.',
  },
  handoffMean: {
    group: 'takeover',
    label: 'handoff, mean',
    unit: 'ms',
    better: 'less',
    says: 'From the goodbye of who writes until another writes.',
  },
  underReplicatedMean: {
    group: 'takeover',
    label: 'time under-replicated, mean',
    unit: 'ms',
    better: 'less',
    says: 'From the loss of a copy until there are as many as there should be.',
  },
  underReplicatedShare: {
    group: 'takeover',
    label: 'state-time under-replicated',
    unit: 'share',
    better: 'less',
    says: 'Of all the time of all states.',
  },
  falseTakeovers: {
    group: 'takeover',
    label: 'false takeovers',
    unit: 'count',
    better: 'zero',
    says: 'Takeovers from a writer that was alive and could be reached by others.',
  },
  twoClaimants: {
    group: 'takeover',
    label: 'time with two writers',
    unit: 'ms',
    better: 'less',
    says: 'Longest time for which two connected peers each took themselves for the writer of one state.',
  },

  lookupSuccess: {
    group: 'look-ups',
    label: 'found within 4 s',
    unit: 'share',
    better: 'more',
    says: 'Look-ups of a peer that was there, answered rightly within four seconds.',
  },
  lookupRounds: {
    group: 'look-ups',
    label: 'rounds, mean',
    unit: 'rounds',
    better: 'less',
    says: 'Rounds of questions until the target was told of.',
  },
  lookupRoundsOverIdeal: {
    group: 'look-ups',
    label: 'rounds over ideal',
    unit: 'ratio',
    better: 'less',
    against: 'ideal',
    says: 'Over those of a Kademlia of this size with full tables and nobody gone.',
  },
  lookupMillis: {
    group: 'look-ups',
    label: 'latency, median',
    unit: 'ms',
    better: 'less',
    says: 'Of look-ups that succeeded.',
  },
  lookupOverRtt: {
    group: 'look-ups',
    label: 'latency over round trip',
    unit: 'ratio',
    better: 'less',
    says: 'Median latency over the median round trip of a pair.',
  },

  bytesMaintenance: {
    group: 'traffic',
    label: 'maintenance, mean',
    unit: 'bytes/s',
    better: 'less',
    says: 'Per node: heartbeats, appointments, registrations, routing tables; copying left out.',
  },
  bytesMaintenanceP95: {
    group: 'traffic',
    label: 'maintenance, p95',
    unit: 'bytes/s',
    better: 'less',
    says: 'Of nodes that were there for a minute or longer.',
  },
  bytesRepair: {
    group: 'traffic',
    label: 'copying',
    unit: 'bytes/s',
    better: 'less',
    says: 'Per node: states copied to new holders.',
  },
  bytesRepairOverOracle: {
    group: 'traffic',
    label: 'copying over the oracle',
    unit: 'ratio',
    better: 'less',
    against: 'ideal',
    says: 'Over what one who knows all would copy: each state once to each place that became free.',
  },
  bytesUpdate: {
    group: 'traffic',
    label: 'updates',
    unit: 'bytes/s',
    better: 'less',
    says: 'Per node: writes on their way to holders, and their acknowledgements.',
  },
  bytesLookup: {
    group: 'traffic',
    label: 'look-ups',
    unit: 'bytes/s',
    better: 'less',
    says: 'Per node: questions and answers of look-ups.',
  },
  bytesAll: {
    group: 'traffic',
    label: 'all traffic',
    unit: 'bytes/s',
    better: 'less',
    says: 'Per node, media left out.',
  },

  linksPerHour: {
    group: 'links',
    label: 'links opened',
    unit: 'per hour',
    better: 'less',
    says: 'Per node and hour of its life.',
  },
  linkBudget: {
    group: 'links',
    label: 'hours until 500 links',
    unit: 'ratio',
    better: 'more',
    says: 'A page of Chrome may open some 500 RTCPeerConnections; so many hours it can stay open.',
  },

  bootstrapConnections: {
    group: 'bootstrap',
    label: 'connections, mean',
    unit: 'count',
    better: 'less',
    says: 'Held by the bootstrap at once.',
  },
  bootstrapMessages: {
    group: 'bootstrap',
    label: 'messages per session',
    unit: 'ratio',
    better: 'less',
    says: 'That the bootstrap takes and sends for one session.',
  },

  callSetup: {
    group: 'calls',
    label: 'calls set up',
    unit: 'share',
    better: 'more',
    says: 'Of calls to a peer that was there and stayed.',
  },
  callSurvival: {
    group: 'calls',
    label: 'calls kept',
    unit: 'share',
    better: 'more',
    says: 'Of calls that were set up, those that no crash of a side and no partition cut; who says goodbye hangs up.',
  },
} as const satisfies Record<string, Figure>

export type FigureName = keyof typeof catalogue

/** Distributions that a run keeps, in milliseconds or bytes per second. */
export const spreads = {
  detection: { label: 'crash detection', unit: 'ms' },
  takeover: { label: 'takeover', unit: 'ms' },
  handoff: { label: 'handoff', unit: 'ms' },
  underReplicated: { label: 'time under-replicated', unit: 'ms' },
  lookup: { label: 'look-up', unit: 'ms' },
  bytesPerNode: { label: 'bytes per second of a node', unit: 'bytes/s' },
} as const
