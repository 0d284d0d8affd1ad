/** A peer's routing table, as Kademlia has it. It knows of peers no more than their keys. */
import type { Millis } from '#protocols/machine'
import type { Draft } from '#protocols/registration/index'

/** A peer as others know it; when it is gone, this stays behind in their tables, and little else. */
export interface Contact<Peer> {
  readonly key: number
  peer: Peer | undefined
}

export class Contacts<Peer> {
  readonly self: Contact<Peer>
  readonly #buckets: Contact<Peer>[][] = []
  readonly #k: number
  /** Registrations that are kept here, by owner. */
  records: Map<string, { draft: Draft; expires: Millis }> | undefined

  constructor(key: number, peer: Peer, k: number) {
    this.self = { key, peer }
    this.#k = k
  }

  add(contact: Contact<Peer>): void {
    if (contact === this.self || contact.key === this.self.key) return
    const depth = Math.clz32(this.self.key ^ contact.key)
    while (this.#buckets.length <= depth) this.#buckets.push([])
    const bucket = this.#buckets[depth] as Contact<Peer>[]
    // Who is there stays: the old ones are those that will be there longest.
    if (bucket.length < this.#k && !bucket.includes(contact)) bucket.push(contact)
  }

  remove(contact: Contact<Peer>): void {
    const bucket = this.#buckets[Math.clz32(this.self.key ^ contact.key)]
    const at = bucket?.indexOf(contact) ?? -1
    if (at >= 0) bucket?.splice(at, 1)
  }

  /**
   * The `k` that are nearest to `key`, nearest first. Those in the key's own bucket are nearer than all others; then come
   * those that are nearer to oneself than that, and then one bucket after the other towards the other end of the keyspace.
   */
  nearest(key: number): Contact<Peer>[] {
    const found: Contact<Peer>[] = []
    const depth = Math.clz32(this.self.key ^ key)
    this.#take(this.#buckets[depth], key, found)
    if (found.length < this.#k) {
      for (let at = depth + 1; at < this.#buckets.length; at++) this.#take(this.#buckets[at], key, found)
    }
    for (let at = Math.min(depth, this.#buckets.length) - 1; found.length < this.#k && at >= 0; at--) {
      this.#take(this.#buckets[at], key, found)
    }
    return found
  }

  #take(bucket: readonly Contact<Peer>[] | undefined, key: number, found: Contact<Peer>[]): void {
    if (bucket === undefined) return
    for (const contact of bucket) {
      const distance = (contact.key ^ key) >>> 0
      let at = found.length
      while (at > 0 && ((found[at - 1] as Contact<Peer>).key ^ key) >>> 0 > distance) at -= 1
      if (at >= this.#k) continue
      found.splice(at, 0, contact)
      if (found.length > this.#k) found.pop()
    }
  }
}
