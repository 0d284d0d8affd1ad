/**
 * The rival's phone: PeerJS as its documentation shows it, but without its public STUN and TURN servers,
 * because Colonia's peers are given none here either.
 */
import { type MediaConnection, Peer } from 'peerjs'
import type { Phone } from './phone.ts'
import { show } from './screen.ts'

/** @throws Error when the server on `port` of this machine cannot be reached */
export async function openPeerJs(port: number, mine: () => MediaStream): Promise<Phone> {
  // An id of our own saves asking for one over http, which the page's content policy forbids.
  const peer = new Peer(crypto.randomUUID(), {
    host: '127.0.0.1',
    port,
    path: '/',
    config: { iceServers: [] },
  })
  const calls = new Set<MediaConnection>()
  const streamOf = (call: MediaConnection) => {
    calls.add(call)
    return new Promise<MediaStream>((resolve) => call.once('stream', resolve))
  }
  peer.on('call', (call) => {
    call.answer(mine())
    void streamOf(call).then(show)
  })
  const id = await new Promise<string>((resolve, reject) => {
    peer.once('open', resolve)
    peer.once('error', reject)
  })
  return {
    id,
    call: (to, media) => streamOf(peer.call(to, media)),
    async hangUp() {
      for (const call of calls) call.close()
      calls.clear()
    },
    async link() {},
    async close() {
      peer.destroy()
    },
  }
}
