/** Belongings: what a peer keeps for itself and its contingents hold: its state, its inbox, the seat of its call. */
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { Resumption } from './api.ts'
import type { Calls } from './call/calls.ts'
import { Seat } from './call/seat.ts'
import type { OwnState } from './contingency/own-state.ts'
import { Inbox, type Letter } from './letters/inbox.ts'
import { Seal } from './state/seal.ts'
import { State } from './state/state.ts'

export interface BelongingsInit {
  key: Ed25519PrivateKey
  own: OwnState
  calls: Calls
  onLetter: (letter: Letter) => void
  onResume: (found: Resumption) => void
}

export class Belongings {
  readonly state: State
  readonly inbox: Inbox
  readonly seat: Seat

  static async open({ key, own, calls, onLetter, onResume }: BelongingsInit): Promise<Belongings> {
    const seal = await Seal.of(key)
    const state = await State.open(seal, own)
    const inbox = await Inbox.open({ key, seal, port: own, onLetter })
    const seat = new Seat(state, calls, onResume)
    seat.open()
    return new Belongings(state, inbox, seat)
  }

  private constructor(state: State, inbox: Inbox, seat: Seat) {
    this.state = state
    this.inbox = inbox
    this.seat = seat
  }

  /** What is being written is still written. */
  async stop(): Promise<void> {
    await this.seat.stop()
    await this.inbox.stop()
    await this.state.stop()
  }
}
