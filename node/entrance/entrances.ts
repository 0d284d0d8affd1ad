/**
 * Entrances: the bootstraps this peer knows, each with its machine (when to knock) and its connection.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { defaultTiming, type Input, Machine, type Output } from '#protocols/entrance/index'
import type { IceServer } from '#protocols/introduction/index'
import type { Entrance } from '../api.ts'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import { introduce, introduceAgain, type Opened, readPlate } from './introduce.ts'

/** The end of patience with one knock, in milliseconds. */
const KNOCK_TIMEOUT = 10_000

export interface EntrancesInit {
  libp2p: Libp2p
  transports: TransportManager
  urls: readonly string[]
  onChange: (entrance: Entrance) => void
  onIntroduced: (peers: readonly string[]) => void
  /** Whether more peers would be of use. */
  wanting: () => boolean
  clock?: Clock
}

interface Door {
  url: string
  view: Entrance
  drive: Drive<Input>
  /** The entrance's PeerID, once it was read from its doorplate. */
  peer?: string
  opened?: Opened
}

export class Entrances {
  readonly #init: EntrancesInit
  readonly #doors: Door[]
  readonly #stopped = new AbortController()
  readonly #closed = (event: CustomEvent<Connection>) => this.#lost(event.detail)

  constructor(init: EntrancesInit) {
    this.#init = init
    this.#doors = init.urls.map((url) => this.#door(url))
    init.libp2p.addEventListener('connection:close', this.#closed)
  }

  get views(): readonly Entrance[] {
    return this.#doors.map(({ view }) => view)
  }

  /** Addresses of those that are connected: relays for a handshake. */
  get addresses(): readonly Multiaddr[] {
    return this.#doors.flatMap(({ opened }) => (opened === undefined ? [] : [opened.address]))
  }

  /** What the connected ones said, latest wins. */
  get iceServers(): readonly IceServer[] {
    return this.#doors.flatMap(({ opened }) => opened?.introduction.iceServers ?? [])
  }

  /** Whether that PeerID is an entrance's. */
  has(peer: string): boolean {
    return this.#doors.some((door) => door.peer === peer)
  }

  start(): void {
    for (const { drive } of this.#doors) drive.give({ type: 'start' })
  }

  /** Knock now at all that are lost. */
  hurry(): void {
    for (const { drive } of this.#doors) drive.give({ type: 'hurry' })
  }

  stop(): void {
    this.#init.libp2p.removeEventListener('connection:close', this.#closed)
    this.#stopped.abort(new ColoniaError('stopped', 'the node was stopped'))
    for (const { drive } of this.#doors) drive.stop()
  }

  #door(url: string): Door {
    const { clock = systemClock } = this.#init
    const machine = new Machine({ ...defaultTiming, random: Math.random })
    const door: Door = {
      url,
      view: { url, state: 'connecting' },
      drive: drive({ machine, clock, perform: (output) => this.#perform(door, output) }),
    }
    return door
  }

  #perform(door: Door, output: Output): void {
    if (output.type === 'knock') return void this.#knock(door)
    if (output.type === 'ask') return void this.#ask(door)
    const { state, reason, retryAt } = output
    const { clock = systemClock } = this.#init
    door.view = {
      url: door.url,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(retryAt === undefined ? {} : { retryAt: Math.round(Date.now() + retryAt - clock.now()) }),
    }
    this.#init.onChange(door.view)
  }

  async #knock(door: Door): Promise<void> {
    const { libp2p, transports, onIntroduced } = this.#init
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(KNOCK_TIMEOUT)])
    try {
      const doorplate = await readPlate(door.url, signal)
      door.peer = doorplate.peerId
      door.opened = await introduce({ libp2p, transports, doorplate, signal })
      if (door.opened.connection.status !== 'open') throw new Error('the connection closed at once')
      door.drive.give({ type: 'opened' })
      onIntroduced(door.opened.peers)
    } catch (error) {
      delete door.opened
      const reason = error instanceof Error ? error.message : String(error)
      const refused = error instanceof ColoniaError && error.code === 'refused'
      door.drive.give({ type: refused ? 'refused' : 'lost', reason })
    }
  }

  async #ask({ opened }: Door): Promise<void> {
    const { libp2p, wanting, onIntroduced } = this.#init
    if (opened === undefined || !wanting()) return
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(KNOCK_TIMEOUT)])
    // An entrance that does not answer is heard of when its connection closes.
    onIntroduced(await introduceAgain(libp2p, opened, signal).catch(() => []))
  }

  #lost(connection: Connection): void {
    const door = this.#doors.find(({ opened }) => opened?.connection.id === connection.id)
    if (door === undefined) return
    delete door.opened
    door.drive.give({ type: 'lost', reason: 'the connection was closed' })
  }
}
