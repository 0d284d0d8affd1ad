/** A peer as a developer holds it: options are checked here, and what happens inside becomes events. */
import { type AbortOptions, TypedEventEmitter } from '@libp2p/interface'
import { platform } from '#platform'
import type {
  Call,
  CallOptions,
  ColoniaNode,
  Entrance,
  Finding,
  Invitation,
  InviteOptions,
  Link,
  MeshCounts,
  NodeEvents,
  NodeOptions,
  PeerId,
  Reply,
  Resumption,
  StopOptions,
} from './api.ts'
import type { ContingencyView } from './contingency/contingency.ts'
import { ColoniaError } from './errors.ts'
import type { Inbox } from './letters/inbox.ts'
import type { LeaveOptions, Presence } from './letters/letters.ts'
import { mendClosedChannels } from './link/closed-channels.ts'
import { mendDtlsRole } from './link/dtls-role.ts'
import { mendEarlyCandidates } from './link/early-candidates.ts'
import { mendInitChannel } from './link/init-channel.ts'
import { viewOf } from './link/linking.ts'
import { verifyOptions } from './options.ts'
import { Parts } from './parts.ts'
import { checkPeerId } from './peer-id.ts'
import type { Identity } from './platform/platform.ts'
import type { Registry } from './registration/registry.ts'
import type { State } from './state/state.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Starts a peer. Resolves once it runs, which is before it is connected to anything: watch `entrances`.
 * @throws ColoniaError `bad-options`, `bad-identity`
 */
export function createNode(options: NodeOptions = {}): Promise<ColoniaNode> {
  return createNodeIn({}, options)
}

/** The same in other surroundings than usual, for simulations; not of the public functions. */
export async function createNodeIn(surroundings: Surroundings, options: NodeOptions): Promise<ColoniaNode> {
  const checked = verifyOptions(options)
  checked.signal?.throwIfAborted()
  const [identity, connections] = await Promise.all([
    platform.openIdentity(checked.identity),
    platform.peerConnectionClass(),
  ])
  if (connections !== undefined) {
    mendInitChannel(connections)
    mendDtlsRole(connections)
    mendEarlyCandidates(connections)
    mendClosedChannels(connections)
  }
  const node = new Peer(checked, identity, surroundings)
  await node.start().catch((error) => {
    identity.release()
    throw error
  })
  checked.signal?.addEventListener('abort', () => void node.stop(), { once: true })
  return node
}

class Peer extends TypedEventEmitter<NodeEvents> implements ColoniaNode {
  readonly id: PeerId
  readonly slot: number
  name: string
  readonly #options: NodeOptions
  readonly #identity: Identity
  readonly #surroundings: Surroundings
  #parts: Parts | undefined
  #stopping: Promise<void> | undefined

  constructor(options: NodeOptions, identity: Identity, surroundings: Surroundings) {
    super()
    this.#surroundings = surroundings
    this.#options = options
    this.#identity = identity
    this.id = identity.key.publicKey.toString()
    this.slot = identity.slot
    this.name = options.name ?? ''
  }

  async start(): Promise<void> {
    const parts = await Parts.open({
      options: this.#options,
      identity: this.#identity,
      surroundings: this.#surroundings,
      name: () => this.name,
      tell: (name, ...[detail]) => this.safeDispatchEvent(name, { detail }),
    })
    this.#parts = parts
    await parts.start()
  }

  /** Who writes whose state, for other parts of the project; not of the public type. */
  get registry(): Registry {
    return this.parts.registry
  }

  get state(): State {
    return this.parts.belongings.state
  }

  get inbox(): Inbox {
    return this.parts.belongings.inbox
  }

  get contingency(): ContingencyView {
    return this.parts.contingency.view
  }

  get entrances(): readonly Entrance[] {
    return this.parts.doors.views
  }

  get addresses(): readonly string[] {
    return this.parts.doors.own
  }

  get links(): readonly Link[] {
    return this.parts.linking.views
  }

  get calls(): readonly Call[] {
    return this.parts.calls.all
  }

  get neighbours(): ReadonlyMap<PeerId, ReadonlySet<PeerId>> {
    return this.parts.links.atlas.neighbours
  }

  get counts(): MeshCounts {
    return this.parts.counts
  }

  async find(peer: PeerId, options: AbortOptions = {}): Promise<Finding> {
    this.#check(peer)
    return await this.parts.find(peer, options)
  }

  async connect(peer: PeerId, options: AbortOptions = {}): Promise<Link> {
    this.#check(peer)
    return viewOf(await this.parts.links.link(peer, options))
  }

  call(peer: PeerId, options: CallOptions = {}): Call {
    this.#check(peer)
    return this.parts.calls.place(peer, options)
  }

  async presence(peer: PeerId, options: AbortOptions = {}): Promise<Presence> {
    this.#check(peer)
    return await this.parts.letters.presence(peer, options)
  }

  async leaveMessage(peer: PeerId, value: unknown, options: LeaveOptions = {}): Promise<{ kept: PeerId[] }> {
    this.#check(peer)
    return await this.parts.letters.leave(peer, value, options)
  }

  async invite(options: InviteOptions = {}): Promise<Invitation> {
    this.#checkRunning()
    return await this.parts.hand.invite(options)
  }

  async reply(invitation: string): Promise<Reply> {
    this.#checkRunning()
    return await this.parts.hand.reply(invitation)
  }

  onIncomingCall(handler: (call: Call) => void): () => void {
    const listener = ({ detail }: CustomEvent<Call>) => handler(detail)
    this.addEventListener('call', listener)
    return () => this.removeEventListener('call', listener)
  }

  onResume(handler: (resumption: Resumption) => void): () => void {
    const listener = ({ detail }: CustomEvent<Resumption>) => handler(detail)
    this.addEventListener('resume', listener)
    const { waiting } = this.parts.belongings.seat
    if (waiting !== undefined) handler(waiting)
    return () => this.removeEventListener('resume', listener)
  }

  stop({ away = false }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.parts.stop(away)
    return this.#stopping
  }

  /** The parts, which are there before anyone gets hold of the peer; not of the public type. */
  get parts(): Parts {
    return this.#parts as Parts
  }

  /** @throws ColoniaError `stopped` */
  #checkRunning(): void {
    if (this.#stopping !== undefined) throw new ColoniaError('stopped', 'the node was stopped')
  }

  /** @throws ColoniaError `stopped`, `bad-peer-id` */
  #check(peer: PeerId): void {
    this.#checkRunning()
    if (peer === this.id) throw new ColoniaError('bad-peer-id', 'that PeerID is this peer itself')
    checkPeerId(peer)
  }
}
