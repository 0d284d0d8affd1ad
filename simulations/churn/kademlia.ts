/**
 * Kademlia (Maymounkov, Mazières 2002) as far as churn can tell it from a real one: tables of buckets that are filled by
 * joining and by being asked, contacts that turn out to be dead, look-ups with `alpha` questions at a time. A look-up is
 * reckoned at one moment: whoever comes or goes while it lasts, a second or so, is not seen by it.
 */

import type { Millis } from '#protocols/machine'
import type { Draft } from '#protocols/registration/index'
import type { Colony } from './colony.ts'
import type { Peer } from './peer.ts'

/** The end of patience with one question, as in `node/registration/dht.ts`. */
const PATIENCE = 1_000
const BITS = 32

/** A peer as others know it; when it is gone, this stays behind in their tables, and little else. */
export interface Contact {
  readonly key: number
  peer: Peer | undefined
}

export class Contacts {
  readonly self: Contact
  readonly #buckets: Contact[][] = []
  readonly #k: number
  /** Registrations that are kept here, by owner. */
  records: Map<string, { draft: Draft; expires: Millis }> | undefined

  constructor(peer: Peer, k: number) {
    this.self = { key: peer.place.key, peer }
    this.#k = k
  }

  add(contact: Contact): void {
    if (contact === this.self || contact.key === this.self.key) return
    const depth = Math.clz32(this.self.key ^ contact.key)
    while (this.#buckets.length <= depth) this.#buckets.push([])
    const bucket = this.#buckets[depth] as Contact[]
    // Who is there stays: the old ones are those that will be there longest.
    if (bucket.length < this.#k && !bucket.includes(contact)) bucket.push(contact)
  }

  remove(contact: Contact): void {
    const bucket = this.#buckets[Math.clz32(this.self.key ^ contact.key)]
    const at = bucket?.indexOf(contact) ?? -1
    if (at >= 0) bucket?.splice(at, 1)
  }

  /** The `k` that are nearest to `key`, nearest first. */
  nearest(key: number): Contact[] {
    const found: Contact[] = []
    for (const bucket of this.#buckets) {
      for (const contact of bucket) {
        const distance = (contact.key ^ key) >>> 0
        let at = found.length
        while (at > 0 && ((found[at - 1] as Contact).key ^ key) >>> 0 > distance) at -= 1
        if (at >= this.#k) continue
        found.splice(at, 0, contact)
        if (found.length > this.#k) found.pop()
      }
    }
    return found
  }

  /** A key in the part of the keyspace that bucket `depth` is for, and how many buckets there are. */
  get depths(): number {
    return Math.min(this.#buckets.length, BITS)
  }
}

export interface Walk {
  /** Those nearest to the key that answered, nearest first. */
  nearest: Peer[]
  rounds: number
  millis: Millis
  requests: number
  answers: number
  found: boolean
}

interface Known {
  contact: Contact
  distance: number
  round: number
  asked: boolean
  failed: boolean
}

/**
 * Asks its way to `key`. @param isFound whether an answer ends it: who answers, and of whom it tells
 */
export function walk(
  { latency, scenario }: Colony,
  from: Peer,
  key: number,
  isFound: (answers: Peer, told: readonly Contact[]) => boolean = () => false,
): Walk {
  const { k, alpha } = scenario.kademlia
  const own = from.contacts as Contacts
  const known: Known[] = []
  const seen = new Set<Contact>([own.self])
  const learn = (contact: Contact, round: number) => {
    if (seen.has(contact)) return
    seen.add(contact)
    const distance = (contact.key ^ key) >>> 0
    let at = known.length
    while (at > 0 && (known[at - 1] as Known).distance > distance) at -= 1
    known.splice(at, 0, { contact, distance, round, asked: false, failed: false })
  }
  for (const contact of own.nearest(key)) learn(contact, 1)
  // Of contacts all may be gone; links are watched.
  for (const { contacts } of from.links) if (contacts !== undefined) learn(contacts.self, 1)
  const under: { of: Known; ends: Millis }[] = []
  const result: Walk = { nearest: [], rounds: 0, millis: 0, requests: 0, answers: 0, found: false }
  let now = 0
  for (;;) {
    let room = k
    for (const one of known) {
      if (under.length >= alpha || room === 0) break
      if (one.failed) continue
      room -= 1
      if (one.asked) continue
      one.asked = true
      result.requests += 1
      const to = one.contact.peer
      const there = to?.alive === true && !to.frozen && to.reaches(from)
      under.push({ of: one, ends: now + (there ? latency.roundTrip(from.place, to.place) : PATIENCE) })
      if (!there) one.failed = true
    }
    if (under.length === 0) break
    let first = 0
    for (let at = 1; at < under.length; at++) {
      if ((under[at] as { ends: Millis }).ends < (under[first] as { ends: Millis }).ends) first = at
    }
    const { of: one, ends } = under.splice(first, 1)[0] as { of: Known; ends: Millis }
    now = ends
    if (one.failed) {
      own.remove(one.contact)
      continue
    }
    const to = one.contact.peer as Peer
    result.answers += 1
    const theirs = to.contacts as Contacts
    const told = theirs.nearest(key)
    theirs.add(own.self)
    own.add(one.contact)
    if (isFound(to, told)) {
      result.found = true
      result.rounds = one.round
      break
    }
    for (const contact of told) learn(contact, one.round + 1)
  }
  result.millis = now
  for (const { contact, asked, failed } of known) {
    if (result.nearest.length >= k) break
    if (asked && !failed && contact.peer !== undefined) result.nearest.push(contact.peer)
  }
  return result
}
