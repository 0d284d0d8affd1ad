/**
 * Peers that are entrances: each with its machine (when to dial again) and its link. Those that are given are
 * dialled from the start, those in reserve (`reserves.ts`) when they are needed.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import { defaultTiming, type Input, Machine, type Output } from '#protocols/entrance/index'
import type { Entrance } from '../api.ts'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import { isDirect } from '../link/links.ts'
import { type Addresses, dialPeer, peerTiming } from './dial.ts'
import { peerIn } from './hearsay.ts'
import type { Memory } from './memory.ts'

/** The end of patience with one dial, at all addresses of a peer, in milliseconds. */
const DIAL_TIMEOUT = 10_000

export interface PeerEntrancesInit {
  libp2p: Libp2p
  transports: TransportManager
  /** Multiaddrs of the options. */
  given: readonly string[]
  memory: Memory
  onChange: (entrance: Entrance) => void
  clock?: Clock
}

interface Door {
  readonly addresses: Addresses
  /** Not in reserve. */
  readonly given: boolean
  readonly ended: AbortController
  readonly drive: Drive<Input>
  view: Entrance
  link?: Connection
}

export class PeerEntrances {
  readonly #init: PeerEntrancesInit
  readonly #clock: Clock
  readonly #opened = (event: CustomEvent<Connection>) => this.#linked(event.detail)
  readonly #closed = (event: CustomEvent<Connection>) => this.#lost(event.detail)
  #doors: Door[]

  constructor(init: PeerEntrancesInit) {
    const { libp2p, given, clock = systemClock } = init
    this.#init = init
    this.#clock = clock
    this.#doors = given.map((address) => this.#door([address], true))
    libp2p.addEventListener('connection:open', this.#opened)
    libp2p.addEventListener('connection:close', this.#closed)
  }

  get views(): readonly Entrance[] {
    return this.#doors.map(({ view }) => view)
  }

  start(): void {
    for (const { drive } of this.#doors) drive.give({ type: 'start' })
  }

  /** Dial now all that are lost. */
  hurry(): void {
    for (const { drive } of this.#doors) drive.give({ type: 'hurry' })
  }

  /** Dials one in reserve. */
  add(addresses: Addresses): void {
    const door = this.#door(addresses, false)
    this.#doors.push(door)
    door.drive.give({ type: 'start' })
  }

  /** Lets go of those in reserve that are not linked. */
  drop(): void {
    const idle = this.#doors.filter(({ given, link }) => !given && link === undefined)
    for (const door of idle) this.#end(door)
    this.#doors = this.#doors.filter((door) => !idle.includes(door))
  }

  stop(): void {
    const { libp2p } = this.#init
    libp2p.removeEventListener('connection:open', this.#opened)
    libp2p.removeEventListener('connection:close', this.#closed)
    for (const door of this.#doors) this.#end(door)
  }

  #end({ drive, ended }: Door): void {
    ended.abort(new ColoniaError('stopped', 'this entrance is not needed any more'))
    drive.stop()
  }

  #door(addresses: Addresses, given: boolean): Door {
    const machine = new Machine({ ...defaultTiming, ...peerTiming, random: Math.random })
    const door: Door = {
      ...{ addresses, given, ended: new AbortController() },
      view: { kind: 'peer', url: addresses[0], state: 'connecting' },
      drive: drive({ machine, clock: this.#clock, perform: (output) => this.#perform(door, output) }),
    }
    return door
  }

  #perform(door: Door, output: Output): void {
    if (output.type === 'knock') return void this.#dial(door)
    // A peer is asked for nothing: whom it is linked to it tells as every link does.
    if (output.type !== 'changed') return
    const { state, reason, retryAt } = output
    const at = retryAt === undefined ? {} : { retryAt: Math.round(Date.now() + retryAt - this.#clock.now()) }
    const { url } = door.view
    door.view = { kind: 'peer', url, state, ...(reason === undefined ? {} : { reason }), ...at }
    this.#init.onChange(door.view)
  }

  async #dial(door: Door): Promise<void> {
    const { libp2p, transports, memory } = this.#init
    const signal = AbortSignal.any([door.ended.signal, AbortSignal.timeout(DIAL_TIMEOUT)])
    try {
      const dialled = await dialPeer({
        ...{ libp2p, transports, signal, clock: this.#clock, addresses: door.addresses },
        onLie: (address) => memory.forget(address),
      })
      this.#linked(dialled)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const refused = error instanceof ColoniaError && error.code === 'refused'
      if (door.link === undefined) door.drive.give({ type: refused ? 'refused' : 'lost', reason })
    }
  }

  /** However it was made, a link to that peer is what is wanted of it. */
  #linked(connection: Connection): void {
    const peer = connection.remotePeer.toString()
    if (!isDirect(connection) || connection.status !== 'open') return
    for (const door of this.#doors) {
      if (door.link !== undefined || peerIn(door.addresses[0]) !== peer) continue
      door.link = connection
      door.drive.give({ type: 'opened' })
    }
  }

  #lost({ id }: Connection): void {
    for (const door of this.#doors.filter(({ link }) => link?.id === id)) {
      delete door.link
      door.drive.give({ type: 'lost', reason: 'the connection was closed' })
    }
  }
}
