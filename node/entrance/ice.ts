/**
 * ICE servers as introductions bring them: kept beyond the connection that brought them, because a peer that has
 * hung up, or whose network has changed, needs them most; and renewed before their credentials expire.
 *
 * Law: what one entrance said replaces what it said before, and touches nothing that others said. Credentials that
 * have expired are of no use to anyone and are not tried.
 */
import { type IceServer, MAX_ICE_SERVERS } from '#protocols/introduction/index'
import type { Millis } from '#protocols/machine'
import { type Clock, systemClock } from '../driver.ts'

/** No credential is believed to be good for less or for longer, in seconds: a minute, lest renewing never ends; a week. */
const LIFE = { least: 60, most: 604_800 } as const
/** Of a credential's life, when fresh ones are asked for first; then of what is left of it, again and again. */
const RENEW = 0.75
/** The least time between two such questions, in milliseconds. */
const RENEW_WAIT = 30_000

export interface IceInit {
  /** Fresh credentials are wanted from that entrance; `learn` is the answer. */
  renew: (entrance: string) => void
  clock?: Clock
}

interface Known {
  servers: readonly { server: RTCIceServer; until: Millis }[]
  cancel: () => void
}

export class Ice {
  readonly #renew: (entrance: string) => void
  readonly #clock: Clock
  /** By entrance, in the order in which they spoke. */
  readonly #known = new Map<string, Known>()

  constructor({ renew, clock = systemClock }: IceInit) {
    this.#renew = renew
    this.#clock = clock
  }

  /** What to use now: those learned last first, MAX_ICE_SERVERS at most, because browsers slow down with many. */
  get servers(): readonly RTCIceServer[] {
    const now = this.#clock.now()
    const all = [...this.#known.values()].reverse().flatMap(({ servers }) => servers)
    return all
      .filter(({ until }) => until > now)
      .map(({ server }) => server)
      .slice(0, MAX_ICE_SERVERS)
  }

  /** When the first of the credentials expires, on the clock given; `undefined` if none does. */
  get expires(): Millis | undefined {
    const ends = [...this.#known.values()].flatMap(({ servers }) => servers.map(({ until }) => until))
    const first = Math.min(...ends)
    return Number.isFinite(first) ? first : undefined
  }

  learn(entrance: string, servers: readonly IceServer[]): void {
    this.#known.get(entrance)?.cancel()
    this.#known.delete(entrance)
    const now = this.#clock.now()
    const dated = servers.map((server) => ({ server: clean(server), until: now + lifeOf(server) }))
    const known: Known = { servers: dated, cancel: () => {} }
    this.#known.set(entrance, known)
    this.#wait(entrance, known, Math.min(...dated.map(({ until }) => until)))
  }

  stop(): void {
    for (const { cancel } of this.#known.values()) cancel()
  }

  #wait(entrance: string, known: Known, until: Millis): void {
    const left = until - this.#clock.now()
    if (!Number.isFinite(until) || left <= 0) return
    known.cancel = this.#clock.after(Math.max(left * RENEW, Math.min(left, RENEW_WAIT)), () => {
      this.#renew(entrance)
      if (this.#known.get(entrance) === known) this.#wait(entrance, known, until)
    })
  }
}

function lifeOf({ seconds }: IceServer): Millis {
  if (seconds === undefined) return Number.POSITIVE_INFINITY
  return 1000 * Math.min(Math.max(seconds, LIFE.least), LIFE.most)
}

/** Fit for an RTCPeerConnection: no field that is not set, and none that it does not know. */
function clean({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}
