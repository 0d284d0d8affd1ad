/**
 * Listening: a peer in Node that others dial directly, and which thereby is an entrance for those who know it.
 *
 * Law: an address by which one is remembered stays the same. So the certificate whose hash is part of a
 * WebRTC-Direct address is made once and kept with the state. Who a peer is does not rest on it: noise says that.
 */
import type { Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { WebRTCDirect } from '@multiformats/multiaddr-matcher'
import { platform } from '#platform'
import type { NodeOptions } from '../api.ts'
import { ColoniaError } from '../errors.ts'
import type { Certificate, Keep } from '../state/keep.ts'
import { isDirectAddress } from './hearsay.ts'

export interface Listening {
  /** Multiaddrs to listen on. */
  listen: string[]
  /** Multiaddrs to tell others of, in place of those of this machine. */
  announce: string[]
  certificate: Certificate | undefined
}

/**
 * What is needed to listen as the options say.
 * @throws ColoniaError `cannot-listen`: this is a page, or a port is taken; `storage`
 */
export async function prepareListening(options: NodeOptions, keep: Keep): Promise<Listening> {
  const { listen = [], announce = [] } = options
  await platform.checkListen(listen)
  const wanted = listen.some((address) => WebRTCDirect.matches(multiaddr(address)))
  return {
    listen: [...listen],
    announce: [...announce],
    certificate: wanted ? await certificateIn(keep) : undefined,
  }
}

/** Starts libp2p, which then listens; if it cannot, all is closed. @throws ColoniaError `cannot-listen` */
export async function startToListen(libp2p: Libp2p, keep: Keep): Promise<void> {
  try {
    await libp2p.start()
  } catch (cause) {
    await keep.close()
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ColoniaError('cannot-listen', `the peer cannot start: ${why}`, { cause })
  }
}

/**
 * Leaves the UDP listeners of WebRTC-Direct to the end of the process, before libp2p would stop them. In
 * node-datachannel 0.33.4 that ends the process by a signal while someone is connected (4 of 7 processes of up to
 * eight stops; none of 5 without), and gives no port back.
 */
export function spareListeners(transports: TransportManager): void {
  for (const listener of transports.getListeners()) {
    const { stunServer } = listener as { stunServer?: { close(): Promise<void> } }
    if (stunServer !== undefined) stunServer.close = async () => {}
  }
}

async function certificateIn(keep: Keep): Promise<Certificate> {
  const { certificate: kept } = keep.kept
  if (kept !== undefined) return kept
  const certificate = await platform.makeCertificate()
  await keep.write([{ type: 'certificate', certificate }])
  return certificate
}

/** Of all `addresses` of this peer those that others are told of: of the direct ones those announced, if any are. */
export function announced(addresses: Multiaddr[], { announce }: Listening): Multiaddr[] {
  const told = (address: Multiaddr) => announce.some((each) => address.toString().startsWith(each))
  return addresses.filter((address) => announce.length === 0 || !isDirectAddress(address) || told(address))
}
