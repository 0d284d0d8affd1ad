/**
 * The web of links: everyone aims for so many, makes new ones when some are gone, and lets in more than that. A link
 * is opened at random, as by an introduction; pairs that cannot be linked are left out.
 */

import type { Millis } from '#protocols/machine'
import type { Context } from './context.ts'
import type { Peer } from './peer.ts'

/** Others that are tried for one link. */
const TRIES = 8
/** Who has few is asked; of real peers that aim for four some have had twelve (`npm run bench:mesh`). */
const ROOM = 4
/** Before one looks for more links, in milliseconds. */
const AGAIN = 2_000
/** As `node/link/` has it, no peer has more. */
const MOST = 48
/** A link whose other end died is noticed after so long, in milliseconds (pings of `node/link/pulse.ts`). */
const NOTICE = { least: 5_000, most: 25_000 } as const

export class Web {
  readonly #context: Context

  constructor(context: Context) {
    this.#context = context
  }

  /** Until it has as many as it aims for, or nobody is left to ask. */
  fill(peer: Peer): void {
    const { links } = this.#context.scenario
    while (peer.links.length < links && this.#openOne(peer)) {}
    // Whoever finds fewer than it wants asks again.
    if (peer.links.length < links)
      this.#context.after(AGAIN, () => peer.alive && !peer.frozen && this.fill(peer))
  }

  /** @returns whether a link was made; there may be one, or no room, or no way but through others */
  open(one: Peer, other: Peer): boolean {
    if (one.links.includes(other)) return false
    if (!one.alive || !other.alive || this.#context.latency.isBroken(one.place, other.place)) return false
    if (one.links.length >= MOST || other.links.length >= MOST) return false
    one.links.push(other)
    other.links.push(one)
    // Each end opens an RTCPeerConnection.
    this.#context.tally.counts.linksOpened += 2
    if (one.contacts !== undefined && other.contacts !== undefined) {
      one.contacts.add(other.contacts.self)
      other.contacts.add(one.contacts.self)
    }
    return true
  }

  /** It said goodbye: its links close with it. */
  close(peer: Peer): void {
    for (const other of peer.links) this.#drop(other, peer)
    peer.links = []
  }

  /** It crashed: nobody knows yet. @param partners those of its links to whom it matters */
  lose(peer: Peer, partners: ReadonlySet<string>): void {
    this.#context.after(this.#notice(peer), () => {
      const missing = peer.links.filter(({ id }) => partners.has(id))
      this.close(peer)
      peer.release()
      for (const other of missing) this.#context.unlinked(other, peer)
    })
  }

  /** It stands still, or is cut off: whoever does not hear it any more gives the link up, and links to somebody else. */
  part(peer: Peer): void {
    this.#context.after(this.#notice(peer), () => {
      for (const other of [...peer.links]) {
        if (peer.frozen === other.frozen && peer.reaches(other)) continue
        this.#drop(other, peer)
        this.#drop(peer, other)
        this.#context.unlinked(other, peer)
        this.#context.unlinked(peer, other)
      }
    })
  }

  #notice({ random }: Peer): Millis {
    const { least, most } = NOTICE
    return least + random.unit() * (most - least)
  }

  #drop(from: Peer, gone: Peer): void {
    const at = from.links.indexOf(gone)
    if (at < 0) return
    const last = from.links.pop() as Peer
    if (last !== gone) from.links[at] = last
    // Who is linked is in the table until the link ends (`node/registration/dht.ts`).
    if (gone.contacts !== undefined) from.contacts?.remove(gone.contacts.self)
    if (from.alive && !from.frozen && from.links.length < this.#context.scenario.links) this.#openOne(from)
  }

  #openOne(peer: Peer): boolean {
    const { peers, scenario, random } = this.#context
    const room = Math.min(MOST, ROOM * scenario.links)
    for (let tries = 0; tries < TRIES && peers.length > 1; tries++) {
      const other = peers[random.below(peers.length)] as Peer
      if (other === peer || other.frozen || other.links.length >= room || !peer.reaches(other)) continue
      if (!this.open(peer, other)) continue
      this.#context.linked(peer, other)
      this.#context.linked(other, peer)
      return true
    }
    return false
  }
}
