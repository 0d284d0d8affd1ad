/**
 * A colony in the discrete world: who is there, what time it is, and the one loop that gives machines their inputs and
 * carries what they send. What peers *do* is in the machines that ship; what *happens to* them is in the parts beside this.
 *
 * Law: the seed determines everything. Events run by (time, order of asking); chance comes from generators that are forked
 * from one; nothing asks a clock or the engine's mathematics. Each input that a machine gets goes into the hash.
 */
import {
  type Config,
  defaultConfig,
  type Input,
  type Message,
  type Output,
} from '#protocols/contingency/index'
import type { Millis } from '#protocols/machine'
import { perform, Queue } from '../queue.ts'
import { Random } from '../random.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { Alarm } from './alarm.ts'
import { Candidates } from './candidates.ts'
import type { Context } from './context.ts'
import { Delivery } from './delivery.ts'
import { Latency } from './latency.ts'
import { Ledger } from './ledger.ts'
import { Peer } from './peer.ts'
import { Silence } from './silence.ts'
import { add, type Sketch } from './sketch.ts'
import { Streams } from './streams.ts'
import { type Tally, tally } from './tally.ts'
import { Traffic } from './traffic.ts'
import { Web } from './web.ts'

/** Nobody is looked at later, in milliseconds: so long the queue remembers who is gone. */
const FAR = 4 * 3_600_000
/** A life that says something of a peer's traffic, in milliseconds. */
const LONG_ENOUGH = 60_000
const NOBODY: readonly Peer[] = []

export class Colony implements Context {
  readonly scenario: Scenario
  readonly config: Config
  readonly random: Random
  readonly latency: Latency
  readonly web: Web
  readonly streams = new Streams()
  readonly ledger: Ledger
  readonly silence: Silence
  /** All that are there, in an order that means nothing. */
  readonly peers: Peer[] = []
  readonly byId = new Map<string, Peer>()
  tally: Tally = tally()
  now: Millis = 0
  events = 0
  /** Called with what a machine says of its part in a state that changed. */
  onChanged: (peer: Peer, changed: Extract<Output, { type: 'changed' | 'dropped' | 'seek' }>) => void =
    () => {}
  readonly #queue = new Queue()
  readonly #candidates: Candidates
  readonly #traffic: Traffic
  #hash = 0x811c9dc5
  #numbers = 0
  /** When counting began. */
  #since: Millis = 0

  constructor(scenario: Scenario, seed: number, shard: number) {
    this.scenario = scenario
    this.random = new Random(seed ^ Math.imul(shard, 0x9e3779b1))
    this.latency = new Latency(scenario, this.random.bits())
    this.config = {
      ...defaultConfig,
      copies: scenario.contingents,
      keep: scenario.keep,
      watch: scenario.heartbeats === 'carried' ? 'beats' : 'told',
    }
    this.web = new Web(this)
    this.ledger = new Ledger(this)
    this.silence = new Silence(this)
    this.#candidates = new Candidates(this)
    this.#traffic = new Traffic(this)
  }

  get hash(): number {
    return this.#hash >>> 0
  }

  get pending(): number {
    return this.#queue.size
  }

  at(when: Millis, act: () => void): void {
    // Whole milliseconds take less memory than others.
    this.#queue.put(Math.max(Math.round(when), this.now), act)
  }

  after(wait: Millis, act: () => void): void {
    this.#queue.put(this.now + Math.max(0, Math.round(wait)), act)
  }

