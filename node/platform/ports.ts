/** Whether ports are free, asked before anything else begins: a peer that cannot listen is to say so at once. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { getNetConfig } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { ColoniaError } from '../errors.ts'

/** @throws ColoniaError `cannot-listen`, naming the address and why. */
export async function checkPorts(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    const { host, port, protocol } = getNetConfig(multiaddr(address))
    await (protocol === 'udp' ? bindUdp(host, port ?? 0) : bindTcp(host, port ?? 0)).catch((cause: Error) => {
      throw new ColoniaError('cannot-listen', `cannot listen on ${address}: ${cause.message}`, { cause })
    })
  }
}

async function bindTcp(host: string, port: number): Promise<void> {
  const server = createServer().listen({ host, port, ipv6Only: host.includes(':') })
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

async function bindUdp(host: string, port: number): Promise<void> {
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', ipv6Only: host.includes(':') })
  socket.bind(port, host)
  await once(socket, 'listening')
  socket.close()
  await once(socket, 'close')
}
