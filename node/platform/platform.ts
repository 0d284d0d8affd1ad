/** What differs between a browser and Node. `#platform` resolves to the one or the other. */
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { Storage } from '../state/storage.ts'

export interface Identity {
  key: Ed25519PrivateKey
  /** Which tab of this browser this is; 0 in Node. */
  slot: number
  /** Lets another tab have the slot. Idempotent. */
  release(): void
}

export interface Platform {
  /** The identity kept under `name`, made if there is none; without a name, where there is no default: a passing one. */
  openIdentity(name: string | undefined): Promise<Identity>
  /**
   * Where the state of that identity is kept; in Node without a name: nowhere, for as long as it is open.
   * @throws ColoniaError `storage`
   */
  openStorage(name: string | undefined, slot: number): Promise<Storage>
  /** Bootstraps to use when none are named. */
  defaultBootstraps(): readonly string[]
  /** The class whose data channels `link/init-channel.ts` mends. */
  peerConnectionClass(): Promise<{ prototype: RTCPeerConnection } | undefined>
  /** Calls back when the way to the internet changed. Returns a function that stops it. */
  onNetworkChange(callback: () => void): () => void
  /** Calls back when the page is being left for good. Returns a function that stops it. */
  onGoodbye(callback: () => void): () => void
}
