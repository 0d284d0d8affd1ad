/** What a house of peers is told, and what it answers. */
import type { EntranceState, Finding, MeshCounts, NodeOptions, PeerId, Presence } from '#node/index'

/** What links run over: WebRTC as in production, or what is cheaper (`cable.ts`). */
export type Over = 'webrtc' | 'cable'

/** Of each peer of a house. */
export type HouseOptions = NodeOptions & { over?: Over }

/** One peer as it sees itself. */
export interface Report {
  peer: PeerId
  /** Whom it is directly linked to. */
  links: PeerId[]
  /** Those that have a copy of its state. */
  holders: PeerId[]
  entrances: EntranceState[]
  counts: MeshCounts
}

/** Whether a peer could reach another without asking anyone: over a link, or a way that it has gone before. */
export type Acquaintance = 'link' | 'cache' | 'stranger'

export interface Between {
  from: PeerId
  to: PeerId
  millis: number
}

/** Commands by name; `millis` is the end of patience. */
export interface Commands {
  /** A new peer; answered when it has so many direct links and holders, or patience with that has ended (`late`). */
  arrive(wanted: {
    links: number
    held: number
    millis: number
  }): Promise<{ peer: PeerId; millis: number; late?: string }>
  find(between: Between): Promise<Finding>
  /** Milliseconds until a direct link was there. */
  connect(between: Between): Promise<{ millis: number }>
  presence(between: Between): Promise<Presence>
  knows(between: Omit<Between, 'millis'>): Promise<Acquaintance>
  /** Until `from` finds a registration of `to`; answered with its contingents. */
  registered(between: Between): Promise<{ contingents: readonly PeerId[] }>
  /** Milliseconds of a round trip on the link between them. */
  ping(between: Omit<Between, 'millis'>): Promise<number>
  /** All peers of the house. */
  report(nothing: Record<never, never>): Promise<Report[]>
}
