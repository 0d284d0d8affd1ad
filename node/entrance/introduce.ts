/**
 * Being introduced: find the entrance by its doorplate, connect, ask for a reservation and for peers.
 *
 * Nothing that the entrance says is believed unsigned: the peers come as signed records, which the peer store
 * verifies, and the limits and ICE servers only ever bind this peer to less.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { PeerRecord, RecordEnvelope } from '@libp2p/peer-record'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import {
  type Doorplate,
  type Introduction,
  MAX_PEERS,
  readDoorplate,
  VERSION,
  wire,
} from '#protocols/introduction/index'
import { openChannel } from '../channel.ts'
import { ColoniaError } from '../errors.ts'

/** A doorplate is about 500 bytes; more than this is not one. */
const MAX_DOORPLATE_BYTES = 16_384

export interface Opened {
  connection: Connection
  /** The address by which the entrance was reached, ending in its PeerID. */
  address: Multiaddr
  introduction: Introduction
  /** PeerIDs of those introduced; their addresses are in the peer store. */
  peers: readonly string[]
}

export interface IntroduceInit {
  libp2p: Libp2p
  transports: TransportManager
  doorplate: Doorplate
  signal: AbortSignal
}

/**
 * Connects, reserves and asks.
 * @throws ColoniaError `refused` with a reason fit for a person; any other error means that it was not reached.
 */
export async function introduce({ libp2p, transports, doorplate, signal }: IntroduceInit): Promise<Opened> {
  const addresses = doorplate.addresses.map((address) => multiaddr(address))
  const connection = await libp2p.dial(addresses, { signal })
  const address = addresses.find((one) => one.equals(connection.remoteAddr)) ?? connection.remoteAddr
  const [introduction] = await Promise.all([
    ask(connection, signal),
    transports.listen([address.encapsulate('/p2p-circuit')]),
  ])
  return { connection, address, introduction, peers: await remember(libp2p, introduction) }
}

/** Asks an open entrance once more: whom it knows by now, and for fresh credentials. */
export async function introduceAgain(
  libp2p: Libp2p,
  { connection }: Opened,
  signal: AbortSignal,
): Promise<Pick<Opened, 'introduction' | 'peers'>> {
  const introduction = await ask(connection, signal)
  return { introduction, peers: await remember(libp2p, introduction) }
}

/**
 * What the entrance at `url` (`http(s)://host[:port]`) says of itself.
 * @throws ColoniaError `refused` when it is no bootstrap or of another version; any other error: not reached.
 */
export async function readPlate(url: string, signal: AbortSignal): Promise<Doorplate> {
  const response = await fetch(new URL('/introduction', url), { signal, cache: 'no-store' }).catch(
    (cause) => {
      throw new Error(`${url} cannot be reached`, { cause })
    },
  )
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const text = await response.text()
  if (text.length > MAX_DOORPLATE_BYTES) throw new Error(`${url} answered with ${text.length} characters`)
  const plate = readDoorplate(JSON.parse(text))
  if ('error' in plate)
    throw new ColoniaError('refused', `${url} is not a Colonia bootstrap (${plate.error})`)
  if (plate.lowest > VERSION || plate.highest < VERSION) throw versionRefused(plate)
  return plate
}

async function ask(connection: Connection, signal: AbortSignal): Promise<Introduction> {
  const stream = await connection.newStream(wire.protocol, { signal })
  const channel = openChannel(stream, wire)
  await channel.send({ type: 'introduce', lowest: VERSION, highest: VERSION, want: MAX_PEERS }, { signal })
  const reply = await channel.receive({ signal })
  void stream.close({ signal }).catch((error: Error) => stream.abort(error))
  if (reply.type === 'introduction') return reply
  if (reply.type !== 'refused')
    throw new ColoniaError('refused', `the bootstrap answered with "${reply.type}"`)
  // Draining and full pass by themselves, so these count as "not reached" and are tried again.
  throw reply.code === 'version' ? versionRefused(reply) : new Error(reply.reason)
}

function versionRefused({ lowest, highest }: { lowest: number; highest: number }): ColoniaError {
  const theirs = lowest === highest ? `version ${lowest}` : `versions ${lowest} to ${highest}`
  return new ColoniaError(
    'refused',
    `the bootstrap speaks ${theirs} of the protocol, this peer version ${VERSION}`,
  )
}

/** Puts the records that are genuine into the peer store. A forged or stale one costs its place and no more. */
async function remember(libp2p: Libp2p, { peers }: Introduction): Promise<string[]> {
  const known = await Promise.all(
    peers.map(async (record) => {
      const signal = AbortSignal.timeout(5_000)
      const envelope = await RecordEnvelope.openAndCertify(record, PeerRecord.DOMAIN, { signal }).catch(
        () => undefined,
      )
      if (envelope === undefined) return undefined
      const id = PeerRecord.createFromProtobuf(envelope.payload).peerId
      if (id.equals(libp2p.peerId)) return undefined
      await libp2p.peerStore.consumePeerRecord(record, { expectedPeer: id }).catch(() => false)
      return id.toString()
    }),
  )
  return known.filter((id) => id !== undefined)
}
