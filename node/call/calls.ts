/**
 * Calls: drives the call machine. It performs the machine's outputs on paths, media engines and the `Call`
 * objects that developers hold, and turns what happens there into inputs.
 */
import type { Connection, Libp2p } from '@libp2p/interface'
import { type Input, Machine, type MediaState, type Output, wire } from '#protocols/call/index'
import { unreachable } from '#protocols/machine'
import type { Call, CallOptions } from '../api.ts'
import { type Clock, type Drive, drive, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import type { Links } from '../link/links.ts'
import { type CallActions, NodeCall } from './call.ts'
import { Media, mediaState } from './media.ts'
import { Paths } from './paths.ts'
import type { SeatRecord } from './seat.ts'

/** Inbound call streams on one connection: one in use, one that takes over, and room for a race. */
const MAX_INBOUND_STREAMS = 4

/**
 * From media to the link that takes a call's control off the relay, in milliseconds. The first pictures have the
 * processor to themselves, and the relay has two minutes (guess).
 */
const LINK_AFTER = 1_000

/**
 * How long after the start a seat may still turn up that holders give back, in milliseconds. Until then nobody who
 * believes in a call that we do not know hears that it is over. Holders that still believe in a dead link of ours
 * took 14 s to give it back; the rest is a guess.
 */
const SEAT_LOOK = 60_000

export interface CallsInit {
  libp2p: Libp2p
  links: Links
  /** What others are told this peer is called. */
  name: () => string | undefined
  iceServers: () => readonly RTCIceServer[]
  onIncoming: (call: Call) => void
  onChange: (call: NodeCall) => void
  /** Media is gone: something about the network may have changed. */
  onDoubt: () => void
  clock?: Clock
}

export class Calls {
  readonly #init: CallsInit
  readonly #machine: Machine<string>
  readonly #drive: Drive<Input<string>>
  readonly #paths: Paths
  readonly #calls = new Map<string, NodeCall>()
  readonly #opened = (event: CustomEvent<Connection>) => void this.#paths.improve(event.detail)
  #cancelLink = () => {}
  /** Messages that made no sense since the start. */
  nonsense = 0

  constructor(init: CallsInit) {
    this.#init = init
    const { libp2p, links, name, clock = systemClock } = init
    const self = libp2p.peerId.toString()
    const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
    const began = clock.now()
    const mayReturn = () => clock.now() < began + SEAT_LOOK
    this.#machine = new Machine({ self, compare, capacity: 1, name, mayReturn })
    this.#drive = drive({ machine: this.#machine, clock, perform: (output) => this.#perform(output) })
    this.#paths = new Paths(links, {
      up: (to) => this.#drive.give({ type: 'path-up', to }),
      down: (to, fault) =>
        this.#drive.give({ type: 'path-down', to, ...(fault === undefined ? {} : { fault }) }),
      message: (from, message) => this.#drive.give({ type: 'message', from, message }),
      nonsense: () => {
        this.nonsense += 1
      },
    })
  }

  get all(): readonly Call[] {
    return [...this.#calls.values()]
  }

  async start(): Promise<void> {
    const { libp2p } = this.#init
    libp2p.addEventListener('connection:open', this.#opened)
    await libp2p.handle(wire.protocol, (stream, connection) => this.#paths.accept(stream, connection), {
      runOnLimitedConnection: true,
      maxInboundStreams: MAX_INBOUND_STREAMS,
      maxOutboundStreams: MAX_INBOUND_STREAMS,
    })
  }

  /** @throws ColoniaError `busy` */
  place(peer: string, { media, signal }: CallOptions = {}): Call {
    signal?.throwIfAborted()
    // Calling someone who is calling means answering.
    const theirs = [...this.#calls.values()].find((call) => call.peer === peer && call.phase === 'incoming')
    if (theirs !== undefined) {
      theirs.accept(media === undefined ? {} : { media })
      return theirs
    }
    if (this.#machine.alive > 0) throw new ColoniaError('busy', 'another call is not over')
    const id = randomHex(16)
    const state = mediaState(media)
    const snapshot = {
      phase: 'calling',
      end: undefined,
      name: undefined,
      localMedia: state,
      away: undefined,
    } as const
    const remoteMedia = { audio: false, video: false }
    const call = new NodeCall(id, peer, 'outgoing', { ...snapshot, remoteMedia }, (one) => this.#actions(one))
    call.local = media
    this.#calls.set(id, call)
    this.#drive.give({ type: 'place', call: id, to: peer, media: state })
    signal?.addEventListener('abort', () => call.hangUp(), { once: true })
    return call
  }

  /** Sits down again in a call that was; `undefined` if there is another by now. */
  sit({ call: id, peer, name, direction, since, media }: SeatRecord, patience: number): NodeCall | undefined {
    if (this.#machine.alive > 0) return undefined
    const nobody = { audio: false, video: false }
    const snapshot = { phase: 'reconnecting', end: undefined, name, away: undefined } as const
    const call = new NodeCall(
      id,
      peer,
      direction,
      { ...snapshot, localMedia: nobody, remoteMedia: nobody },
      (one) => this.#actions(one),
    )
    call.resume(since, media)
    this.#calls.set(id, call)
    const sitting = randomHex(8)
    this.#drive.give({ type: 'return', call: id, to: peer, direction, name, media, sitting, patience })
    return call
  }

  /** There is a way to others again. */
  reachable(): void {
    this.#drive.give({ type: 'reachable' })
  }

  /** The link to `peer` is dead though there is a network, so that media has no way either. */
  linkLost(peer: string): void {
    if ([...this.#calls.values()].some((call) => call.peer === peer)) this.networkChanged()
    this.reachable()
  }

  networkChanged(): void {
    this.#drive.give({ type: 'network-changed' })
  }

  /** The page goes: calls that are active keep their seats, others end. Nothing is said after that. */
  leave(): void {
    this.#drive.give({ type: 'leave' })
    this.#drive.stop()
  }

  /** Ends all calls, or with `away` leaves them; the last words go out on the paths that there are. */
  async stop(away: boolean): Promise<void> {
    if (away) this.leave()
    for (const call of this.#calls.values()) call.hangUp()
    const { libp2p } = this.#init
    libp2p.removeEventListener('connection:open', this.#opened)
    await libp2p.unhandle(wire.protocol)
    this.#drive.stop()
    this.#paths.stop()
  }

  #actions(call: NodeCall): CallActions {
    return {
      accept: (media: MediaState) => this.#drive.give({ type: 'accept', call: call.id, media }),
      decline: () => this.#drive.give({ type: 'decline', call: call.id }),
      hangUp: () => this.#drive.give({ type: 'hang-up', call: call.id }),
      setMedia: (media: MediaState) => this.#drive.give({ type: 'set-media', call: call.id, media }),
    }
  }

  #perform(output: Output<string>): void {
    switch (output.type) {
      case 'send':
        return this.#paths.send(output.to, output.message)
      case 'open-path':
        return void this.#paths.open(output.to)
      case 'close-path':
        return this.#paths.close(output.to)
      case 'media-start':
        return this.#startMedia(output.call, output.begin)
      case 'media-stop':
        return this.#stopMedia(output.call)
      case 'step':
        return this.#calls.get(output.call)?.media?.perform(output.step)
      case 'incoming': {
        const { call: id, from, snapshot } = output
        const call = new NodeCall(id, from, 'incoming', snapshot, (one) => this.#actions(one))
        this.#calls.set(id, call)
        return this.#init.onIncoming(call)
      }
      case 'changed':
        return this.#changed(output.call, output.snapshot)
      case 'merged':
        return this.#merge(output.from, output.to)
      case 'ignored':
        this.nonsense += 1
        return
      default:
        return unreachable(output)
    }
  }

  #changed(id: string, snapshot: Parameters<NodeCall['update']>[0]): void {
    const call = this.#calls.get(id)
    if (call === undefined) return
    if (snapshot.phase === 'ended') this.#calls.delete(id)
    const begins = snapshot.phase === 'active' && call.phase !== 'active'
    const first = call.activeSince === undefined
    const { clock = systemClock, onChange } = this.#init
    call.update(snapshot, clock.now())
    if (begins && (call.resumed || (first && call.direction === 'outgoing'))) this.#linkLater(call.peer)
    onChange(call)
    if (snapshot.phase === 'ended') this.#cancelLink()
  }

  /**
   * A direct link takes the control off the relay. One side makes it, or there would be two: who called, and who
   * came back. Should it fail, the
   * call stays on the relay while that lasts, and knocks again after.
   */
  #linkLater(peer: string): void {
    const { clock = systemClock, links } = this.#init
    this.#cancelLink()
    this.#cancelLink = clock.after(LINK_AFTER, () => void links.link(peer).catch(() => {}))
  }

  #merge(from: string, to: string): void {
    const call = this.#calls.get(from)
    if (call === undefined) return
    this.#calls.delete(from)
    call.id = to
    this.#calls.set(to, call)
  }

  #startMedia(id: string, begin: boolean): void {
    const call = this.#calls.get(id)
    if (call === undefined) return
    if (globalThis.RTCPeerConnection === undefined) {
      // Node carries the control of a call but no media: as soon as it is accepted it is as good as it gets.
      this.#drive.give({ type: 'connectivity', call: id, state: 'connected' })
      return
    }
    const { iceServers } = this.#init
    const media = new Media(iceServers, call.local, call.remote ?? new MediaStream(), {
      needed: () => this.#drive.give({ type: 'negotiation-needed', call: call.id }),
      described: (description) => this.#drive.give({ type: 'described', call: call.id, description }),
      failed: () => this.#drive.give({ type: 'step-failed', call: call.id }),
      gathered: (candidate) => this.#drive.give({ type: 'gathered', call: call.id, candidate }),
      connectivity: (state) => {
        if (state !== 'connected') this.#init.onDoubt()
        this.#drive.give({ type: 'connectivity', call: call.id, state })
      },
      isSent: () => call.remoteMedia.audio || call.remoteMedia.video,
    })
    call.media = media
    if (begin) media.begin()
  }

  #stopMedia(id: string): void {
    const call = this.#calls.get(id)
    call?.media?.close()
    if (call !== undefined) call.media = undefined
  }
}

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
