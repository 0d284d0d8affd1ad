/**
 * Entrances: the bootstraps this peer knows, each with its machine (when to knock) and its connection. Those that
 * are given are knocked at from the start, those in reserve (`reserves.ts`) when they are needed.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import type { TransportManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { defaultTiming, type Footing, type Input, Machine, type Output } from '#protocols/entrance/index'
import { unreachable } from '#protocols/machine'
import type { Entrance, EntranceState } from '../api.ts'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import { askToLeave, hangUp, idle } from './hanging-up.ts'
import { Ice } from './ice.ts'
import { introduce, introduceAgain, type Opened, readPlate } from './introduce.ts'
import type { Memory } from './memory.ts'
import { watchStrays } from './strays.ts'

/** The end of patience with one knock, in milliseconds. */
const KNOCK_TIMEOUT = 10_000
/** The end of patience with what is relayed through an entrance, in milliseconds: a little more than a relay's own. */
const PART_TIMEOUT = 150_000
/** Asked to leave, an entrance that does not know what that is is asked again after so long, in milliseconds. */
const NO_ANSWER = 300_000
/** In any other state an entrance is of use, or will be. */
const OUT: readonly EntranceState[] = ['connecting', 'lost', 'refused']

export interface EntrancesInit {
  libp2p: Libp2p
  transports: TransportManager
  urls: readonly string[]
  memory: Memory
  onChange: (entrance: Entrance) => void
  onIntroduced: (peers: readonly string[]) => void
  /** Whether more peers would be of use. */
  wanting: () => boolean
  /** Registers that these relays, and no other, lead here; resolves when others than entrances keep that. */
  register: (relays: readonly Multiaddr[], options: { signal: AbortSignal }) => Promise<void>
  /** `relays` has changed, and no entrance. */
  onRelays: () => void
  /**
   * One that was connected is lost, or is connected again after that: the network may be another. A knock that fails is no
   * further reason for doubt, or a server that is gone would have all its peers doubt their links for as long as they knock.
   */
  onDoubt: () => void
  clock?: Clock
}

interface Door {
  url: string
  /** Not in reserve. */
  given: boolean
  view: Entrance
  drive: Drive<Input>
  /** The entrance's PeerID, once it was read from its doorplate. */
  peer?: string
  opened?: Opened
  /** The connection ended, and there is no other yet. */
  lost?: true
  /** Hanging up is under way. */
  parting?: AbortController
}

export class Entrances {
  /** The servers of which they told. */
  readonly ice: Ice
  readonly #init: EntrancesInit
  #doors: Door[]
  readonly #stopped = new AbortController()
  #footing: Footing | undefined
  readonly #closed = (event: CustomEvent<Connection>) => this.#lost(event.detail)

