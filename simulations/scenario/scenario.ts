/**
 * A scenario: everything that determines a run. It is data, made from a table and flags (`dials.ts`), and stands whole in
 * each report, so that a run can be had again from it.
 *
 * Spans are in milliseconds unless a name says otherwise; session times are in seconds, as in the literature.
 */
import type { Shape } from '../chance/distributions.ts'

/** Who of the linked peers is appointed: as shipped (`oldest`), any, the newest, or the nearest in the keyspace. */
export type Choice = 'oldest' | 'random' | 'fresh' | 'closest'

/** One way, of a pair of peers; seconds in `Shape`s of it are round trips, as they are measured. */
export type Latency =
  /** Round trips of a pair are log-normal, with a median of 156 ms and sigma 0.51 (King data set, Gummadi et al. 2002). */
  | { kind: 'king' }
  /** Every pair the same: `value` is the round trip in seconds. */
  | { kind: 'constant'; value: number }
  /** Places in a plane of `width` seconds (round trip from edge to edge) and each peer's own access line, exponential with mean `height` seconds. */
  | { kind: 'coordinates'; width: number; height: number }

/** What goes wrong, and when; `at` and `span` in milliseconds of virtual time. */
export type Fault =
  /** A share of all who are there crashes at one moment. */
  | { type: 'kill'; share: number; at: number }
  /** The peers of a region, so large that a share of all is in it, crash at one moment (with coordinates: near each other). */
  | { type: 'region'; share: number; at: number }
  /** A share of all cannot be reached by the rest, nor reach it. */
  | { type: 'partition'; share: number; at: number; span: number }
  /** A share of all stands still, as hidden tabs do, and goes on. */
  | { type: 'freeze'; share: number; at: number; span: number }
  /** So many times as many peers as there were come within `span`. */
  | { type: 'flash-crowd'; factor: number; at: number; span: number }
  /** A share of all leaves within `span`, each gracefully or not by the scenario's odds. */
  | { type: 'exodus'; share: number; at: number; span: number }
  /** The bootstrap is dead. */
  | { type: 'bootstrap-down'; at: number; span: number }
  /** Arrivals rise and fall by this share of their mean, with a period of `span`, from `at` on. */
  | { type: 'day-night'; share: number; at: number; span: number }

export interface Kademlia {
  /** Peers in a bucket, and that keep a registration. */
  k: number
  /** Requests of one look-up at a time. */
  alpha: number
  /** From one refresh of a peer's routing table to the next. */
  refresh: number
}

export interface Scenario {
  name: string
  /** In one line, for people. */
  title: string
  /** Where its numbers come from. */
  source: string
  /** Alive at once, on the average. */
  nodes: number
  hours: number
  /** Of the first run; the others have the next ones. An integer from 0 to 2^32 - 1. */
  seed: number
  seeds: number
  session: Shape
  /** From a session's end until the same peer is back. Without it a peer that left never returns. */
  away?: Shape
  /** Sessions that were observed take the place of `session`, `ungraceful` and `nodes`. */
  trace?: string
  /** Share of sessions that end without a goodbye. */
  ungraceful: number
  contingents: number
  choose: Choice
  /** Links that a peer aims for: its contingents are chosen among them. */
  links: number
  /** Bytes of a state. */
  stateBytes: number
  /** Writes of a peer to its own state in an hour. */
  writes: number
  /** A state whose owner has been away for so long is forgotten. */
  keep: number
  /** Bytes per second from one peer to another. */
  bandwidth: number
  latency: Latency
  /** Delays vary by up to this, one way. */
  jitter: number
  /** Share of messages that are lost; a lost one is sent again by the transport after a time-out. */
  loss: number
  /** Share of pairs that cannot be linked directly. */
  brokenPairs: number
  kademlia: Kademlia
  /** Look-ups that a peer makes in an hour. */
  lookups: number
  /** Calls that a peer makes in an hour, and how long one lasts. */
  calls: number
  callSpan: number
  /** Of the peers, so many at most register, look up and are sought: what is said of them is said of all. */
  sample: number
  /** Of more peers than that a run is several colonies that know nothing of each other; without it as many as is sensible. */
  colony?: number
  /** Heartbeats one by one, or what comes of them. */
  heartbeats: 'sampled' | 'carried'
  faults: readonly Fault[]
}
