/**
 * Kademlia (Maymounkov, Mazières 2002) as far as churn can tell it from a real one: tables of buckets that are filled by
 * joining and by being asked, contacts that turn out to be dead, look-ups with `alpha` questions at a time. A look-up is
 * reckoned at one moment: whoever comes or goes while it lasts, a second or so, is not seen by it.
 */

import type { Millis } from '#protocols/machine'
import type { Contact, Contacts } from './contacts.ts'
import type { Context } from './context.ts'
import type { Peer } from './peer.ts'

/** The end of patience with one question, as in `node/registration/dht.ts`. */
const PATIENCE = 1_000

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
  contact: Contact<Peer>
  distance: number
  round: number
  asked: boolean
  failed: boolean
}

/**
 * Asks its way to `key`. @param isFound whether an answer ends it: who answers, and of whom it tells
 */
export function walk(
  { latency, scenario }: Context,
  from: Peer,
  key: number,
  isFound: (answers: Peer, told: readonly Contact<Peer>[]) => boolean = () => false,
): Walk {
  const { k, alpha } = scenario.kademlia
  const own = from.contacts as Contacts<Peer>
  const known: Known[] = []
  const seen = new Set<Contact<Peer>>([own.self])
  const learn = (contact: Contact<Peer>, round: number) => {
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
    const theirs = to.contacts as Contacts<Peer>
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