  /** Performs the next event. @returns false when there is none before `end` */
  step(end: Millis): boolean {
    const at = this.#queue.nextAt
    if (at === undefined || at > end) {
      this.now = end
      return false
    }
    this.now = at
    this.events += 1
    perform(this.#queue.take())
    return true
  }

  /** Everything before this was to get under way: what is counted is counted from now on. */
  measure(): void {
    this.tally = tally()
    this.#since = this.now
    this.ledger.measure()
    for (const peer of this.peers) {
      peer.bytes = 0
      peer.pairsSince = this.now
    }
  }

  /** @param id of one that is back; else it is a new one */
  settle(born: Millis, id?: string): Peer {
    const number = this.#numbers++
    const random = this.random.fork()
    const key = id === undefined ? random.bits() : keyOf(id)
    const place = this.latency.place(key, random)
    // Names of sessions begin with the time of the start, as they do in reality.
    const session = `${Math.floor(this.now).toString(36).padStart(8, '0')}${number.toString(36)}`
    const own = id ?? `${key.toString(36).padStart(7, '0')}-${number.toString(36)}`
    const { now, config } = this
    const evidence = this.#candidates
    const peer = new Peer({ number, id: own, session, place, born, came: now, random, config, evidence })
    peer.index = this.peers.push(peer) - 1
    this.byId.set(own, peer)
    this.#candidates.came(peer)
    return peer
  }

  /** It is not there any more. */
  remove(peer: Peer): void {
    peer.alive = false
    const last = this.peers.pop()
    if (last !== undefined && last !== peer) {
      this.peers[peer.index] = last
      last.index = peer.index
    }
    if (this.byId.get(peer.id) === peer) this.byId.delete(peer.id)
  }

  writersOf(owner: string): readonly Peer[] {
    return this.ledger.states.get(owner)?.writers ?? NOBODY
  }

  sample(to: Sketch, value: number): void {
    add(to, Math.max(0, value))
  }

  /** How much a peer sent in a second of its life, if that was long enough to say. */
  weigh(peer: Peer, to: Sketch): void {
    const life = this.now - Math.max(peer.came, this.#since)
    if (life >= LONG_ENOUGH) add(to, peer.bytes / (life / 1_000))
  }

  /** Gives a machine an input; if it stands still, when it goes on. */
  give(peer: Peer, input: Input): void {
    if (!peer.alive) return
    if (peer.pause !== undefined) peer.pause.waiting.push(input)
    else this.#handle(peer, input)
  }

  /** It hears of those that it is linked to, where that matters to it. */
  introduce(peer: Peer): void {
    for (const other of peer.links) if (other.reaches(peer)) this.linked(peer, other)
  }

  linked(peer: Peer, other: Peer): void {
    // Who were never apart have each other in mind only if they are linked.
    const apart = peer.apart || other.apart
    const matters = peer.wanting || (apart && peer.machine.duties.concern(other.id))
    if (matters) this.give(peer, { type: 'linked', peer: other.id })
  }

  unlinked(peer: Peer, other: Peer): void {
    if (peer.machine.duties.miss(other.id)) this.give(peer, { type: 'closed', peer: other.id })
  }

  #handle(peer: Peer, input: Input): void {
    this.note(peer.number, input.type === 'message' ? input.message.type.length : input.type.length + 32)
    for (const output of peer.machine.handle(input, this.now)) this.#perform(peer, output)
    peer.wanting = peer.machine.duties.wanting
    this.#schedule(peer)
  }

  note(one: number, other: number): void {
    const moment = (this.now * 1_024) >>> 0
    this.#hash = Math.imul(
      Math.imul(Math.imul(this.#hash ^ moment, 0x01000193) ^ one, 0x01000193) ^ other,
      0x01000193,
    )
  }

  #schedule(peer: Peer): void {
    const deadline = peer.machine.nextDeadline()
    if (deadline === undefined) return
    const due = Math.min(Math.max(Math.ceil(deadline), this.now), this.now + FAR)
    peer.alarm ??= new Alarm(peer, this.#tick)
    if (peer.alarm.set(due)) this.#queue.put(due, peer.alarm)
  }

  readonly #tick = (peer: Peer): void => {
    if (!peer.alive) return
    const deadline = peer.machine.nextDeadline()
    if (deadline === undefined) return
    // It was put off meanwhile.
    if (deadline > this.now) this.#schedule(peer)
    else if (!peer.frozen) this.give(peer, { type: 'tick' })
  }

  /** It goes on: what came meanwhile, then what was due. */
  thaw(peer: Peer): void {
    const { unheard = [], waiting = [] } = peer.pause ?? {}
    peer.pause = undefined
    this.give(peer, { type: 'woke' })
    for (const other of unheard) this.silence.begin(peer, other)
    for (const input of waiting) this.give(peer, input)
    if (peer.alive && (peer.machine.nextDeadline() ?? Number.POSITIVE_INFINITY) <= this.now) {
      this.give(peer, { type: 'tick' })
    } else this.#schedule(peer)
  }

  #perform(peer: Peer, output: Output): void {
    switch (output.type) {
      case 'send':
        return this.#send(peer, output.to, output.message)
      case 'persist':
        return this.ledger.keeps(peer, output.owner, output.entries)
      case 'dropped':
        this.ledger.drops(peer, output.owner)
        this.silence.moved(peer, output.owner)
        return this.onChanged(peer, output)
      case 'seek':
        return this.onChanged(peer, output)
      case 'backed':
        return this.ledger.backed(peer.id, output.upTo)
      case 'changed':
        this.ledger.plays(peer, output.owner, output.part)
        if (output.part === 'holding') this.silence.moved(peer, output.owner)
        return this.onChanged(peer, output)
      default:
        return
    }
  }

  #send(from: Peer, id: string, message: Message): void {
    const bytes = this.#traffic.charge(from, message)
    const to = this.byId.get(id)
    // To somebody who is not there it goes nowhere.
    if (to === undefined || to === from || !from.reaches(to)) return
    // Whoever stands still makes no handshake: nothing comes to it but by a link that there is still.
    if (to.frozen && !from.links.includes(to)) return
    let delay = this.latency.delay(from.place, to.place, from.random)
    // A link is made first: the handshake of WebRTC, over others, takes about three round trips.
    const opens = this.web.open(from, to)
    if (opens) delay += 3 * this.latency.roundTrip(from.place, to.place)
    if (message.type === 'delta' && message.entries.length > 0) {
      delay += (bytes / this.scenario.bandwidth) * 1_000
    }
    const at = this.streams.send(from, to, this.now + Math.round(delay))
    this.#queue.put(at, new Delivery(this.#arrive, from, to, { message, opens }))
  }

  readonly #arrive = ({ from, to, message, opens }: Delivery): void => {
    this.streams.arrived(from, to, this.now)
    if (!from.reaches(to)) return
    if (opens) this.linked(from, to)
    if (opens) this.linked(to, from)
    this.give(to, { type: 'message', from: from.id, message })
    this.silence.heard(to, from)
  }
}

/** Of a peer's name, which begins with it. */
function keyOf(id: string): number {
  return Number.parseInt(id.slice(0, 7), 36) >>> 0
}
