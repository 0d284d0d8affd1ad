/** Node: identity in a file, state in SQLite next to it, WebRTC by node-datachannel. */
import { access } from 'node:fs/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { IdentityError } from '../identity/fault.ts'
import { loadIdentity, readKeyFile, writeKeyFile } from '../identity-file.ts'
import { PROCESS } from '../link/budget.ts'
import { MEMORY, openSqlite } from '../state/sqlite.ts'
import type { Platform } from './platform.ts'

export const platform: Platform = {
  async openIdentity(path) {
    const key = path === undefined ? await generateKeyPair('Ed25519') : await loadIdentity(path)
    return { key, slot: 0, release() {} }
  },
  openStorage: (path) => openSqlite(path === undefined ? MEMORY : stateOf(path)),
  readKey: async (path) => (path === undefined ? undefined : await readKeyFile(path)),
  async replaceKey(path, key) {
    if (path === undefined) throw new IdentityError('taken', 'name a file for the identity')
    const there = await access(stateOf(path)).then(
      () => true,
      () => false,
    )
    if (there)
      throw new IdentityError(
        'taken',
        `${stateOf(path)} is another's state; move it away, or name another file`,
      )
    if (await writeKeyFile(path, key)) return undefined
    throw new IdentityError('taken', `${path} is there already; move it away, or name another file`)
  },
  checkListen: async (addresses) => await (await import('./ports.ts')).checkPorts(addresses),
  makeCertificate: async () => await (await import('./certificate.ts')).makeCertificate(),
  // A process has memory and a disk; 256 owners' beats are a tenth of a core (measured: half a millisecond each).
  capacity: { owners: 256, bytes: 128 * 1_048_576 },
  budget: PROCESS,
  defaultBootstraps: () => [],
  answersQuietly: true,
  async peerConnectionClass() {
    const { RTCPeerConnection } = await import('node-datachannel/polyfill')
    return RTCPeerConnection as unknown as { prototype: RTCPeerConnection }
  },
  // A server's interfaces seldom change, and signals belong to the process, not to a library in it.
  onNetworkChange: () => () => {},
  onNetworkDoubt: () => () => {},
  onGoodbye: () => () => {},
  onFreeze: () => () => {},
  onResume: () => () => {},
}

function stateOf(path: string): string {
  return `${path}.state`
}
