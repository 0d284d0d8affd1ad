/**
 * A media engine: an RTCPeerConnection as far as signalling and ICE can tell it from a real one, on virtual
 * time. What it will not do, it refuses as WebRTC 1.0 (https://www.w3.org/TR/webrtc/) says; so a negotiation
 * that gets along with it keeps the rules, glare and all.
 *
 * Modelled: the signalling states with implicit rollback (§4.4.1.5), negotiation-needed (§4.7.3), ICE
 * credentials and restartIce (§4.4.3.2), trickled candidates that fit one set of credentials. As in
 * `node/call/media.ts`, steps are performed one after the other and each takes a moment.
 */
import type { Candidate, Connectivity, Description, Step } from '#protocols/call/index'
import { unreachable } from '#protocols/machine'
import type { World } from './world.ts'

export interface EngineEvents {
  needed(): void
  described(description: Description): void
  failed(): void
  gathered(candidate: Candidate): void
  connectivity(state: Connectivity): void
}

/** What stands in an engine's SDP: its ICE credentials and how many tracks it sends. */
interface Content {
  ufrag: string
  tracks: number
}

/** How many candidates a set of credentials brings. */
const CANDIDATES = 3
/** The longest a step or a candidate takes, in milliseconds (a browser's offer: 5–30). */
const STEP = 30
/** Silence after which an engine says `disconnected`, in milliseconds: what Chromium waits. */
const SILENCE = 5_000

export class Engine {
  /** Steps that a browser would have refused: none, if the negotiation is right. */
  readonly refused: string[] = []
  /** Tracks that this side sends, and those of the other side that it has been told of. */
  tracks = 0
  theirTracks = 0
  signalling: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed' = 'stable'
  connectivity: Connectivity | 'new' = 'new'
  readonly #world: World
  readonly #events: EngineEvents
  readonly #medium: Medium
  readonly #steps: Step[] = []
  #local: Content | undefined
  #remote: Content | undefined
  #pending: Content | undefined
  /** Credentials that a restart wants out of use: `[[LocalIceCredentialsToReplace]]`. */
  readonly #replace = new Set<string>()
  /** Tracks that an answered offer of ours has spoken of. */
  #negotiated = 0
  #asked = false
  readonly #heard = new Set<string>()

  constructor(world: World, medium: Medium, events: EngineEvents) {
    this.#world = world
    this.#events = events
    this.#medium = medium
    medium.join(this)
  }

  /** The credentials in use, own and theirs, once candidates for both are there. */
  get pair(): { local: string; remote: string } | undefined {
    if (this.#local === undefined || this.#remote === undefined) return undefined
    return this.#heard.has(this.#remote.ufrag)
      ? { local: this.#local.ufrag, remote: this.#remote.ufrag }
      : undefined
  }

  addTracks(count: number): void {
    this.tracks += count
    this.#updateNeeded()
  }

  perform(step: Step): void {
    this.#steps.push(step)
    if (this.#steps.length === 1) this.#next()
  }

  report(state: Connectivity): void {
    if (this.signalling === 'closed' || this.connectivity === state) return
    this.connectivity = state
    this.#events.connectivity(state)
  }

  close(): void {
    this.signalling = 'closed'
    this.#medium.leave(this)
  }

  #next(): void {
    this.#after(() => {
      const step = this.#steps[0]
      if (step !== undefined) this.#perform(step)
      this.#steps.shift()
      if (this.#steps.length > 0) this.#next()
    })
  }

  #perform(step: Step): void {
    switch (step.type) {
      case 'offer':
        if (step.restart) this.#restartIce()
        if (!this.#offer()) return this.#refuse('offer')
        return this.#events.described({
          kind: 'offer',
          round: step.round,
          sdp: JSON.stringify(this.#pending),
        })
      case 'answer':
        if (!this.#answer(JSON.parse(step.sdp))) return this.#refuse('answer')
        return this.#events.described({ kind: 'answer', round: step.round, sdp: JSON.stringify(this.#local) })
      case 'settle':
        return this.#settle(JSON.parse(step.sdp)) ? undefined : this.#refuse('settle')
      case 'add-candidate':
        if (this.#remote === undefined) return this.#refuse('add-candidate')
        // Of any other credentials: an OperationError, which loses nothing.
        if (step.candidate.ufrag === this.#remote.ufrag) this.#heard.add(this.#remote.ufrag)
        return this.#medium.check()
      default:
        return unreachable(step)
    }
  }

  #restartIce(): void {
    for (const { ufrag } of [this.#local, this.#pending].filter((each) => each !== undefined)) {
      this.#replace.add(ufrag)
    }
  }

  #offer(): boolean {
    if (this.signalling !== 'stable' && this.signalling !== 'have-local-offer') return false
    const current = this.#pending ?? this.#local
    const stays = current !== undefined && !this.#replace.has(current.ufrag)
    this.#pending = { ufrag: stays ? current.ufrag : this.#fresh(), tracks: this.tracks }
    this.signalling = 'have-local-offer'
    return true
  }

  #answer(offer: Content): boolean {
    // In have-local-offer this rolls the own offer back, and what it wanted is wanted still.
    this.#pending = undefined
    this.signalling = 'have-remote-offer'
    const restarted = this.#remote?.ufrag !== offer.ufrag
    this.#take(offer)
    const ufrag = this.#local === undefined || restarted ? this.#fresh() : this.#local.ufrag
    this.#local = { ufrag, tracks: this.tracks }
    this.#stable()
    return true
  }

  #settle(answer: Content): boolean {
    if (this.signalling !== 'have-local-offer' || this.#pending === undefined) return false
    this.#negotiated = this.#pending.tracks
    this.#local = this.#pending
    this.#pending = undefined
    this.#take(answer)
    this.#stable()
    return true
  }

  #take(theirs: Content): void {
    this.#remote = theirs
    this.theirTracks = theirs.tracks
  }

