/**
 * Contingency: drives the contingency machine. It gives the machine links, messages and own writes, and performs
 * its outputs: what is to be kept is kept before what is sent after it, and what is sent is signed.
 */
import type { Connection, Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import {
  type Candidate,
  type Config,
  defaultConfig,
  type Input,
  Machine,
  type Message,
  type Output,
} from '#protocols/contingency/index'
import { unreachable } from '#protocols/machine'
import type { Entry, StoreFault, Version } from '#protocols/state/index'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import { isDirect, type Links } from '../link/links.ts'
import type { PeerId } from '../peer-id.ts'
import type { Fact, Keep } from '../state/keep.ts'
import { isGenuine } from '../state/seal.ts'
import { type Port, superseded } from '../state/state.ts'
import { Post, type Route } from './post.ts'
import { hasGenuineChain, signed } from './right.ts'

export interface ContingencyInit {
  libp2p: Libp2p
  links: Links
  key: Ed25519PrivateKey
  keep: Keep
  config?: Partial<Config>
  clock?: Clock
  /** Whether that is a bootstrap, which holds nobody's state. */
  isEntrance: (peer: PeerId) => boolean
  /** Something that `view` tells has changed. */
  onChange: () => void
}

/** Who holds us, whom we hold, and what would be lost. */
export interface ContingencyView {
  /** In rank order; `warm` has a copy. */
  readonly holders: readonly { peer: PeerId; warm: boolean }[]
  readonly holding: readonly { owner: PeerId; standingIn: boolean }[]
  /** Own entries that nobody else has yet. */
  readonly unbacked: number
  /** This peer runs on another device too, which writes its state: this one has to be started again to go on. */
  readonly superseded: boolean
}

export class Contingency implements Port {
  readonly #init: ContingencyInit
  readonly #self: PeerId
  readonly #machine: Machine
  readonly #drive: Drive<Input>
  readonly #post: Post
  readonly #session: string
  /** What is being kept and sent, in order. */
  #tail: Promise<void> = Promise.resolve()
  /** Owners whose copies could not be kept: nothing is acknowledged for them. */
  readonly #broken = new Set<PeerId>()
  readonly #backed = new Map<PeerId, number>()
  readonly #met = new Map<PeerId, number>()
  readonly #listeners = new Set<(merged: readonly Entry[]) => void>()
  readonly #opened = (event: CustomEvent<Connection>) => this.#linked(event.detail)
  readonly #closed = (event: CustomEvent<Connection>) => this.#unlinked(event.detail)
  #writes = 0
  #rejected = 0
  #stopped = false
  /** Messages that were not believed, or were none. */
  nonsense = 0

  constructor(init: ContingencyInit) {
    const { libp2p, links, config, clock = systemClock, keep } = init
    this.#init = init
    this.#self = libp2p.peerId.toString()
    this.#session = `${keep.kept.session}-${crypto.randomUUID().slice(0, 8)}`
    const self = this.#self
    this.#machine = new Machine({ self, session: this.#session, config: { ...defaultConfig, ...config } })
    this.#drive = drive({ machine: this.#machine, clock, perform: (output) => this.#perform(output) })
    this.#post = new Post({
      libp2p,
      links,
      check: (message) => believable(message),
      onMessage: (from, message) => this.#drive.give({ type: 'message', from, message }),
      onNonsense: () => {
        this.nonsense += 1
      },
    })
  }

  get view(): ContingencyView {
    const store = this.#machine.duty(this.#self)?.store
    const safe = Math.max(0, ...this.#backed.values())
    return {
      holders: this.#machine.holders().map(({ id: peer, warm }) => ({ peer, warm })),
      holding: this.#machine.holding.map((owner) => {
        return { owner, standingIn: this.#machine.duty(owner)?.isStandIn ?? false }
      }),
      unbacked: store?.since(safe).length ?? 0,
      superseded: this.superseded,
    }
  }

  get superseded(): boolean {
    return this.#machine.duty(this.#self)?.part === 'superseded'
  }

  /** Takes up what was kept, and looks for who holds it. */
  async start(): Promise<void> {
    const { libp2p, keep } = this.#init
    await this.#post.start()
    libp2p.addEventListener('connection:open', this.#opened)
    libp2p.addEventListener('connection:close', this.#closed)
    const { own, n, known, copies } = keep.kept
    // What the disk changed is not ours any more: it is left out, and holders give it back.
    this.#drive.give({ type: 'start', entries: await genuine(this.#self, own), n, known })
    for (const [owner, copy] of copies) {
      const entries = await genuine(owner, copy.entries)
      this.#drive.give({ type: 'restore', owner, ...copy, entries })
    }
    for (const connection of libp2p.getConnections()) this.#linked(connection)
  }

  /** There is a way again to reach others. */
  reachable(): void {
    this.#post.retry()
  }

  /** Says goodbye in a few bytes, and stops. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.leave()
    this.#drive.stop()
    await this.#tail
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

  // The port of `node.state`.

  async write(seal: (version: Version) => Promise<readonly Entry[]>): Promise<Version> {
    while (true) {
      if (this.#stopped) throw new ColoniaError('stopped', 'the node was stopped')
      if (this.superseded) throw superseded()
      const version = this.#machine.next
      if (version === undefined) throw new ColoniaError('stopped', 'the node has not started')
      const entries = await seal(version)
      const fault = this.#machine.duty(this.#self)?.store.refuses(entries)
      if (fault !== undefined) throw refusal(fault)
      // Something was merged while it was being sealed and took its number.
      if (this.#machine.next?.n !== version.n) continue
      // Kept before it is merged: a full disk refuses the write and changes nothing.
      await this.#init.keep.write([{ type: 'entries', owner: this.#self, entries }])
      this.#writes += 1
      this.#drive.give({ type: 'write', id: this.#writes, entries })
      // Another device took over meanwhile: it is kept here, and merges when this one is started again.
      if (this.superseded) return version
      // Something was merged meanwhile that took our number: another one, over what was just kept.
      if (this.#rejected === this.#writes) continue
      this.#init.onChange()
      return version
    }
  }

  entries(): Iterable<Entry> {
    return this.#machine.duty(this.#self)?.store.all() ?? this.#init.keep.kept.own
  }

  backed(n: number): readonly PeerId[] {
    return [...this.#backed].filter(([, upTo]) => upTo >= n).map(([peer]) => peer)
  }

  onChange(callback: (merged: readonly Entry[]) => void): () => void {
    this.#listeners.add(callback)
    return () => this.#listeners.delete(callback)
  }

  #perform(output: Output): void {
    switch (output.type) {
      case 'send': {
        const route = this.#post.routeTo(output.to)
        return this.#then(() => this.#send(route, output.message))
      }
      case 'persist': {
        const { owner, entries } = output
        if (owner === this.#self) for (const listener of this.#listeners) listener(entries)
        return this.#then(() => this.#keep(owner, { type: 'entries', owner, entries }))
      }
      case 'dropped':
        return this.#then(() => this.#keep(output.owner, output))
      case 'backed':
        this.#backed.set(output.holder, output.upTo)
        for (const listener of this.#listeners) listener([])
        return this.#init.onChange()
      case 'changed':
        return this.#changed(output)
      case 'rejected':
        this.#rejected = output.id
        return
      // What another device wrote later is in `persist`; a watch shows it.
      case 'overruled':
      case 'written':
        return
      default:
        return unreachable(output)
    }
  }

  #changed({ owner, part, epoch, roster, chain }: Extract<Output, { type: 'changed' }>): void {
    this.#then(() => this.#keep(owner, { type: 'duty', owner, epoch, chain }))
    if (owner === this.#self) {
      for (const peer of this.#backed.keys()) if (!roster.includes(peer)) this.#backed.delete(peer)
      if (part === 'superseded') this.#fallSilent()
      if (roster.length > 0) this.#then(() => this.#keep(owner, { type: 'known', peers: roster }))
    }
    this.#init.onChange()
  }

  /** Two devices that both speak as one peer confuse everyone: the older one holds its tongue, for others too. */
  #fallSilent(): void {
    this.#drive.stop()
    // Who waits for a holder must hear that none will come.
    for (const listener of this.#listeners) listener([])
  }

  #then(act: () => Promise<void>): void {
    this.#tail = this.#tail.then(act)
  }

  async #keep(owner: PeerId, fact: Fact): Promise<void> {
    await this.#init.keep.write([fact]).catch(() => this.#broken.add(owner))
  }

  async #send(route: Route, message: Message): Promise<void> {
    const acknowledges = message.type === 'stored' || message.type === 'accept'
    if (acknowledges && this.#broken.has(message.owner)) return
    this.#post.send(route, await signed(message, this.#init.key, Date.now()))
  }

  #linked(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    if (!isDirect(connection) || this.#init.isEntrance(peer)) return
    if (!this.#met.has(peer)) this.#met.set(peer, Date.now())
    this.#offer()
  }

  #unlinked(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    const left = this.#init.links.get(peer)
    if (!isDirect(connection) || (left !== undefined && isDirect(left))) return
    this.#met.delete(peer)
    this.#post.forget(peer)
    this.#drive.give({ type: 'closed', peer })
    this.#offer()
  }

  /** Who could be appointed: peers that are linked and speak of contingency. */
  #offer(): void {
    const { links } = this.#init
    const candidates = [...this.#met].flatMap(([id, since]): Candidate[] => {
      const connection = links.get(id)
      if (connection === undefined || !isDirect(connection)) return []
      return [{ id, up: Date.now() - since, load: 0, rtt: connection.rtt ?? 0 }]
    })
    this.#drive.give({ type: 'candidates', candidates })
  }
}

/** Those that the owner signed, or that lie in the inbox. */
async function genuine(owner: PeerId, entries: readonly Entry[]): Promise<Entry[]> {
  const verdicts = await Promise.all(entries.map((entry) => isGenuine(owner, entry)))
  return entries.filter((_, index) => verdicts[index])
}

/** Signed where it must be: rights by who gives them, entries by their owner. */
async function believable(message: Message): Promise<boolean> {
  if (!(await hasGenuineChain(message, Date.now()))) return false
  if (message.type !== 'delta') return true
  return (await genuine(message.owner, message.entries)).length === message.entries.length
}

function refusal(fault: StoreFault): ColoniaError {
  if (fault === 'record-too-large') return new ColoniaError('record-too-large', 'a record has at most 64 KiB')
  return new ColoniaError('state-full', 'the state is full: 1 MiB, or 4096 records')
}
