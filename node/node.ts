/**
 * A peer: entrances, links and calls around one libp2p node. This file only joins them and speaks to the
 * developer; each part's behaviour is its own file's.
 */
import { type AbortOptions, type Connection, TypedEventEmitter } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { platform } from '#platform'
import { defaultConfig as contingencyConfig } from '#protocols/contingency/index'
import {
  type Input as LinksInput,
  Machine as LinksMachine,
  defaultConfig as linksConfig,
} from '#protocols/links/index'
import type {
  Call,
  CallOptions,
  ColoniaNode,
  Entrance,
  Link,
  NodeEvents,
  NodeOptions,
  PeerId,
} from './api.ts'
import { Calls } from './call/calls.ts'
import { Contingency, type ContingencyView } from './contingency/contingency.ts'
import { type Drive, drive } from './driver.ts'
import { Entrances } from './entrance/entrances.ts'
import { ColoniaError } from './errors.ts'
import { createPeerLibp2p, type PeerLibp2p } from './libp2p.ts'
import { mendInitChannel } from './link/init-channel.ts'
import { isDirect, Links } from './link/links.ts'
import { MAX_LINKS, verifyOptions } from './options.ts'
import type { Identity } from './platform/platform.ts'
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
  readonly #linking: Drive<LinksInput<PeerId>>
  readonly #calls: Calls
  readonly #contingency: Contingency
  #state: State | undefined
  readonly #keep: Keep
  readonly #cleanup: (() => void)[] = []
  readonly #ice: () => readonly RTCIceServer[]
  #stopping: Promise<void> | undefined

  static async create(options: NodeOptions, identity: Identity): Promise<Peer> {
    const own = options.iceServers ?? []
    let ice: () => readonly RTCIceServer[] = () => own
    // Twice the most links: the rest are handshakes, and entrances.
    const maxConnections = 2 * MAX_LINKS
    const key = identity.key
    const opening = platform.openStorage(options.identity, identity)
    const [parts, keep, seal] = await Promise.all([
      createPeerLibp2p({ privateKey: key, iceServers: () => ice(), maxConnections }),
      opening.then((storage) => Keep.open(storage, key.publicKey.toString())),
      Seal.of(key),
    ])
    const peer = new Peer(options, identity, parts, own, keep)
    ice = peer.#ice
    await parts.libp2p.start()
    await peer.#calls.start()
    await peer.#contingency.start()
    peer.#state = await State.open(seal, peer.#contingency)
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
    const linksMachine = new LinksMachine<PeerId>({ ...linksConfig, target })
    this.#entrances = new Entrances({
      libp2p,
      transports,
      urls: options.bootstraps ?? platform.defaultBootstraps(),
      onChange: (detail) => {
        if (detail.state === 'connected') this.#contingency.reachable()
        this.safeDispatchEvent('entrance', { detail })
      },
      onIntroduced: (peers) => this.#linking.give({ type: 'introduced', peers }),
      wanting: () => linksMachine.wanting,
    })
    this.#ice = () => [...this.#entrances.iceServers.map(cleanIce), ...ownIce]
    this.#links = new Links({ libp2p, transports, entrances: () => this.#entrances.addresses })
    this.#linking = drive({
      machine: linksMachine,
      perform: ({ peer }) => void this.#dial(peer),
    })
    this.#calls = new Calls({
      libp2p,
      links: this.#links,
      name: () => this.name || undefined,
      iceServers: this.#ice,
      onIncoming: (detail) => this.safeDispatchEvent('call', { detail }),
    })
    this.#keep = keep
    this.#contingency = new Contingency({
      libp2p,
      links: this.#links,
      key: identity.key,
      keep,
      config: {
        copies: options.contingents ?? contingencyConfig.copies,
        capacity: options.capacity ?? contingencyConfig.capacity,
      },
      isEntrance: (peer) => this.#entrances.has(peer),
      onChange: () => {
        // Newcomers are led to the other device; a call in this one goes on.
        if (this.#contingency.superseded) this.#entrances.stop()
        this.safeDispatchEvent('contingency', { detail: this.contingency })
      },
    })
    this.#watch()
  }

  get state(): State {
    // It is set before anyone gets hold of the peer.
    return this.#state as State
  }

  get contingency(): ContingencyView {
    return this.#contingency.view
  }

  get entrances(): readonly Entrance[] {
    return this.#entrances.views
  }

  get links(): readonly Link[] {
    const peers = new Set(this.#parts.libp2p.getConnections().map(({ remotePeer }) => remotePeer.toString()))
    const open = [...peers]
      .map((peer) => this.#links.get(peer))
      .filter((connection) => connection !== undefined)
    return open.filter((connection) => !this.#entrances.has(connection.remotePeer.toString())).map(viewOf)
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

  onIncomingCall(handler: (call: Call) => void): () => void {
    const listener = ({ detail }: CustomEvent<Call>) => handler(detail)
    this.addEventListener('call', listener)
    return () => this.removeEventListener('call', listener)
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    for (const clean of this.#cleanup) clean()
    await this.#calls.stop()
    await this.#state?.stop()
    await this.#contingency.stop()
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
    try {
      peerIdFromString(peer)
    } catch (cause) {
      throw new ColoniaError('bad-peer-id', `${JSON.stringify(peer.slice(0, 80))} is not a PeerID`, { cause })
    }
  }

  #watch(): void {
    const { libp2p } = this.#parts
    libp2p.addEventListener('connection:open', ({ detail: connection }) => {
      if (this.#entrances.has(connection.remotePeer.toString())) return
      if (isDirect(connection)) this.#linking.give({ type: 'linked', peer: connection.remotePeer.toString() })
      this.safeDispatchEvent('link', { detail: viewOf(connection) })
    })
    libp2p.addEventListener('connection:close', ({ detail: connection }) => {
      const peer = connection.remotePeer.toString()
      if (this.#entrances.has(connection.remotePeer.toString())) return
      const left = this.#links.get(peer)
      if (isDirect(connection) && (left === undefined || !isDirect(left))) {
        this.#linking.give({ type: 'unlinked', peer })
      }
      if (left === undefined) this.safeDispatchEvent('unlink', { detail: peer })
    })
    this.#cleanup.push(
      platform.onGoodbye(() => {
        this.#calls.hangUp()
        this.#contingency.leave()
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

  async #dial(peer: PeerId): Promise<void> {
    // Success is seen as `connection:open`.
    await this.#links.link(peer).catch(() => this.#linking.give({ type: 'dial-failed', peer }))
  }
}

function viewOf(connection: Connection): Link {
  const { remotePeer, timeline, rtt } = connection
  const rounded = rtt === undefined ? {} : { rtt: Math.round(rtt) }
  return { peer: remotePeer.toString(), direct: isDirect(connection), since: timeline.open, ...rounded }
}

function cleanIce({
  urls,
  username,
  credential,
}: {
  urls: string[]
  username?: string | undefined
  credential?: string | undefined
}): RTCIceServer {
  return {
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }
}
