/**
 * The shelf: the registrations that a peer keeps for others, as its part of the DHT.
 *
 * kad-dht takes whatever is valid in place of what it had, and keeps it for two days. So it keeps things here:
 * what stands is never replaced by what is older, what has expired is gone, and there is an end to how much. When
 * it is full the registration is dropped whose owner is farthest from this peer in the keyspace, since others are
 * nearer to it and are asked first. Nothing else that kad-dht would keep for strangers is kept.
 */
import { NotFoundError } from '@libp2p/interface'
import { Record as DhtRecord } from '@libp2p/kad-dht'
import { compareRegistrations, type Registration } from '#protocols/registration/index'
import type { PeerId } from '../peer-id.ts'
import { peek } from './envelope.ts'
import { placeOf } from './place.ts'

/** Some 5 MB at the longest; 1 MB as they are. */
const MAX_KEPT = 1_024

interface Kept {
  registration: Registration
  value: Uint8Array
  /** As kad-dht gave it, with its own frame. */
  bytes: Uint8Array
  distance: Uint8Array
}

/** What kad-dht names its entries by. */
interface Name {
  toString(): string
}

/** The part of a datastore that kad-dht uses. */
export class Shelf {
  readonly #self: Promise<Uint8Array>
  readonly #max: number
  /** By the names that kad-dht gives them. */
  readonly #kept = new Map<string, Kept>()

  /** @param self multihash of this peer */
  constructor(self: Uint8Array, max = MAX_KEPT) {
    this.#self = hash(self)
    this.#max = max
  }

  get size(): number {
    return this.#kept.size
  }

  /** The registration of `owner` that is kept here, as it was signed. */
  of(owner: PeerId): Uint8Array | undefined {
    const kept = [...this.#kept.values()].find(({ registration }) => registration.owner === owner)
    return kept === undefined || expired(kept) ? undefined : kept.value
  }

  /** @throws Error when what is kept stands and not this. */
  async put(name: Name, bytes: Uint8Array): Promise<Name> {
    const { key, value } = DhtRecord.deserialize(bytes)
    // Its validity was checked at the door.
    const registration = peek(value)
    const distance = xor(await hash(placeOf(key)), await this.#self)
    const before = this.#kept.get(name.toString())
    if (
      before !== undefined &&
      !expired(before) &&
      compareRegistrations(before.registration, registration) > 0
    )
      throw new Error('a later registration is kept')
    this.#kept.set(name.toString(), { registration, value, bytes, distance })
    if (this.#kept.size > this.#max) this.#tidy()
    return name
  }

  async get(name: Name): Promise<Uint8Array> {
    const kept = this.#kept.get(name.toString())
    if (kept !== undefined && !expired(kept)) return kept.bytes
    this.#kept.delete(name.toString())
    throw new NotFoundError('nothing is kept under that name')
  }

  async has(name: Name): Promise<boolean> {
    return this.#kept.has(name.toString())
  }

  async delete(name: Name): Promise<void> {
    this.#kept.delete(name.toString())
  }

  /** Of providers, of which it keeps none. */
  async *query(): AsyncGenerator<never> {}

  #tidy(): void {
    for (const [name, kept] of this.#kept) if (expired(kept)) this.#kept.delete(name)
    if (this.#kept.size <= this.#max) return
    const [farthest] = [...this.#kept].sort(([, a], [, b]) => compare(b.distance, a.distance))
    if (farthest !== undefined) this.#kept.delete(farthest[0])
  }
}

function expired({ registration }: Kept): boolean {
  return registration.expires <= Date.now()
}

/** Where something is in the keyspace of Kademlia. */
async function hash(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)))
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, at) => byte ^ (b[at] ?? 0))
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