  constructor(init: EntrancesInit) {
    this.#init = init
    this.ice = new Ice({ renew: (url) => this.#renew(url), ...init })
    this.#doors = init.urls.map((url) => this.#door(url, true))
    init.libp2p.addEventListener('connection:close', this.#closed)
    watchStrays(init.libp2p, (connection) => this.#wants(connection), this.#stopped.signal)
  }

  get views(): readonly Entrance[] {
    return this.#doors.map(({ view }) => view)
  }

  /** Addresses of those that are connected: relays for a handshake. */
  get addresses(): readonly Multiaddr[] {
    return this.#doors.flatMap(({ opened }) => (opened === undefined ? [] : [opened.address]))
  }

  /** Addresses by which others are led here: those of which this peer is not about to let go. */
  get relays(): readonly Multiaddr[] {
    return this.#doors.flatMap(({ opened, parting }) =>
      opened === undefined || parting !== undefined ? [] : [opened.address],
    )
  }

  /** Whether one let this peer in. */
  get entered(): boolean {
    return this.#doors.some(({ view }) => !OUT.includes(view.state))
  }

  /** Whether that PeerID is a bootstrap's. */
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

  /** Knock now at those that are lost, and at those that this peer has left. */
  want(): void {
    for (const { drive } of this.#doors) drive.give({ type: 'want' })
  }

  /** How this peer would stand without them. */
  stand(footing: Footing): void {
    if (footing.stands === this.#footing?.stands && footing.falls === this.#footing.falls) return
    this.#footing = footing
    for (const { drive } of this.#doors) drive.give({ type: 'footing', footing })
  }

  /** This peer stands in for somebody, who may have been an anchor. */
  inherit(): void {
    for (const { drive } of this.#doors) drive.give({ type: 'inherited' })
  }

  /** Knocks at one in reserve. */
  add(url: string): void {
    const door = this.#door(url, false)
    this.#doors.push(door)
    if (this.#footing !== undefined) door.drive.give({ type: 'footing', footing: this.#footing })
    door.drive.give({ type: 'start' })
  }

  /** Lets go of those in reserve that did not answer. */
  drop(): void {
    const idle = this.#doors.filter(({ given, view }) => !given && OUT.includes(view.state))
    for (const { drive } of idle) drive.stop()
    this.#doors = this.#doors.filter((door) => !idle.includes(door))
  }

  stop(): void {
    this.#init.libp2p.removeEventListener('connection:close', this.#closed)
    this.#stopped.abort(new ColoniaError('stopped', 'the node was stopped'))
    this.ice.stop()
    for (const { drive } of this.#doors) drive.stop()
  }

  #door(url: string, given: boolean): Door {
    const { clock = systemClock } = this.#init
    const machine = new Machine({ ...defaultTiming, random: Math.random })
    const door: Door = {
      ...{ url, given },
      view: { kind: 'bootstrap', url, state: 'connecting' },
      drive: drive({ machine, clock, perform: (output) => this.#perform(door, output) }),
    }
    return door
  }

  /** Whether that is an entrance's connection, or may be in a moment. */
  #wants({ id, remotePeer }: Connection): boolean {
    return this.#doors.some(
      ({ opened, peer, view }) =>
        opened?.connection.id === id || (view.state === 'connecting' && peer === remotePeer.toString()),
    )
  }

  #perform(door: Door, output: Output): void {
    switch (output.type) {
      case 'knock':
        return void this.#knock(door)
      case 'ask':
        return void this.#ask(door)
      case 'leave':
        return void this.#leave(door)
      case 'part':
        return void this.#part(door)
      case 'cling':
        return door.parting?.abort(new Error('this peer does not stand alone any more'))
      case 'changed':
        return this.#changed(door, output)
      default:
        return unreachable(output)
    }
  }

  #changed(door: Door, { state, reason, retryAt }: Extract<Output, { type: 'changed' }>): void {
    const { clock = systemClock } = this.#init
    door.view = {
      kind: 'bootstrap',
      url: door.url,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(retryAt === undefined ? {} : { retryAt: Math.round(Date.now() + retryAt - clock.now()) }),
    }
    this.#init.onChange(door.view)
  }

  async #knock(door: Door): Promise<void> {
    const { libp2p, transports, memory, onIntroduced } = this.#init
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(KNOCK_TIMEOUT)])
    try {
      const doorplate = await readPlate(door.url, signal)
      door.peer = doorplate.peerId
      const opened = await introduce({ libp2p, transports, doorplate, signal })
      // Another one opened meanwhile, and this one was let go.
      if (!this.#doors.includes(door)) return void opened.connection.close().catch(() => {})
      door.opened = opened
      memory.reached(door.url)
      memory.heard(opened.introduction.entrances ?? [], door.url)
      if (door.opened.connection.status !== 'open') throw new Error('the connection closed at once')
      this.ice.learn(door.url, door.opened.introduction.iceServers)
      door.drive.give({ type: 'opened' })
      if (door.lost) this.#init.onDoubt()
      delete door.lost
      onIntroduced(door.opened.peers)
    } catch (error) {
      delete door.opened
      const reason = error instanceof Error ? error.message : String(error)
      const refused = error instanceof ColoniaError && error.code === 'refused'
      door.drive.give({ type: refused ? 'refused' : 'lost', reason })
    }
  }

  /** Fresh credentials come with another introduction; whoever has no connection any more knocks for it. */
  #renew(url: string): void {
    for (const door of this.#doors.filter((one) => one.url === url)) {
      if (door.opened === undefined) door.drive.give({ type: 'want' })
      else void this.#introduceAgain(door)
    }
  }

  async #ask(door: Door): Promise<void> {
    if (this.#init.wanting()) await this.#introduceAgain(door)
  }

  async #introduceAgain({ url, opened }: Door): Promise<void> {
    if (opened === undefined) return
    const { libp2p, onIntroduced } = this.#init
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(KNOCK_TIMEOUT)])
    // An entrance that does not answer is heard of when its connection closes.
    const again = await introduceAgain(libp2p, opened, signal).catch(() => undefined)
    if (again === undefined) return
    this.ice.learn(url, again.introduction.iceServers)
    onIntroduced(again.peers)
  }

  async #leave({ opened, drive }: Door): Promise<void> {
    if (opened === undefined) return
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(KNOCK_TIMEOUT)])
    const answer = await askToLeave(opened.connection, signal).catch(() => NO_ANSWER)
    drive.give(answer === 'go' ? { type: 'go' } : { type: 'stay', millis: answer })
  }

  /** Others must have kept how this peer is found without that relay, before it is gone. */
  async #part(door: Door): Promise<void> {
    const { opened } = door
    if (opened === undefined) return
    const { libp2p, register, onRelays } = this.#init
    door.parting = new AbortController()
    const timeout = AbortSignal.timeout(PART_TIMEOUT)
    const signal = AbortSignal.any([this.#stopped.signal, door.parting.signal, timeout])
    try {
      await register(this.relays, { signal })
      await idle(libp2p, opened.connection, { signal })
      if (door.opened !== opened) return
      // From here on its end is no loss.
      delete door.opened
      await hangUp(opened.connection)
      door.drive.give({ type: 'parted' })
    } catch {
      // It leads here again, if it is still there.
      delete door.parting
      onRelays()
      door.drive.give({ type: 'clung' })
    } finally {
      delete door.parting
    }
  }

  #lost(connection: Connection): void {
    const door = this.#doors.find(({ opened }) => opened?.connection.id === connection.id)
    if (door === undefined) return
    delete door.opened
    door.parting?.abort(new Error('the connection was closed'))
    door.lost = true
    door.drive.give({ type: 'lost', reason: 'the connection was closed' })
    this.#init.onDoubt()
  }
}
