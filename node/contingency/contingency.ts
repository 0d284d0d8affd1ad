/**
 * Contingency: drives the contingency machine. It gives the machine links, messages and own writes, and performs
 * its outputs: what is to be kept is kept before what is sent after it, and what is sent is signed.
 */
import type { Connection, Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import {
  type Config,
  defaultConfig,
  type Epoch,
  type Input,
  Machine,
  type Message,
  type Output,
  type Part,
} from '#protocols/contingency/index'
import { unreachable } from '#protocols/machine'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import type { Answer, Question } from '../letters/inquiry.ts'
import { isDirect, type Links } from '../link/links.ts'
import type { PeerId } from '../peer-id.ts'
import type { Fact, Keep } from '../state/keep.ts'
import type { Surroundings } from '../surroundings.ts'
import { Allowances } from './allowance.ts'
import { Belief } from './belief.ts'
import { Order } from './order.ts'
import { OwnState } from './own-state.ts'
import { Post, type Route } from './post.ts'
import { genuineOf, nothingRefused, type Refused } from './refusal.ts'
import { isToSign, signed } from './right.ts'
import { Standing } from './standing.ts'

/** How often one peer may ask, or leave a message: a person who looks in now and then is far below (guess). */
const STRANGERS = { burst: 16, perSecond: 1 }

export interface ContingencyInit {
  libp2p: Libp2p
  links: Links
  key: Ed25519PrivateKey
  keep: Keep
  config?: Partial<Config>
  clock?: Clock
  trace?: Surroundings['trace'] | undefined
  /** Whether that is a bootstrap, which holds nobody's state. */
  isEntrance: (peer: PeerId) => boolean
  /** Something that `view` tells has changed. */
  onChange: () => void
  /** Somebody answers what we asked about another owner. */
  onAnswer?: (from: PeerId, answer: Answer) => void
  /** What this peer is to an owner's state has changed, or who writes it is in doubt. */
  onDuty?: (change: Extract<Output, { type: 'changed' | 'dropped' | 'seek' }>) => void
}

/** Who holds us, whom we hold, and what would be lost. */
export interface ContingencyView {
  /** In rank order; `warm` has a copy, and `lacks` so many of the own entries yet. */
  readonly holders: readonly { peer: PeerId; warm: boolean; lacks: number }[]
  readonly holding: readonly { owner: PeerId; standingIn: boolean }[]
  /** Own entries that nobody else has yet. */
  readonly unbacked: number
  /** What others said and this peer did not take in, counted by reason since it started. */
  readonly refused: Refused
  /** This peer runs on another device too, which writes its state: this one has to be started again to go on. */
  readonly superseded: boolean
}

export class Contingency {
  readonly own: OwnState
  readonly #init: ContingencyInit
  readonly #self: PeerId
  readonly #machine: Machine
  readonly #drive: Drive<Input>
  readonly #post: Post
  readonly #session: string
  /** What is being kept and sent, in order. */
  readonly #order = new Order()
  /** Owners whose copies could not be kept: nothing is acknowledged for them. */
  readonly #broken = new Set<PeerId>()
  readonly #standing: Standing
  readonly #opened = (event: CustomEvent<Connection>) => this.#linked(event.detail)
  readonly #closed = (event: CustomEvent<Connection>) => this.#unlinked(event.detail)
  #stopped = false
  readonly #refused = nothingRefused()
  readonly #strangers = new Allowances(STRANGERS)

  constructor(init: ContingencyInit) {
    const { libp2p, links, config, clock = systemClock, keep, trace } = init
    this.#init = init
    this.#self = libp2p.peerId.toString()
    // Of two devices of one owner the later goes on, so a session's name begins with the time of its start.
    const started = Date.now().toString(36).padStart(9, '0')
    this.#session = `${started}-${crypto.randomUUID().slice(0, 8)}`
    const self = this.#self
    const whole = { ...defaultConfig, ...config }
    this.#machine = new Machine({ self, session: this.#session, config: whole })
    this.#drive = drive({
      machine: this.#machine,
      clock,
      perform: (output) => this.#perform(output),
      ...(trace && { trace }),
    })
    const give = (input: Input) => this.#drive.give(input)
    this.own = new OwnState({ self, machine: this.#machine, keep, give, onChange: init.onChange })
    const belief = new Belief(self, (owner) => this.#machine.duty(owner))
    this.#post = new Post({
      libp2p,
      links,
      refusal: (from, message) => belief.refusal(from, message, Date.now()),
      onMessage: (from, message) => this.#take(from, message),
      onStatus: (from, status) => {
        this.#standing.hear(from, status)
        this.#offer()
      },
      onRefused: (refusal) => {
        this.#refused[refusal] += 1
      },
    })
    const say = this.#post.send.bind(this.#post)
    this.#standing = new Standing({ libp2p, links, machine: this.#machine, config: whole, clock, say })
  }

  get view(): ContingencyView {
    return {
      holders: this.#machine.holders().map(({ id: peer, warm }) => {
        return { peer, warm, lacks: this.own.lackedBy(peer) }
      }),
      holding: this.#machine.holding.map((owner) => {
        return { owner, standingIn: this.#machine.duty(owner)?.isStandIn ?? false }
      }),
      unbacked: this.own.unbacked,
      refused: { ...this.#refused },
      superseded: this.own.superseded,
    }
  }

  /** Takes up what was kept, and looks for who holds it. */
  async start(): Promise<void> {
    const { libp2p, keep } = this.#init
    await this.#post.start()
    libp2p.addEventListener('connection:open', this.#opened)
    libp2p.addEventListener('connection:close', this.#closed)
    const { own, n, known, copies } = keep.kept
    // What the disk changed is not ours any more: it is left out, and holders give it back.
    this.#drive.give({ type: 'start', entries: await genuineOf(this.#self, own), n, known })
    for (const [owner, copy] of copies) {
      const entries = await genuineOf(owner, copy.entries)
      this.#drive.give({ type: 'restore', owner, ...copy, entries })
    }
    for (const connection of libp2p.getConnections()) this.#linked(connection)
  }

  /** This peer's part in that owner's state, if it has one. */
  duty(owner: PeerId): { part: Part; epoch: Epoch } | undefined {
    return this.#machine.duty(owner)
  }

  /** Whether that peer holds for us, or we for it. */
  needs(peer: PeerId): boolean {
    return this.#standing.needs(peer)
  }

  /** Somebody to ask about a state in which this peer has a part. */
  hint(hint: { owner: PeerId; peer: PeerId; epoch?: Epoch }): void {
    this.#drive.give({ type: 'hint', ...hint })
  }

  /** There is a way again to reach others. */
  reachable(): void {
    this.#post.retry()
  }

  /** A question about another owner, which we may hold ourselves; `onAnswer` brings what comes of it. */
  ask(to: PeerId, question: Question): void {
    if (to === this.#self) this.#drive.give({ type: 'message', from: to, message: question })
    else this.#post.send(to, question)
  }

  /** Says goodbye in a few bytes, and stops. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.own.stop()
    this.leave()
    this.#drive.stop()
    await this.#order.done()
    const { libp2p } = this.#init
    libp2p.removeEventListener('connection:open', this.#opened)
    libp2p.removeEventListener('connection:close', this.#closed)
    await this.#post.stop()
  }

  /** Goodbye. Nothing depends on its arriving. */
  leave(): void {
    this.#drive.give({ type: 'leave' })
  }

  /** Back from a goodbye that was none. */
  resume(): void {
    this.#drive.give({ type: 'resume' })
  }

  #take(from: PeerId, message: Message): void {
    if (message.type === 'tell' || message.type === 'deposited') return this.#init.onAnswer?.(from, message)
    const strange = message.type === 'ask' || message.type === 'deposit'
    if (strange && !this.#strangers.spend(from, 1, performance.now())) this.#refused.flood += 1
    else this.#drive.give({ type: 'message', from, message })
  }

  #perform(output: Output): void {
    switch (output.type) {
      case 'send': {
        // Now, because the one that has just spoken is who is answered.
        const route = this.#post.routeTo(output.to)
        return this.#order.add(() => this.#send(route, output.message))
      }
      case 'persist': {
        const { owner, entries } = output
        const fresh = owner === this.#self ? this.own.merged(entries) : entries
        if (owner !== this.#self) this.#standing.changed()
        if (fresh.length === 0) return
        return this.#order.add(() => this.#keep(owner, { type: 'entries', owner, entries: fresh }))
      }
      case 'dropped':
        this.#broken.delete(output.owner)
        this.#standing.changed()
        this.#init.onDuty?.(output)
        return this.#order.add(() => this.#keep(output.owner, output))
      case 'backed':
        this.own.hasBacked(output.holder, output.upTo)
        return this.#init.onChange()
      case 'seek':
        return this.#init.onDuty?.(output)
      case 'changed':
        this.#init.onDuty?.(output)
        return this.#changed(output)
      case 'rejected':
        return this.own.rejected(output.id)
      // What another device wrote later is in `persist`; a watch shows it.
      case 'overruled':
      case 'written':
        return
      default:
        return unreachable(output)
    }
  }

  #changed({ owner, part, epoch, roster, chain }: Extract<Output, { type: 'changed' }>): void {
    this.#order.add(() => this.#keep(owner, { type: 'duty', owner, epoch, chain }))
    if (owner === this.#self) {
      this.own.held(roster)
      // Two devices that both speak as one peer confuse everyone: the older one is silent, for others too.
      if (part === 'superseded') this.#drive.stop()
      if (roster.length > 0) this.#order.add(() => this.#keep(owner, { type: 'known', peers: roster }))
    }
    this.#standing.changed()
    this.#init.onChange()
  }

  async #keep(owner: PeerId, fact: Fact): Promise<void> {
    try {
      await this.#init.keep.write([fact])
    } catch {
      if (this.#broken.has(owner)) return
      this.#broken.add(owner)
      // A holder that cannot keep is none: somebody else should. What it has in memory it gives until then.
      this.#drive.give({ type: 'resign', owner })
    }
  }

  #send(route: Route, message: Message): Promise<void> | undefined {
    const acknowledges = ['stored', 'accept', 'deposited'].includes(message.type)
    if (acknowledges && this.#broken.has(message.owner)) return undefined
    if (route.to === this.#self) return void this.#take(route.to, message)
    if (message.type === 'refuse' && message.reason === 'full') this.#refused.full += 1
    if (!isToSign(message, this.#self)) return void this.#post.sendOn(route, message)
    return signed(message, this.#init.key, Date.now()).then((proven) => this.#post.sendOn(route, proven))
  }

  #linked(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    if (!isDirect(connection) || this.#init.isEntrance(peer)) return
    this.#standing.linked(peer)
    this.#post.renew(peer)
    this.#offer()
  }

  #unlinked(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const left = this.#init.links.get(peer)
    if (!isDirect(connection) || (left !== undefined && isDirect(left))) return
    this.#standing.unlinked(peer)
    this.#post.forget(peer)
    this.#drive.give({ type: 'closed', peer })
    this.#offer()
  }

  #offer(): void {
    this.#drive.give({ type: 'candidates', candidates: this.#standing.candidates })
  }
}
