/** One peer of a simulated colony: the shipped machine, and what the world keeps about it. */
import {
  type Candidate,
  type Config,
  defaultConfig,
  type Input,
  Machine,
  type Neighbours,
} from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import type { Input as Registration } from '#protocols/registration/index'
import type { Random } from '../random.ts'
import type { Alarm } from './alarm.ts'
import type { Contacts } from './contacts.ts'
import type { Place } from './latency.ts'

/** What registers for a peer. */
export interface Registers {
  give(input: Registration): void
  holds(owner: string, holds: boolean): void
}

export interface Pause {
  since: Millis
  /** What came meanwhile. */
  waiting: Input[]
  /** Those whose silence it would have noticed meanwhile: it notices anew when it goes on. */
  unheard: Peer[]
}

/** Who knows whom a peer could appoint now. */
export interface Evidence {
  of(peer: Peer): readonly Candidate[]
}

export interface PeerInit {
  number: number
  id: string
  session: string
  place: Place
  born: Millis
  came: Millis
  random: Random
  config: Config
  evidence: Evidence
}

const NOBODY = new Machine({ self: '', session: '', config: defaultConfig })

export class Peer implements Neighbours {
  /** Unlike those of all other sessions of the shard. */
  readonly number: number
  readonly id: string
  readonly session: string
  readonly place: Place
  /** When its session began, and when the simulation met it. */
  readonly born: Millis
  readonly came: Millis
  readonly random: Random
  machine: Machine
  alive = true
  /** It said goodbye. */
  leftInOrder = false
  /** Stands still, as a hidden tab does. */
  pause: Pause | undefined
  /** On the other side of a partition. */
  cut = false
  /** Its place in the list of those that are there. */
  index = -1
  /** Direct links, in both directions the same. */
  links: Peer[] = []
  /** Copies that it holds for others. */
  held = 0
  /** Whether its machine looks for somebody to hold. */
  wanting = false
  /** It was out of reach for a while, or is back: others may have it in mind, and it others. */
  apart = false
  alarm: Alarm<Peer> | undefined
  /** Bytes that it sent. */
  bytes = 0
  /** With how many it exchanges beats, since when. */
  pairs = 0
  pairsSince: Millis = 0
  /** In the DHT, if look-ups are simulated. */
  contacts: Contacts<Peer> | undefined
  /** Registers and looks, if it writes for somebody of the sample. */
  registrar: Registers | undefined
  readonly #evidence: Evidence

  constructor({ number, id, session, place, born, came, random, config, evidence }: PeerInit) {
    this.number = number
    this.id = id
    this.session = session
    this.place = place
    this.born = born
    this.came = came
    this.pairsSince = came
    this.random = random
    this.machine = new Machine({ self: id, session, config, neighbours: this })
    this.#evidence = evidence
  }

  candidates(): readonly Candidate[] {
    return this.#evidence.of(this)
  }

  get frozen(): boolean {
    return this.pause !== undefined
  }

  /** Whether messages from it arrive at `other`, and the other way round. */
  reaches(other: Peer): boolean {
    return this.cut === other.cut
  }

  /** It is gone: events that are still to come and the tables of others hold on to little of it. */
  release(): void {
    this.machine = NOBODY
    this.links = []
    this.pause = undefined
    this.alarm?.release()
    this.alarm = undefined
    this.contacts = undefined
    this.registrar = undefined
  }

  /** From now on it exchanges beats with so many. @returns how long it did until now, as a sum over them */
  beatsWith(pairs: number, now: Millis): Millis {
    const passed = this.pairs * (now - this.pairsSince)
    this.pairs = pairs
    this.pairsSince = now
    return passed
  }
}
