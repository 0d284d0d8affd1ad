/** A delivery: a message on its way. There are so many that each is an object with what it takes, and no more. */
import type { Message } from '#protocols/contingency/index'
import type { Happening } from '../queue.ts'
import type { Peer } from './peer.ts'

export class Delivery implements Happening {
  readonly #arrive: (delivery: Delivery) => void
  readonly from: Peer
  readonly to: Peer
  readonly message: Message
  /** A link was made for it, which is there when it arrives. */
  readonly opens: boolean

  constructor(
    arrive: (delivery: Delivery) => void,
    from: Peer,
    to: Peer,
    { message, opens }: { message: Message; opens: boolean },
  ) {
    this.#arrive = arrive
    this.from = from
    this.to = to
    this.message = message
    this.opens = opens
  }

  happen(): void {
    this.#arrive(this)
  }
}
