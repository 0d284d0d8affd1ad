/**
 * Meeting by hand: two people who can reach nobody else give each other a text, and are linked.
 *
 *     A invites: opens an end and says what it is like     `meet=…` to B, by whatever carries text
 *     B replies: opens an end towards it and says the same     `meet=…` to A
 *     A accepts, and begins; noise proves to each who the other is
 *
 * Law: a note is good for one meeting. An end to which nobody comes is closed when its invitation has expired, and
 * only so many wait at once. What comes of it is a link like any other.
 */
import type { Libp2p, PrivateKey, Upgrader } from '@libp2p/interface'
import {
  faultOfInvitation,
  faultOfReply,
  LIFE,
  type Message,
  NONCE_BYTES,
  type Of,
} from '#protocols/hand/index'
import { type Clock, systemClock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import type { ConnectionBudget } from '../link/budget.ts'
import type { PeerId } from '../peer-id.ts'
import type { Bytes } from '../state/value.ts'
import { Appointment } from './appointment.ts'
import { End } from './end.ts'
import { HandError } from './fault.ts'
import type { Invitation, InviteOptions, Reply } from './meeting.ts'
import { keyOf, peerOf, readNote, writeNote } from './note.ts'

/** Invitations that wait at once, and replies; with one more the oldest is withdrawn. */
export const MAX_OPEN = 4
/** From the reply being read to a link, in milliseconds: ICE on a bad network, and a handshake (guess). */
const CONNECT = 20_000

export interface HandInit {
  key: PrivateKey
  libp2p: Libp2p
  upgrader: Upgrader
  iceServers: () => readonly RTCIceServer[]
  /** Of RTCPeerConnections, which a link made by hand costs as any other. */
  budget: ConnectionBudget
  clock?: Clock
  /** Unix milliseconds. */
  wall?: () => number
}

export class Hand {
  readonly #init: HandInit
  readonly #self: Bytes
  readonly #clock: Clock
  readonly #wall: () => number
  readonly #invitations = new Set<Appointment>()
  readonly #replies = new Set<Appointment>()
  /** By the invitation they reply to, so that whoever reads one twice gives the same reply. */
  readonly #said = new Map<string, Promise<Reply>>()

  constructor(init: HandInit) {
    this.#init = init
    this.#self = Uint8Array.from(init.key.publicKey.raw)
    this.#clock = init.clock ?? systemClock
    this.#wall = init.wall ?? Date.now
  }

  async invite({ peer, signal }: InviteOptions = {}): Promise<Invitation> {
    signal?.throwIfAborted()
    const appointment = await this.#open(this.#invitations)
    signal?.addEventListener('abort', () => appointment.over(signal.reason), { once: true })
    try {
      const handshake = await appointment.unlessOver(appointment.end.offer(this.#clock))
      const note: Of<'invitation'> = {
        type: 'invitation',
        from: this.#self,
        ...(peer === undefined ? {} : { to: keyOf(peer) }),
        nonce: crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
        expires: Math.floor((this.#wall() + LIFE) / 1_000),
        ...handshake,
      }
      const text = await writeNote(note, this.#init.key)
      appointment.wait(LIFE, () => new HandError('expired'))
      return {
        text,
        expires: note.expires * 1_000,
        accept: (reply) => this.#accept(appointment, note, reply),
        cancel: () => appointment.over(new HandError('expired')),
      }
    } catch (error) {
      appointment.over(error)
      throw error
    }
  }

  async reply(pasted: string): Promise<Reply> {
    const note = await readNote(pasted)
    const fault = faultOfInvitation(note, this.#self, this.#wall())
    if (fault !== undefined || note.type !== 'invitation') throw new HandError(fault ?? 'wrong-kind')
    const which = String([...note.from, ...note.nonce])
    let said = this.#said.get(which)
    if (said === undefined) {
      said = this.#reply(note, () => this.#said.delete(which))
      this.#said.set(which, said)
    }
    return await said
  }

  stop(): void {
    const stopped = new ColoniaError('stopped', 'the node was stopped')
    for (const appointment of [...this.#invitations, ...this.#replies]) appointment.over(stopped)
  }

  async #reply(note: Of<'invitation'>, onSettled: () => void): Promise<Reply> {
    const peer = peerOf(note.from)
    const appointment = await this.#open(this.#replies, onSettled)
    try {
      const handshake = await appointment.unlessOver(appointment.end.answer(note, this.#clock))
      const answer: Message = { type: 'reply', from: this.#self, nonce: note.nonce, ...handshake }
      const text = await writeNote(answer, this.#init.key)
      const expires = note.expires * 1_000
      appointment.wait(expires - this.#wall() + CONNECT, () => new HandError('expired'))
      const met = this.#meet(appointment, peer, 'inbound')
      // Whoever only wants the text need not hear of it.
      met.catch(() => {})
      return { text, peer, expires, met, cancel: () => appointment.over(new HandError('expired')) }
    } catch (error) {
      appointment.over(error)
      throw error
    }
  }

  async #accept(appointment: Appointment, note: Of<'invitation'>, pasted: string): Promise<PeerId> {
    const reply = await readNote(pasted)
    const fault = faultOfReply(reply, note)
    if (fault !== undefined) throw new HandError(fault)
    appointment.check()
    if (!appointment.take()) throw new HandError('used')
    const peer = peerOf(reply.from)
    appointment.wait(CONNECT, () => new ColoniaError('unreachable', `no way was found to ${peer}`))
    try {
      await appointment.end.settle(reply)
      await this.#meet(appointment, peer, 'outbound')
      return peer
    } catch (error) {
      appointment.over(error)
      throw error
    }
  }

  async #meet(appointment: Appointment, peer: PeerId, direction: 'inbound' | 'outbound'): Promise<void> {
    const wire = await appointment.unlessOver(appointment.end.wire(peer, direction))
    // Who replied is the one that is dialled. This way round libp2p hands out the connection.
    const options = { signal: AbortSignal.timeout(CONNECT), initiator: direction === 'outbound' }
    try {
      await appointment.unlessOver(this.#init.upgrader.upgradeOutbound(wire, options))
      appointment.kept()
    } catch (cause) {
      const error = cause instanceof ColoniaError ? cause : explain(cause, peer)
      appointment.over(error)
      throw error
    }
  }

  #spend(): void {
    try {
      this.#init.budget.spend()
    } catch (cause) {
      throw new ColoniaError('unreachable', (cause as Error).message, { cause })
    }
  }

  async #open(among: Set<Appointment>, onSettled: () => void = () => {}): Promise<Appointment> {
    const log = this.#init.libp2p.logger.forComponent('colonia:hand')
    this.#spend()
    const end = await End.open(this.#init.iceServers(), log)
    const [oldest] = among
    if (among.size >= MAX_OPEN) oldest?.over(new HandError('expired'))
    const appointment = new Appointment(end, this.#clock, () => {
      among.delete(appointment)
      onSettled()
    })
    among.add(appointment)
    return appointment
  }
}

function explain(cause: unknown, peer: PeerId): ColoniaError {
  const { name, message } = cause as Error
  // Noise has proved another key than the one that signed.
  if (name === 'EncryptionFailedError') return new HandError('other-peer', { cause })
  return new ColoniaError('unreachable', `the handshake with ${peer} failed: ${message}`, { cause })
}
