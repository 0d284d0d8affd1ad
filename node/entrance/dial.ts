/**
 * Dialling a peer that is an entrance: at its own addresses, without a bootstrap, a relay or an introduction. What
 * comes of it is a link like any other.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import { hedge } from '../link/hedge.ts'
import { isDirect } from '../link/links.ts'
import { peerIn } from './hearsay.ts'

/**
 * When to dial one again: rarely, because it is another's machine, and a tab may open some 500
 * RTCPeerConnections in its life. Sixteen dead ones cost at most two hundred an hour (guess).
 */
export const peerTiming = { first: 2_000, cap: 300_000 } as const

/** Silence after which the next address is tried beside it, in milliseconds (guess). */
const STALL = 600

/** Of one peer, best first, each ending in its PeerID. */
export type Addresses = readonly [string, ...string[]]

export interface DialInit {
  libp2p: Libp2p
  transports: TransportManager
  addresses: Addresses
  clock: Clock
  signal: AbortSignal
  /** Another peer answered at that address. */
  onLie: (address: string) => void
}

/** Whether an entrance is a peer, and not a bootstrap: a multiaddr, and not a URL. */
export function isOfPeer(entrance: string): boolean {
  return entrance.startsWith('/')
}

/**
 * A direct connection to it, which may be there already.
 * @throws ColoniaError `refused` when it is someone else who answers at every address; any other error: not reached.
 */
export async function dialPeer(init: DialInit): Promise<Connection> {
  const { libp2p, transports, addresses, clock, signal, onLie } = init
  const peer = peerIdFromString(peerIn(addresses[0]))
  const open = libp2p.getConnections(peer).find((one) => isDirect(one) && one.status === 'open')
  if (open !== undefined) return open
  let lies = 0
  const attempt = async (end: AbortSignal, index: number) => {
    const address = addresses[index] as string
    try {
      return await transports.dial(multiaddr(address), { signal: end })
    } catch (error) {
      if (isLie(error)) {
        lies += 1
        onLie(address)
      }
      throw error
    }
  }
  const options = { attempts: addresses.length, stall: STALL, clock, signal }
  return await hedge(attempt, (late) => void late.close().catch(() => undefined), options).catch((cause) => {
    if (lies === addresses.length) throw new ColoniaError('refused', 'another peer answers there', { cause })
    throw new Error(`no address of it can be reached: ${messageOf(cause)}`, { cause })
  })
}

/** Noise says whose key it is that answers; libp2p's upgrader (3.3) keeps of its error no more than the message. */
function isLie(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    error.name === 'UnexpectedPeerError' || error.message.includes('does not match expected remote identity')
  )
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
