/**
 * The parts of a peer, joined around one libp2p node: what one of them learns and another needs is wired here, and
 * nothing is decided. `node.ts` is what a developer holds of it.
 */
import type { AbortOptions } from '@libp2p/interface'
import { platform } from '#platform'
import { defaultConfig as contingencyConfig } from '#protocols/contingency/index'
import { defaultConfig as linksConfig } from '#protocols/links/index'
import type { Finding, MeshCounts, NodeEvents, NodeOptions, PeerId } from './api.ts'
import { Belongings } from './belongings.ts'
import { Calls } from './call/calls.ts'
import { Contingency } from './contingency/contingency.ts'
import { systemClock } from './driver.ts'
import { Doors } from './entrance/doors.ts'
import { Entrances } from './entrance/entrances.ts'
import { prepareListening, startToListen } from './entrance/listening.ts'
import { StandingAlone } from './entrance/standing-alone.ts'
import { Hand } from './hand/hand.ts'
import { holdersOf } from './letters/holders.ts'
import { Letters } from './letters/letters.ts'
import { createPeerLibp2p, type PeerLibp2p } from './libp2p.ts'
import { ConnectionBudget } from './link/budget.ts'
import { findPeer } from './link/finding.ts'
import { Leads } from './link/leads.ts'
import { Linking } from './link/linking.ts'
import { Links } from './link/links.ts'
import { Survey } from './link/survey.ts'
import type { Identity } from './platform/platform.ts'
import { K } from './registration/dht.ts'
import { nearby } from './registration/nearby.ts'
import { Registry } from './registration/registry.ts'
import { Keep } from './state/keep.ts'
import type { Surroundings } from './surroundings.ts'
import { watchPlatform } from './watch.ts'

/** How long after its start a peer may be waiting for its first links, in milliseconds (guess). */
const ARRIVAL = 10_000

/** Tells the developer. */
export type Tell = <Name extends keyof NodeEvents>(
  name: Name,
  ...detail: NodeEvents[Name] extends CustomEvent<infer Detail> ? [Detail] : []
) => void

export interface PartsInit {
  options: NodeOptions
  identity: Identity
  /** What this peer calls itself now. */
  name: () => string
  tell: Tell
  surroundings: Surroundings
}

export class Parts {
  readonly entrances: Entrances
  readonly doors: Doors
  readonly links: Links
  readonly linking: Linking
  readonly survey: Survey
  readonly calls: Calls
  readonly contingency: Contingency
  readonly letters: Letters
  readonly hand: Hand
  /** Who writes whose state. */
  readonly registry: Registry
  readonly #init: PartsInit
  readonly #alone: StandingAlone
  readonly #libp2p: PeerLibp2p
  readonly #keep: Keep
  readonly #budget: ConnectionBudget
  readonly #ice: () => readonly RTCIceServer[]
  readonly #cleanup: (() => void)[] = []
  #belongings: Belongings | undefined

  /** Opens what is kept and makes everything; nothing runs yet. @throws ColoniaError `storage` */
  static async open(init: PartsInit): Promise<Parts> {
    const { options, identity } = init
    const budget = new ConnectionBudget(platform.budget, systemClock)
    let parts: Parts | undefined
    const { key } = identity
    const storage = await platform.openStorage(options.identity, identity)
    const keep = await Keep.open(storage, key.publicKey.toString())
    try {
      const libp2p = await createPeerLibp2p({
        privateKey: key,
        budget,
        iceServers: () => parts?.ice ?? [],
        ping: (connection, signal) => parts?.linking.ping(connection, signal),
        isEntrance: (peer) => parts?.entrances.has(peer) === true,
        links: () => {
          if (parts === undefined) throw new Error('not started')
          return parts.links
        },
        listening: await prepareListening(options, keep),
        medium: init.surroundings.medium,
      })
      parts = new Parts(init, libp2p, keep, budget)
      return parts
    } catch (error) {
      await keep.close()
      throw error
    }
  }