  #stable(): void {
    this.signalling = 'stable'
    if (this.#local !== undefined && !this.#replace.has(this.#local.ufrag)) this.#replace.clear()
    this.#asked = false
    this.#updateNeeded()
    this.#medium.check()
  }

  #updateNeeded(): void {
    const needed = () =>
      this.signalling === 'stable' && (this.tracks !== this.#negotiated || this.#replace.size > 0)
    if (this.#asked || !needed()) return
    this.#asked = true
    this.#after(() => {
      this.#asked = needed()
      if (this.#asked) this.#events.needed()
    })
  }

  /** New credentials, whose candidates come one by one, after the description that names them. */
  #fresh(): string {
    const ufrag = this.#world.random.bits().toString(36)
    for (let line = 0; line < CANDIDATES; line++) {
      this.#after(() => {
        const candidate = line === CANDIDATES - 1 ? '' : `candidate:${line} 1 udp 1 192.0.2.1 9 typ host`
        this.#events.gathered({ candidate, mid: '0', line: 0, ufrag })
      })
    }
    return ufrag
  }

  #refuse(what: string): void {
    this.refused.push(`${what} in ${this.signalling}`)
    this.#events.failed()
  }

  #after(act: () => void): void {
    this.#world.after(this.#world.random.unit() * STEP, () => {
      if (this.signalling !== 'closed') act()
    })
  }
}

/** What lies between the two engines of a call. */
export class Medium {
  readonly #world: World
  readonly #engines: Engine[] = []
  /** Credentials whose paths through the network are gone for good. */
  readonly #dead = new Set<string>()
  #open = true

  constructor(world: World) {
    this.#world = world
  }

  join(engine: Engine): void {
    this.#engines.push(engine)
  }

  /** The other side hears nothing from now on, and notices. */
  leave(engine: Engine): void {
    this.#engines.splice(this.#engines.indexOf(engine), 1)
    const partners = this.#engines.filter((each) => each.pair?.remote === engine.pair?.local)
    this.#world.after(SILENCE, () => {
      for (const each of partners) if (each.connectivity === 'connected') each.report('disconnected')
    })
  }

  /** Nothing gets through, and both ends say so. With `good` false, what was agreed on stays useless after. */
  drop(state: 'disconnected' | 'failed', { good = true } = {}): void {
    this.#open = false
    for (const engine of this.#engines) {
      if (!good && engine.pair !== undefined) this.#dead.add(engine.pair.local)
      if (engine.connectivity !== 'new') engine.report(state)
    }
  }

  heal(): void {
    this.#open = true
    this.check()
  }

  /** Connects two engines that each use what the other has said of itself. */
  check(): void {
    this.#world.after(30, () => {
      const [one, other] = this.#engines
      if (!this.#open || one === undefined || other === undefined) return
      const [a, b] = [one.pair, other.pair]
      if (a === undefined || b === undefined || a.local !== b.remote || b.local !== a.remote) return
      if (this.#dead.has(a.local) || this.#dead.has(b.local)) return
      for (const engine of [one, other]) engine.report('connected')
    })
  }
}
