/**
 * A peer: entrances, links and calls around one libp2p node. This file only joins them and speaks to the
 * developer; each part's behaviour is its own file's.
 */
import { type AbortOptions, TypedEventEmitter } from '@libp2p/interface'
import { platform } from '#platform'
import { defaultConfig as contingencyConfig } from '#protocols/contingency/index'
import { defaultConfig as linksConfig } from '#protocols/links/index'
import type {
  Call,
  CallOptions,
  ColoniaNode,
  Entrance,
  Link,
  NodeEvents,
  NodeOptions,
  PeerId,
  Resumption,
  StopOptions,
} from './api.ts'
import { Calls } from './call/calls.ts'
import { Seat } from './call/seat.ts'
import { Contingency, type ContingencyView } from './contingency/contingency.ts'
import { Entrances } from './entrance/entrances.ts'
import { cleanIce } from './entrance/ice.ts'
import { ColoniaError } from './errors.ts'
import { holdersOf } from './letters/holders.ts'
import { Inbox } from './letters/inbox.ts'
import { type LeaveOptions, Letters, type Presence } from './letters/letters.ts'
import { createPeerLibp2p, type PeerLibp2p } from './libp2p.ts'
import { mendInitChannel } from './link/init-channel.ts'
import { Linking, viewOf } from './link/linking.ts'
import { Links } from './link/links.ts'
import { verifyOptions } from './options.ts'
import { checkPeerId } from './peer-id.ts'
import type { Identity } from './platform/platform.ts'
import { linkFor } from './registration/errand.ts'
import { Registry } from './registration/registry.ts'
import { Keep } from './state/keep.ts'
import { Seal } from './state/seal.ts'
import { State } from './state/state.ts'

/**
 * Starts a peer. Resolves once it runs, which is before it is connected to anything: watch `entrances`.
 * @throws ColoniaError `bad-options`, `bad-identity`
 */
export async function createNode(options: NodeOptions = {}): Promise<ColoniaNode> {
  const checked = verifyOptions(options)
  checked.signal?.throwIfAborted()
  const [identity, connections] = await Promise.all([
    platform.openIdentity(checked.identity),
    platform.peerConnectionClass(),
  ])
  if (connections !== undefined) mendInitChannel(connections)
  const node = await Peer.create(checked, identity)
  checked.signal?.addEventListener('abort', () => void node.stop(), { once: true })
  return node
}

class Peer extends TypedEventEmitter<NodeEvents> implements ColoniaNode {
  readonly id: PeerId
  readonly slot: number
  name: string
  readonly #parts: PeerLibp2p
  readonly #identity: Identity
  readonly #entrances: Entrances
  readonly #links: Links
  readonly #linking: Linking
  readonly #calls: Calls
  readonly #contingency: Contingency
  readonly #letters: Letters
  /** Who writes whose state, for the other parts; not of the public type. */
  readonly registry: Registry
  #state: State | undefined
  #inbox: Inbox | undefined
  #seat: Seat | undefined
  readonly #keep: Keep
  readonly #cleanup: (() => void)[] = []
  readonly #ice: () => readonly RTCIceServer[]
  #stopping: Promise<void> | undefined

