/**
 * The keep: what a peer must know again when it starts. Its own entries and how far its epochs had come, the
 * copies it holds of others with the right by which it holds them, the peers it met, the entrances it knows, the
 * certificate by which it is dialled, and whose all of this is.
 *
 *     entries/OWNER/KEY = { n, by, body }     duty/OWNER = { epoch, chain }
 *     self/known = [PeerID]                   self/id = PeerID
 *     self/entrances = { bootstraps, peers }  self/certificate = { privateKey, pem, certhash }
 *
 * Law: facts that are written together are kept together, and what is kept is what was written: bytes that are
 * no fact are a ColoniaError `storage` when the keep is opened, not a smaller state. So is another peer's keep.
 */
import { decode, encode } from '@msgpack/msgpack'
import * as v from 'valibot'
import type { Delegation, Epoch } from '#protocols/contingency/index'
import { unreachable } from '#protocols/machine'
import type { Entry } from '#protocols/state/index'
import type { PeerId } from '../peer-id.ts'
import { type Change, type Storage, storageFault } from './storage.ts'
import type { Bytes } from './value.ts'

export type Fact =
  /** Entries of `owner`'s state, each in place of the one before it under its key. */
  | { type: 'entries'; owner: PeerId; entries: readonly Entry[] }
  /** The epoch of `owner`'s state and by what right this peer is in it; of its own, without a chain. */
  | { type: 'duty'; owner: PeerId; epoch: Epoch; chain: readonly Delegation[] }
  /** Nothing of `owner` is held any more. */
  | { type: 'dropped'; owner: PeerId }
  /** Peers to ask first at the next start, in place of those before. */
  | { type: 'known'; peers: readonly PeerId[] }
  /** Entrances to try at the next start, in place of those before. */
  | ({ type: 'entrances' } & Memories)
  /** By what this peer is known to those who dial it by WebRTC-Direct. */
  | { type: 'certificate'; certificate: Certificate }

/** A bootstrap that was heard of. */
export interface KnownBootstrap {
  /** Its origin. */
  url: string
  /** When it was last reached, `Date.now()` milliseconds; 0: never. */
  at: number
  /** The bootstrap that told of it. */
  by: string
}

/** A peer that can be dialled directly. */
export interface KnownPeer {
  /** Multiaddrs, each ending in its PeerID, best first. */
  addresses: string[]
  /** When it was last met, `Date.now()` milliseconds. */
  at: number
}

export interface Memories {
  bootstraps: readonly KnownBootstrap[]
  peers: readonly KnownPeer[]
}

/** PEM texts, and the multihash of the certificate as it stands in addresses. */
export interface Certificate {
  privateKey: string
  pem: string
  certhash: string
}

export interface Copy {
  entries: readonly Entry[]
  epoch: Epoch
  chain: readonly Delegation[]
}

export interface Kept {
  own: readonly Entry[]
  /** The number of the last epoch of the own state; 0 at the first start. */
  n: number
  known: readonly PeerId[]
  /** By owner. */
  copies: ReadonlyMap<PeerId, Copy>
  entrances: Memories
  certificate: Certificate | undefined
}

export class Keep {
  /** What was there when it was opened. */
  readonly kept: Kept
  readonly #storage: Storage

  /** Reads all, and marks it as that peer's. @throws ColoniaError `storage` */
  static async open(storage: Storage, self: PeerId): Promise<Keep> {
    const all = await storage.read()
    const id = all.get(ID)
    const owner = id === undefined ? self : read(v.string(), ID, id)
    if (owner !== self) throw storageFault('what is kept here', new Error(`it is the state of ${owner}`))
    const kept = readKept(all, self)
    await storage.write([put(ID, self)])
    return new Keep(storage, kept)
  }

  private constructor(storage: Storage, kept: Kept) {
    this.#storage = storage
    this.kept = kept
  }

  /** Keeps all of `facts` or none, for good once it resolves. @throws ColoniaError `storage` */
  write(facts: readonly Fact[]): Promise<void> {
    return this.#storage.write(facts.flatMap(changesOf))
  }

  close(): Promise<void> {
    return this.#storage.close()
  }
}

const KNOWN = 'self/known'
const ID = 'self/id'
const ENTRANCES = 'self/entrances'
const CERTIFICATE = 'self/certificate'

function changesOf(fact: Fact): Change[] {
  switch (fact.type) {
    case 'entries':
      return fact.entries.map(({ key, n, by, body }) => put(`entries/${fact.owner}/${key}`, { n, by, body }))
    case 'duty':
      return [put(`duty/${fact.owner}`, { epoch: fact.epoch, chain: fact.chain })]
    case 'dropped':
      return [
        { type: 'delete', key: `duty/${fact.owner}` },
        { type: 'clear', folder: `entries/${fact.owner}` },
      ]
    case 'known':
      return [put(KNOWN, fact.peers)]
    case 'entrances':
      return [put(ENTRANCES, { bootstraps: fact.bootstraps, peers: fact.peers })]
    case 'certificate':
      return [put(CERTIFICATE, fact.certificate)]
    default:
      return unreachable(fact)
  }
}

function put(key: string, value: unknown): Change {
  return { type: 'put', key, bytes: encode(value) }
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const bytes = v.custom<Bytes>((input) => input instanceof Uint8Array)
const version = v.object({ n: count, by: v.string(), body: bytes })
const epoch = v.object({ n: count, writer: v.string(), session: v.string() })
const duty = v.object({
  epoch,
  chain: v.array(
    v.object({
      ...{ owner: v.string(), by: v.string(), to: v.string(), n: count, session: v.string() },
      ...{ rank: count, expires: count, proof: bytes },
    }),
  ),
})

const memories = v.object({
  bootstraps: v.array(v.object({ url: v.string(), at: count, by: v.string() })),
  peers: v.array(v.object({ addresses: v.array(v.string()), at: count })),
})
const certificate = v.object({ privateKey: v.string(), pem: v.string(), certhash: v.string() })

function readKept(all: ReadonlyMap<string, Bytes>, self: PeerId): Kept {
  const entries = new Map<PeerId, Entry[]>()
  const duties = new Map<PeerId, v.InferOutput<typeof duty>>()
  for (const [key, packed] of all) {
    const [kind = '', owner = ''] = key.split('/', 2)
    if (kind === 'duty') duties.set(owner, read(duty, key, packed))
    if (kind !== 'entries') continue
    const list = entries.get(owner) ?? []
    list.push({ key: key.slice(`entries/${owner}/`.length), ...read(version, key, packed) })
    entries.set(owner, list)
  }
  const others = [...duties].filter(([owner]) => owner !== self)
  const [known, entrances, pem] = [all.get(KNOWN), all.get(ENTRANCES), all.get(CERTIFICATE)]
  return {
    own: entries.get(self) ?? [],
    n: duties.get(self)?.epoch.n ?? 0,
    known: known === undefined ? [] : read(v.array(v.string()), KNOWN, known),
    copies: new Map(others.map(([owner, right]) => [owner, { entries: entries.get(owner) ?? [], ...right }])),
    entrances: entrances === undefined ? { bootstraps: [], peers: [] } : read(memories, ENTRANCES, entrances),
    certificate: pem === undefined ? undefined : read(certificate, CERTIFICATE, pem),
  }
}

/** @throws ColoniaError `storage` when the bytes are not what is kept under such a key. */
function read<S extends v.GenericSchema>(schema: S, key: string, packed: Bytes): v.InferOutput<S> {
  try {
    return v.parse(schema, decode(packed))
  } catch (cause) {
    throw storageFault(`what is kept as ${key}`, cause)
  }
}
