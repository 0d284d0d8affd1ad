/** The shipped registrar of one peer, on virtual time. */

import type { Millis } from '#protocols/machine'
import {
  type Config,
  type Draft,
  defaultTiming,
  type Input,
  Machine,
  type Output,
} from '#protocols/registration/index'
import type { Context } from './context.ts'
import type { Peer } from './peer.ts'

export interface RegistrarEvents {
  put(peer: Peer, draft: Draft): void
  look(peer: Peer, owner: string): void
}

export class Registrar {
  readonly #context: Context
  readonly #peer: Peer
  readonly #events: RegistrarEvents
  readonly #machine: Machine
  readonly #holds = new Set<string>()
  #tickAt: Millis = Number.POSITIVE_INFINITY

  constructor(context: Context, peer: Peer, events: RegistrarEvents) {
    this.#context = context
    this.#peer = peer
    this.#events = events
    const config: Config = { self: peer.id, random: () => peer.random.unit(), ...defaultTiming }
    this.#machine = new Machine(config)
  }

  give(input: Input): void {
    const { now } = this.#context
    for (const output of this.#machine.handle(input, now)) this.#perform(output)
    const due = this.#machine.nextDeadline()
    if (due === undefined || due >= this.#tickAt) return
    this.#tickAt = due
    this.#context.at(Math.ceil(due), () => {
      if (this.#tickAt !== due || !this.#peer.alive) return
      this.#tickAt = Number.POSITIVE_INFINITY
      this.give({ type: 'tick' })
    })
  }

  holds(owner: string, holds: boolean): void {
    if (this.#holds.has(owner) === holds) return
    if (holds) this.#holds.add(owner)
    else this.#holds.delete(owner)
    this.give({ type: 'holds', owners: [...this.#holds] })
  }

  #perform(output: Output): void {
    if (output.type === 'put') this.#events.put(this.#peer, output.draft)
    else this.#events.look(this.#peer, output.owner)
  }
}
