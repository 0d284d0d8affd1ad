/** Node: identity in a file, state in SQLite next to it, WebRTC by node-datachannel. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { loadIdentity } from '../identity-file.ts'
import { MEMORY, openSqlite } from '../state/sqlite.ts'
import type { Platform } from './platform.ts'

export const platform: Platform = {
  async openIdentity(path) {
    const key = path === undefined ? await generateKeyPair('Ed25519') : await loadIdentity(path)
    return { key, slot: 0, release() {} }
  },
  openStorage: (path) => openSqlite(path === undefined ? MEMORY : `${path}.state`),
  defaultBootstraps: () => [],
  async peerConnectionClass() {
    const { RTCPeerConnection } = await import('node-datachannel/polyfill')
    return RTCPeerConnection as unknown as { prototype: RTCPeerConnection }
  },
  // A server's interfaces seldom change, and signals belong to the process, not to a library in it.
  onNetworkChange: () => () => {},
  onGoodbye: () => () => {},
}
