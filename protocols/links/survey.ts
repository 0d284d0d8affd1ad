/**
 * A survey: which connections still lead anywhere, after something about the network may have changed. A dead
 * connection says nothing, and would be found out after 10 to 30 seconds only.
 *
 * Law: silence alone proves nothing about a link, because it may be us who are cut off for a moment, and links are
 * expensive: it is dead when others answer, or something new could be opened, and it still does not. An entrance
 * costs little to open anew, so that its silence is enough; and to open it is how a peer whose every connection
 * is dead learns that there is a network.
 */
import { type Machine as AnyMachine, earliest, type Millis, type Tick, unreachable } from '../machine.ts'

export interface Surveyed<Id> {
  id: Id
  /** The round trip as last measured. */
  rtt?: Millis | undefined
  /** It costs little to open anew. */
  cheap: boolean
}

/**
 * Why connections are doubted: this peer's own network has changed; somebody is silent who should not be; or an entrance
 * was lost, which ends by itself more often than with the network, and for all of its peers at once.
 */
export type Why = 'moved' | 'silent' | 'lost'

export type Input<Id> =
  /** Something may have changed; these are open now. */
  | { type: 'doubt'; open: readonly Surveyed<Id>[]; why: Why }
  | { type: 'answered'; id: Id }
  | { type: 'closed'; id: Id }
  /** A connection was opened: there is a network. */
  | { type: 'opened' }
  | Tick

export type Output<Id> =
  | { type: 'probe' | 'dead'; id: Id }
  /** Nobody answers: open something new, to see whether there is a network. */
  | { type: 'alone' }

/** Times in milliseconds, and one number; guesses, but that a loaded uplink can delay an answer by half a second. */
export const timing = {
  /** Patience with an answer: four round trips, within these; `usual` when none is known. */
  dear: { least: 1_000, usual: 1_500, most: 3_000 },
  /** The same after the loss of an entrance: there is no hurry, and all of its peers ask in that moment. */
  unhurried: { least: 4_000, usual: 5_000, most: 8_000 },
  /** For what is cheap, of a peer whose own network changed, */
  moved: { least: 500, usual: 1_000, most: 2_000 },
  /** and of one that has only lost sight of somebody: a busy server is no reason to leave it. */
  cheap: { least: 2_000, usual: 3_000, most: 4_000 },
  /** Links that are asked at first after the loss of an entrance. One that is silent is a reason to ask the others. */
  sample: 3,
  /** A deadline missed by this means that it was us who were not running. */
  late: 250,
  /** After that nothing is concluded from silence any more; libp2p's own monitor decides. */
  forget: 10_000,
} as const

interface Probe {
  cheap: boolean
  since: Millis
  /** End of patience, and then of memory. */
  until: Millis
  silent: boolean
  /** We were late ourselves, so that there was more patience, once. */
  excused: boolean
}

export class Survey<Id> implements AnyMachine<Input<Id>, Output<Id>> {
  /** Bounded by the connections that there are. */
  readonly #probes = new Map<Id, Probe>()
  /** Those that are not asked as long as all who are asked answer. */
  #spared: readonly Surveyed<Id>[] = []
  /** When it was last known that there is a network. */
  #provedAt: Millis = Number.NEGATIVE_INFINITY

  nextDeadline(): Millis | undefined {
    return earliest([...this.#probes.values()].map(({ until }) => until))
  }

  handle(input: Input<Id>, now: Millis): readonly Output<Id>[] {
    this.#excuse(now)
    switch (input.type) {
      case 'doubt':
        return this.#survey(input.open, input.why, now)
      case 'answered':
        if (!this.#probes.delete(input.id)) return []
        this.#provedAt = now
        return this.#conclude(now)
      case 'closed':
        this.#probes.delete(input.id)
        this.#spared = this.#spared.filter(({ id }) => id !== input.id)
        return []
      case 'opened':
        this.#provedAt = now
        return this.#conclude(now)
      case 'tick':
        return this.#conclude(now)
      default:
        return unreachable(input)
    }
  }

  #survey(open: readonly Surveyed<Id>[], why: Why, now: Millis): Output<Id>[] {
    const dear = open.filter(({ cheap }) => !cheap)
    // All of an entrance's peers lose it in one moment: where each asked all, they would ask every link of the mesh.
    this.#spared = why === 'lost' ? dear.slice(timing.sample) : []
    return open.filter((one) => !this.#spared.includes(one)).flatMap((one) => this.#doubt(one, why, now))
  }

  #doubt({ id, rtt, cheap }: Surveyed<Id>, why: Why, now: Millis): Output<Id>[] {
    const until = now + patience(rtt, cheap ? PATIENCE.cheap[why] : PATIENCE.dear[why])
    const probe = this.#probes.get(id)
    // What is being asked is not asked again, but another reason may leave it less time.
    if (probe !== undefined) {
      if (!probe.silent) probe.until = Math.min(probe.until, until)
      return []
    }
    this.#probes.set(id, { cheap, since: now, until, silent: false, excused: false })
    return [{ type: 'probe', id }]
  }

  /** Answers may have come while we did not run, and wait to be read. */
  #excuse(now: Millis): void {
    for (const probe of this.#probes.values()) {
      if (probe.silent || probe.excused || now <= probe.until + timing.late) continue
      Object.assign(probe, { excused: true, until: now + timing.moved.least })
    }
  }

  #conclude(now: Millis): Output<Id>[] {
    const dead: Output<Id>[] = []
    let missed = false
    for (const [id, probe] of this.#probes) {
      const out = now >= probe.until
      if (!out && !probe.silent) continue
      missed ||= !probe.cheap
      if (probe.cheap || this.#provedAt >= probe.since) dead.push({ type: 'dead', id })
      else if (!probe.silent) {
        Object.assign(probe, { silent: true, until: probe.since + timing.forget })
        if (dead.every(({ type }) => type !== 'alone')) dead.push({ type: 'alone' })
        continue
      } else if (!out) continue
      this.#probes.delete(id)
    }
    return missed ? [...dead, ...this.#survey(this.#spared, 'silent', now)] : dead
  }
}

/** Which patience there is with what is cheap to open anew, and with what is not. */
const PATIENCE = {
  cheap: { moved: 'moved', silent: 'cheap', lost: 'cheap' },
  dear: { moved: 'dear', silent: 'dear', lost: 'unhurried' },
} as const

/** How long an answer may take. */
export function patience(rtt: Millis | undefined, kind: 'dear' | 'unhurried' | 'moved' | 'cheap'): Millis {
  const { least, usual, most } = timing[kind]
  return rtt === undefined ? usual : Math.min(Math.max(4 * rtt, least), most)
}
