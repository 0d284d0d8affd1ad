/** What differs between a browser and Node. `#platform` resolves to the one or the other. */
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { Budget } from '../link/budget.ts'
import type { Certificate } from '../state/keep.ts'
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
  openStorage(name: string | undefined, identity: Identity): Promise<Storage>
  /** The key that is kept under `name`, in a browser that of slot 0. @throws ColoniaError `bad-identity` */
  readKey(name: string | undefined): Promise<Ed25519PrivateKey | undefined>
  /**
   * Keeps `key` there from the next start on, with a state of its own. In a browser it takes the place of another
   * one, which is returned; in Node there must be none.
   * @throws ColoniaError `bad-identity`
   */
  replaceKey(name: string | undefined, key: Ed25519PrivateKey): Promise<Ed25519PrivateKey | undefined>
  /**
   * Whether this peer can listen on all of these multiaddrs: in a page never, in Node if their ports are free.
   * @throws ColoniaError `bad-options`, `cannot-listen`
   */
  checkListen(addresses: readonly string[]): Promise<void>
  /** A new certificate for WebRTC-Direct; in Node only. */
  makeCertificate(): Promise<Certificate>
  /** What a peer holds for others when nothing is said: owners, and bytes of all of them. */
  readonly capacity: { owners: number; bytes: number }
  /** How many RTCPeerConnections may be opened. */
  readonly budget: Budget
  /** Bootstraps to use when none are named. */
  defaultBootstraps(): readonly string[]
  /** An RTCPeerConnection that answers had better not try before the other side does: see `node/hand/end.ts`. */
  readonly answersQuietly: boolean
  /** The class that `link/init-channel.ts`, `dtls-role.ts`, `early-candidates.ts` and `closed-channels.ts` mend. */
  peerConnectionClass(): Promise<{ prototype: RTCPeerConnection } | undefined>
  /** Calls back when the way to the internet changed. Returns a function that stops it. */
  onNetworkChange(callback: () => void): () => void
  /** Calls back when it may have, or is gone for now. Returns a function that stops it. */
  onNetworkDoubt(callback: () => void): () => void
  /** Calls back when the page is being left for good. Returns a function that stops it. */
  onGoodbye(callback: () => void): () => void
  /** Calls back when the page is about to be stopped for a while. Returns a function that stops it. */
  onFreeze(callback: () => void): () => void
  /** Calls back when it runs again. Neither has to come. Returns a function that stops it. */
  onResume(callback: () => void): () => void
}
