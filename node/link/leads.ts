/**
 * Leads: where ways to a peer come from. What is known is said at once, best first; if that leads nowhere, a look-up in
 * the DHT says what it finds: who is linked to the peer, and what the peer has registered.
 *
 * The order is that of the design: the way that worked last, a peer's own address, those who are linked to it (its
 * contingents among them), a bootstrap's relay, and what a look-up brings.
 */
import type { PeerStore } from '@libp2p/interface'
import { isPrivate } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { Circuit, WebRTC } from '@multiformats/multiaddr-matcher'
import type { Registration } from '#protocols/registration/index'
import { idOf, type PeerId } from '../peer-id.ts'
import { addressOf, withId } from '../relay/address.ts'
import type { Atlas } from './atlas.ts'
import type { How, Lead } from './search.ts'

const RANK: Record<How, number> = {
  link: 0,
  cache: 0,
  address: 1,
  contingent: 2,
  neighbour: 2,
  bootstrap: 3,
  dht: 4,
}
/** Recorded addresses of one peer that are tried. */
const MAX_RECORDED = 6
/** With so many links nobody has to wait for the first ones. */
const ENOUGH_LINKS = 2
/** How long someone who has just come waits for a link before a look-up counts as in vain, in milliseconds (guess). */
const ARRIVAL = 4_000

export interface LeadsInit {
  atlas: Atlas
  /** Addresses of the bootstraps that are connected now. */
  entrances: () => readonly Multiaddr[]
  peerStore: PeerStore
  /** Who is linked to `peer`: each that says so, and the rounds that it took to hear of it. */
  walk: (peer: PeerId, signal: AbortSignal) => AsyncIterable<{ by: PeerId; rounds: number }>
  /** What `peer`, or who stands in for it, has registered. */
  registration: (peer: PeerId, signal: AbortSignal) => Promise<Registration | undefined>
  /** Whether this peer has just come, and its first links are being made. */
  arriving: () => boolean
  /** Whether this peer is at home in a private network: elsewhere private addresses that others tell make no sense. */
  atHome: () => boolean
  /** Direct links that there are, and the next one that comes. */
  links: () => number
  nextLink: (signal: AbortSignal) => Promise<void>
}

export class Leads {
  readonly #init: LeadsInit

  constructor(init: LeadsInit) {
    this.#init = init
  }

  /** What is known, and nobody is asked. */
  async *near(peer: PeerId): AsyncGenerator<Lead> {
    for (const lead of await this.known(peer)) if (this.#isSensible(lead)) yield lead
  }

  /** Whatever leads to `peer`, as it becomes known. Others are asked once what is known is `spent`. */
  async *to(peer: PeerId, signal: AbortSignal, spent: () => Promise<void>): AsyncGenerator<Lead> {
    for await (const lead of this.#all(peer, signal, spent)) if (this.#isSensible(lead)) yield lead
  }

  async *#all(peer: PeerId, signal: AbortSignal, spent: () => Promise<void>): AsyncGenerator<Lead> {
    yield* await this.known(peer)
    await spent()
    if (signal.aborted) return
    const { arriving, links, nextLink } = this.#init
    yield* this.#asked(peer, signal)
    const patience = AbortSignal.any([signal, AbortSignal.timeout(ARRIVAL)])
    while (arriving() && links() < ENOUGH_LINKS && !patience.aborted) {
      const came = await nextLink(patience).then(
        () => true,
        () => false,
      )
      if (!came) break
      yield* await this.known(peer)
      yield* this.#asked(peer, signal)
    }
  }

  /** What is known without asking. */
  async known(peer: PeerId): Promise<Lead[]> {
    const { atlas, entrances, peerStore } = this.#init
    const recorded = await peerStore.get(idOf(peer)).catch(() => undefined)
    const addresses = (recorded?.addresses ?? []).map(({ multiaddr }) => multiaddr).slice(0, MAX_RECORDED)
    const own = addresses.filter((each) => !Circuit.matches(each) && !WebRTC.matches(each))
    const relays = addresses.flatMap((each) => {
      const [relay, behind] = each.toString().split('/p2p-circuit')
      return behind === undefined || !relay ? [] : relay
    })
    const last = atlas.last(peer)
    const path = atlas.path(peer)
    const neighbours = atlas.relaysTo(peer)
    return [
      ...(last === undefined ? [] : [lead(last, 'cache')]),
      ...own.map((address) => lead(withId(address, peer).toString(), 'address')),
      ...neighbours.map((by) => lead(addressOf([by, peer]).toString(), 'neighbour')),
      // What an earlier look-up was told.
      ...(path === undefined || path.length < 2 || neighbours.length > 0
        ? []
        : [lead(addressOf(path).toString(), 'cache')]),
      ...[...entrances().map(String), ...relays].map((relay) =>
        lead(`${relay}/p2p-circuit/p2p/${peer}`, relay.startsWith('/p2p/') ? 'neighbour' : 'bootstrap'),
      ),
    ]
  }

  /** Whoever may claim anything must not have us knock at the doors of the house that we are in. */
  #isSensible({ way }: Lead): boolean {
    const { atHome, entrances } = this.#init
    if (way.startsWith('/p2p/') || atHome()) return true
    return entrances().some((entrance) => way.startsWith(`${entrance}/`)) || !isPrivate(multiaddr(way))
  }

  /** What a look-up says: the walk to where the peer is in the keyspace, and its registration, whichever is first. */
  async *#asked(peer: PeerId, signal: AbortSignal): AsyncGenerator<Lead> {
    const { atlas, walk, registration } = this.#init
    const found: Lead[] = []
    let wake = () => {}
    let asking = 2
    const done = () => {
      asking -= 1
      wake()
    }
    const say = (...leads: Lead[]) => {
      found.push(...leads)
      wake()
    }
    const walking = async () => {
      for await (const { by, rounds } of walk(peer, signal)) {
        const path = atlas.path(by)
        if (path !== undefined) say(lead(addressOf([...path, peer]).toString(), 'dht', rounds))
      }
    }
    const looking = async () => {
      const registered = await registration(peer, signal)
      for (const contingent of registered?.contingents ?? []) {
        const path = contingent === peer ? undefined : atlas.path(contingent)
        if (path !== undefined) say(lead(addressOf([...path, peer]).toString(), 'contingent', 1))
      }
      for (const relay of registered?.relays ?? []) say(lead(`${relay}/p2p-circuit/p2p/${peer}`, 'dht', 1))
    }
    void walking()
      .catch(() => {})
      .finally(done)
    void looking()
      .catch(() => {})
      .finally(done)
    while (asking > 0 || found.length > 0) {
      const next = found.shift()
      if (next !== undefined) yield next
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
}

function lead(way: string, how: How, rounds = 0): Lead {
  return { way, how, rank: RANK[how], rounds }
}