  private constructor(init: PartsInit, made: PeerLibp2p, keep: Keep, budget: ConnectionBudget) {
    this.#budget = budget
    const { options, identity, tell } = init
    const { libp2p, transports, upgrader, dht, pulse } = made
    const { key } = identity
    this.#init = init
    this.#libp2p = made
    this.#keep = keep
    const target = options.links ?? linksConfig.target
    this.doors = new Doors({
      ...{ libp2p, transports, keep, bootstraps: () => this.entrances },
      given: options.bootstraps ?? platform.defaultBootstraps(),
      onChange: (entrance) => tell('entrance', entrance),
    })
    this.entrances = new Entrances({
      libp2p,
      transports,
      urls: this.doors.urls,
      memory: this.doors.memory,
      onChange: (entrance) => {
        this.doors.weigh()
        this.registry.relays(this.entrances.relays)
        if (entrance.state === 'connected') {
          this.contingency.reachable()
          this.calls.reachable()
          this.survey.measure()
        }
        tell('entrance', entrance)
      },
      onIntroduced: (peers) => this.linking.introduced(peers),
      wanting: () => this.linking.wanting,
      register: (relays, wait) => this.registry.register(relays, wait),
      onRelays: () => this.registry.relays(this.entrances.relays),
      onDoubt: () => this.survey.look('lost'),
    })
    const ownIce = options.iceServers ?? []
    this.#ice = () => [...this.entrances.ice.servers, ...ownIce]
    this.links = new Links({ libp2p, transports, leads: () => leads })
    const isEntrance = (peer: PeerId) => this.entrances.has(peer)
    this.linking = new Linking({
      ...{ libp2p, links: this.links, target, isEntrance },
      keeps: (peer) => this.contingency.needs(peer) || this.calls.all.some((call) => call.peer === peer),
      look: () => this.registry.nearest(),
      onAsked: (connection) => pulse.heard(connection),
      onLink: (link) => tell('link', link),
      onUnlink: (peer) => tell('unlink', peer),
    })
    this.survey = new Survey({
      ...{ libp2p, links: this.links, isEntrance },
      onEntranceLost: () => this.entrances.hurry(),
      onAlone: () => this.entrances.want(),
      onLinkLost: (peer) => this.calls.linkLost(peer),
    })
    this.calls = new Calls({
      libp2p,
      links: this.links,
      name: () => init.name() || undefined,
      iceServers: this.#ice,
      onIncoming: (call) => tell('call', call),
      onChange: (call) => this.#belongings?.seat.follow(call),
      onDoubt: () => this.survey.look('silent'),
    })
    const copies = options.contingents ?? contingencyConfig.copies
    this.contingency = new Contingency({
      libp2p,
      links: this.links,
      key,
      keep,
      trace: init.surroundings.trace,
      config: {
        copies,
        capacity: options.capacity ?? platform.capacity,
      },
      isEntrance,
      onChange: () => {
        // Newcomers are led to the other device; a call in this one goes on.
        if (this.contingency.own.superseded) void this.doors.stop()
        this.#alone.look()
        tell('contingency', this.contingency.view)
      },
      onAnswer: (from, answer) => this.letters.hear(from, answer),
      onDuty: (change) => {
        if (change.type === 'seek') return this.registry.seek(change.owner)
        this.registry.changed(change)
        const writes = change.type === 'changed' && change.part === 'writing'
        if (writes && change.owner !== libp2p.peerId.toString()) this.entrances.inherit()
      },
    })
    const onKept = () => this.#alone.look()
    const near = () => nearby(libp2p.peerId.toString(), this.links.atlas.neighbours, K)
    this.registry = new Registry({ key, dht, duties: this.contingency, nearby: near, isEntrance, onKept })
    this.#alone = new StandingAlone({
      ...{ libp2p, linking: this.linking, contingency: this.contingency, registry: this.registry },
      wanted: { links: target, copies },
      onFooting: (footing) => this.entrances.stand(footing),
    })
    const began = systemClock.now()
    const leads: Leads = new Leads({
      atlas: this.links.atlas,
      entrances: () => this.entrances.addresses,
      peerStore: libp2p.peerStore,
      walk: (peer, signal) => this.registry.walk(peer, signal),
      registration: (peer, signal) => this.registry.find(peer, { signal }),
      arriving: () => systemClock.now() - (this.linking.arrived ?? began) < ARRIVAL,
      atHome: () => this.doors.atHome,
      links: () => this.linking.direct.length,
      nextLink: (signal) => this.linking.next(signal),
    })
    const known = {
      self: libp2p.peerId.toString(),
      find: this.registry.find.bind(this.registry),
      links: () => this.linking.direct,
    }
    this.letters = new Letters({
      key,
      holdersOf: (owner, signal) => holdersOf(known, owner, signal),
      say: (to, question) => this.contingency.ask(to, question),
    })
    this.hand = new Hand({ key, libp2p, upgrader, budget, iceServers: this.#ice })
  }

  /** There before anyone gets hold of the peer. */
  get belongings(): Belongings {
    return this.#belongings as Belongings
  }

  /** ICE servers to use now. */
  get ice(): readonly RTCIceServer[] {
    return this.#ice()
  }

  get counts(): MeshCounts {
    const { carried, bytes, refused } = this.#libp2p.relay.carrier.counts
    return {
      peerConnections: this.#budget.opened,
      refusedPeerConnections: this.#budget.refused,
      carried,
      carriedBytes: bytes,
      refusedToCarry: Object.values(refused).reduce((sum, count) => sum + count, 0),
    }
  }

  /** @throws ColoniaError `unreachable`, `no-entrance`; or the signal's reason */
  find(peer: PeerId, options: AbortOptions): Promise<Finding> {
    const lookUp = this.registry.lookUp.bind(this.registry)
    return findPeer({ links: this.links, lookUp, now: () => systemClock.now() }, peer, options)
  }

  async start(): Promise<void> {
    const { tell, identity } = this.#init
    await startToListen(this.#libp2p.libp2p, this.#keep)
    await this.linking.start()
    await this.contingency.start()
    // Before anyone can speak of a call of which the seat tells.
    this.#belongings = await Belongings.open({
      ...{ key: identity.key, own: this.contingency.own, calls: this.calls },
      onLetter: (letter) => tell('letter', letter),
      onResume: (found) => tell('resume', found),
    })
    await this.calls.start()
    this.doors.start()
    this.#cleanup.push(...watchPlatform(this))
  }

  /** Says goodbye to all, and closes everything. */
  async stop(away: boolean): Promise<void> {
    for (const clean of this.#cleanup) clean()
    await this.calls.stop(away)
    await this.#belongings?.stop()
    await Promise.all([this.contingency.stop(), this.registry.stop()])
    this.#alone.stop()
    this.survey.stop()
    this.linking.stop()
    this.hand.stop()
    this.links.stop()
    await this.doors.stop()
    await this.#libp2p.libp2p.stop()
    await this.#keep.close()
    this.#init.identity.release()
  }
}
