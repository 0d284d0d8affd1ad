/** What the contingency machine takes and gives. */
import type { Tick } from '../machine.ts'
import type { Entry, StoreFault } from '../state/index.ts'
import type { Part } from './duty.ts'
import type { Epoch } from './epoch.ts'
import type { Delegation, Message } from './messages.ts'
import type { Candidate } from './ranking.ts'

export type Input =
  /** Own state as it was kept, the last epoch number that was kept or registered, and peers that may hold a copy. */
  | { type: 'start'; entries: readonly Entry[]; n: number; known: readonly string[] }
  /** Another's copy as it was kept before a restart, with the epoch and right that `changed` last told. */
  | { type: 'restore'; owner: string; entries: readonly Entry[]; epoch: Epoch; chain: readonly Delegation[] }
  /** All of these or none, each with the version `next`. `id` comes back in the answer. */
  | { type: 'write'; id: number; entries: readonly Entry[] }
  /** Who is linked and could be appointed: all of them, each time. */
  | { type: 'candidates'; candidates: readonly Candidate[] }
  /** There is a link to that peer: for a machine that asks for its candidates, and is not told of them. */
  | { type: 'linked'; peer: string }
  /** That peer may write or hold the state of `owner`, by default our own: the registration says so, of that epoch. */
  | { type: 'hint'; peer: string; owner?: string; epoch?: Epoch }
  | { type: 'message'; from: string; message: Message }
  /** No link to that peer is left. */
  | { type: 'closed'; peer: string }
  /** With `watch: 'told'`: that peer has not been heard for as long as there is patience with it. */
  | { type: 'silent'; peer: string }
  /** With `watch: 'told'`: this peer stood still for a while. Else the machine knows by what it is late for. */
  | { type: 'woke' }
  /** Goodbye. Until `resume` nothing is heard any more; what is written is kept here and waits. */
  | { type: 'leave' }
  /** It was no goodbye for good: a page that was frozen goes on. Without a goodbye before it, nothing. */
  | { type: 'resume' }
  /** This peer would rather not hold that owner's state, nor stand in for it, any more. */
  | { type: 'resign'; owner: string }
  | Tick

export type Output =
  /** In every chain the driver signs the links that are given by us and have no proof yet. */
  | { type: 'send'; to: string; message: Message }
  /** To be kept before what follows is sent. */
  | { type: 'persist'; owner: string; entries: readonly Entry[] }
  | { type: 'dropped'; owner: string }
  | { type: 'written'; id: number; n: number }
  /** `outdated`: others' entries came in between, so that the version is not `next` any more. `superseded`: see `Part`. */
  | { type: 'rejected'; id: number; fault: StoreFault | 'outdated' | 'superseded' }
  /** What this session wrote to these keys is not what stands: another device wrote later. */
  | { type: 'overruled'; entries: readonly Entry[] }
  /** `holder` has all that this session wrote up to counter `upTo`. */
  | { type: 'backed'; holder: string; upTo: number }
  /** Who writes the state of `owner` is in doubt: look up whom the registration names, and tell by `hint`. */
  | { type: 'seek'; owner: string }
  /** What this peer is to `owner` changed, or who holds with it. `chain`: its right, to be kept for `restore`. */
  | {
      type: 'changed'
      owner: string
      part: Part
      epoch: Epoch
      roster: readonly string[]
      chain: readonly Delegation[]
    }