  static async create(options: NodeOptions, identity: Identity): Promise<Peer> {
    const own = options.iceServers ?? []
    let ice: () => readonly RTCIceServer[] = () => own
    let link: ReturnType<typeof linkFor>
    const key = identity.key
    const opening = platform.openStorage(options.identity, identity)
    const [parts, keep, seal] = await Promise.all([
      createPeerLibp2p({
        privateKey: key,
        iceServers: () => ice(),
        link: (id, errand) => link(id, errand),
      }),
      opening.then((storage) => Keep.open(storage, key.publicKey.toString())),
      Seal.of(key),
    ])
    const peer = new Peer(options, identity, parts, own, keep)
    ice = peer.#ice
    link = linkFor(parts.libp2p, peer.#links, options.links ?? linksConfig.target)
    await parts.libp2p.start()
    await peer.#contingency.start()
    peer.#state = await State.open(seal, peer.#contingency.own)
    peer.#inbox = await Inbox.open({
      ...{ key, seal, port: peer.#contingency.own },
      onLetter: (detail) => peer.safeDispatchEvent('letter', { detail }),
    })
    // Before anyone can speak of a call of which it tells.
    peer.#seat = new Seat(peer.#state, peer.#calls, (detail) => {
      peer.safeDispatchEvent('resume', { detail })
    })
    peer.#seat.open()
    await peer.#calls.start()
    peer.#entrances.start()
    return peer
  }

  private constructor(
    options: NodeOptions,
    identity: Identity,
    parts: PeerLibp2p,
    ownIce: readonly RTCIceServer[],
    keep: Keep,
  ) {
    super()
    const { libp2p, transports } = parts
    this.#parts = parts
    this.#identity = identity
    this.id = libp2p.peerId.toString()
    this.slot = identity.slot
    this.name = options.name ?? ''
    const target = options.links ?? linksConfig.target
    this.#entrances = new Entrances({
      libp2p,
      transports,
      urls: options.bootstraps ?? platform.defaultBootstraps(),
      onChange: (detail) => {
        this.registry.relays(this.#entrances.addresses)
        if (detail.state === 'connected') {
          this.#contingency.reachable()
          this.#calls.reachable()
        }
        this.safeDispatchEvent('entrance', { detail })
      },
      onIntroduced: (peers) => this.#linking.introduced(peers),
      wanting: () => this.#linking.wanting,
    })
    this.#ice = () => [...this.#entrances.iceServers.map(cleanIce), ...ownIce]
    this.#links = new Links({ libp2p, transports, entrances: () => this.#entrances.addresses })
    const isEntrance = (peer: PeerId) => this.#entrances.has(peer)
    this.#linking = new Linking({
      ...{ libp2p, links: this.#links, target, isEntrance },
      onLink: (detail) => this.safeDispatchEvent('link', { detail }),
      onUnlink: (detail) => this.safeDispatchEvent('unlink', { detail }),
    })
    this.#calls = new Calls({
      libp2p,
      links: this.#links,
      name: () => this.name || undefined,
      iceServers: this.#ice,
      onIncoming: (detail) => this.safeDispatchEvent('call', { detail }),
      onChange: (call) => this.#seat?.follow(call),
    })
    this.#keep = keep
    this.#contingency = new Contingency({
      libp2p,
      links: this.#links,
      key: identity.key,
      keep,
      config: {
        copies: options.contingents ?? contingencyConfig.copies,
        capacity: options.capacity ?? platform.capacity,
      },
      isEntrance,
      onChange: () => {
        // Newcomers are led to the other device; a call in this one goes on.
        if (this.#contingency.own.superseded) this.#entrances.stop()
        this.safeDispatchEvent('contingency', { detail: this.contingency })
      },
      onAnswer: (from, answer) => this.#letters.hear(from, answer),
      onDuty: (change) => this.registry.changed(change),
    })
    this.registry = new Registry({ key: identity.key, dht: parts.dht, duties: this.#contingency })
    const known = {
      self: this.id,
      find: this.registry.find.bind(this.registry),
      links: () => this.links.flatMap(({ direct, peer }) => (direct ? peer : [])),
    }
    this.#letters = new Letters({
      key: identity.key,
      holdersOf: (owner, signal) => holdersOf(known, owner, signal),
      say: (to, question) => this.#contingency.ask(to, question),
    })
    this.#watch()
  }

  get state(): State {
    // It is set before anyone gets hold of the peer.
    return this.#state as State
  }

  get inbox(): Inbox {
    return this.#inbox as Inbox
  }

  get contingency(): ContingencyView {
    return this.#contingency.view
  }

  get entrances(): readonly Entrance[] {
    return this.#entrances.views
  }

  get links(): readonly Link[] {
    return this.#linking.views
  }

  get calls(): readonly Call[] {
    return this.#calls.all
  }

  async connect(peer: PeerId, options: AbortOptions = {}): Promise<Link> {
    this.#check(peer)
    return viewOf(await this.#links.link(peer, options))
  }

  call(peer: PeerId, options: CallOptions = {}): Call {
    this.#check(peer)
    return this.#calls.place(peer, options)
  }

  async presence(peer: PeerId, options: AbortOptions = {}): Promise<Presence> {
    this.#check(peer)
    return await this.#letters.presence(peer, options)
  }

  async leaveMessage(peer: PeerId, value: unknown, options: LeaveOptions = {}): Promise<{ kept: PeerId[] }> {
    this.#check(peer)
    return await this.#letters.leave(peer, value, options)
  }

  onIncomingCall(handler: (call: Call) => void): () => void {
    const listener = ({ detail }: CustomEvent<Call>) => handler(detail)
    this.addEventListener('call', listener)
    return () => this.removeEventListener('call', listener)
  }

  onResume(handler: (resumption: Resumption) => void): () => void {
    const listener = ({ detail }: CustomEvent<Resumption>) => handler(detail)
    this.addEventListener('resume', listener)
    if (this.#seat?.waiting !== undefined) handler(this.#seat.waiting)
    return () => this.removeEventListener('resume', listener)
  }

  stop({ away = false }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(away)
    return this.#stopping
  }

  async #stop(away: boolean): Promise<void> {
    for (const clean of this.#cleanup) clean()
    await this.#calls.stop(away)
    await this.#seat?.stop()
    await this.#inbox?.stop()
    await this.#state?.stop()
    await Promise.all([this.#contingency.stop(), this.registry.stop()])
    this.#linking.stop()
    this.#links.stop()
    this.#entrances.stop()
    await this.#parts.libp2p.stop()
    await this.#keep.close()
    this.#identity.release()
  }

  /** @throws ColoniaError `stopped`, `bad-peer-id` */
  #check(peer: PeerId): void {
    if (this.#stopping !== undefined) throw new ColoniaError('stopped', 'the node was stopped')
    if (peer === this.id) throw new ColoniaError('bad-peer-id', 'that PeerID is this peer itself')
    checkPeerId(peer)
  }

  #watch(): void {
    this.#cleanup.push(
      platform.onGoodbye(() => {
        this.#calls.leave()
        this.#contingency.leave()
        this.registry.leave()
      }),
      platform.onFreeze(() => this.#contingency.leave()),
      platform.onResume(() => {
        this.#contingency.resume()
        this.#entrances.hurry()
      }),
      platform.onNetworkChange(() => {
        this.#entrances.hurry()
        this.#calls.networkChanged()
      }),
    )
  }
}
