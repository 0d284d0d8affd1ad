/**
 * One end of a link that is made by hand: an RTCPeerConnection with one data channel that both ends agreed on
 * beforehand, all of whose candidates are gathered before anything is said, because nothing can be added later.
 *
 * Who replies has the other's candidates minutes before the other has its own. A browser tries them all that while
 * and so opens its firewall; when that fails it comes back to life with the first packet of the other side (Chromium
 * 156). node-datachannel 0.33 gives up after 40 s for good, and an end that was reached before it has the reply may
 * lose a race: libdatachannel tells its ICE agent of a remote description before it keeps it, and when DTLS is there
 * first, no certificate is the right one (seen in up to a third of the meetings of two peers of one process, in one
 * of a hundred of two processes). So in Node who replies lets itself be reached, and tries only before its agent
 * would give up; behind a NAT it has 40 s more.
 */
import type { Logger } from '@libp2p/interface'
import { platform } from '#platform'
import { type Handshake, midOf, rebuild, reduce } from '#protocols/hand/index'
import type { Clock } from '../driver.ts'
import { ColoniaError } from '../errors.ts'
import type { PeerId } from '../peer-id.ts'
import { HandError } from './fault.ts'
import { Wire } from './wire.ts'

/**
 * The end of patience with gathering, in milliseconds; what there is by then has to do. Hosts take some 200 ms; a
 * STUN server that cannot be reached, as on a LAN without internet, would take ten seconds.
 */
const GATHER = 3_000

/** Half of the patience of node-datachannel's agent, in milliseconds. */
const QUIET = 20_000

export class End {
  readonly #connection: RTCPeerConnection
  readonly #channel: RTCDataChannel
  readonly #log: Logger
  #cancelTry = () => {}

  static async open(iceServers: readonly RTCIceServer[], log: Logger): Promise<End> {
    const made = await platform.peerConnectionClass()
    if (made === undefined) throw new ColoniaError('unreachable', 'there is no WebRTC here')
    const Class = made as unknown as typeof RTCPeerConnection
    return new End(new Class({ iceServers: [...iceServers] }), log)
  }

  private constructor(connection: RTCPeerConnection, log: Logger) {
    this.#connection = connection
    this.#log = log
    this.#channel = connection.createDataChannel('colonia', { negotiated: true, id: 0 })
  }

  /** What the other side must be told. Resolves when all candidates are gathered. */
  async offer(clock: Clock): Promise<Handshake> {
    await this.#connection.setLocalDescription()
    return await this.#gathered(clock)
  }

  /** @throws HandError `damaged`, ColoniaError `unreachable` */
  async answer(theirs: Handshake, clock: Clock): Promise<Handshake> {
    // Checked whole, whatever is heard of it.
    const whole = rebuild('offer', theirs)
    if (whole === undefined) throw new HandError('damaged')
    await this.#hear('offer', platform.answersQuietly ? { ...theirs, ways: [] } : theirs, '0')
    if (platform.answersQuietly) this.#cancelTry = clock.after(QUIET, () => this.#try(whole))
    await this.#connection.setLocalDescription()
    return await this.#gathered(clock)
  }

  /** @throws HandError `damaged`, ColoniaError `unreachable` */
  async settle(theirs: Handshake): Promise<void> {
    await this.#hear('answer', theirs, midOf(this.#connection.localDescription?.sdp ?? ''))
  }

  /**
   * What goes through it, as soon as the first bytes can. Until then `failed` is no end: who replies begins to try
   * before the other side has read the reply, and a firewall lets nothing in before that. Never rejects; pending
   * for good if the end is closed.
   */
  wire(peer: PeerId, direction: 'inbound' | 'outbound'): Promise<Wire> {
    const [connection, channel, log] = [this.#connection, this.#channel, this.#log]
    return new Promise((resolve) => {
      const begin = (event?: Event) => {
        channel.removeEventListener('open', begin)
        channel.removeEventListener('message', begin)
        const wire = new Wire({ connection, channel, peer, direction, log })
        // Chromium may tell of a first message before it says that the channel is open.
        if (event?.type === 'message') wire.receive(event as MessageEvent)
        resolve(wire)
      }
      if (channel.readyState === 'open') return begin()
      channel.binaryType = 'arraybuffer'
      channel.addEventListener('open', begin)
      channel.addEventListener('message', begin)
    })
  }

  close(): void {
    this.#cancelTry()
    this.#connection.close()
  }

  #try(sdp: string): void {
    for (const [, candidate = ''] of sdp.matchAll(/^a=(candidate:.*)\r$/gm)) {
      // Nothing is lost where one cannot be used.
      this.#connection.addIceCandidate({ candidate, sdpMid: '0' }).catch(() => {})
    }
  }

  async #hear(type: 'offer' | 'answer', handshake: Handshake, mid: string): Promise<void> {
    const sdp = rebuild(type, handshake, mid)
    if (sdp === undefined) throw new HandError('damaged')
    try {
      await this.#connection.setRemoteDescription({ type, sdp })
    } catch (cause) {
      throw new ColoniaError('unreachable', `no connection can be made of that ${type}`, { cause })
    }
  }

  async #gathered(clock: Clock): Promise<Handshake> {
    const connection = this.#connection
    await new Promise<void>((resolve) => {
      const look = () => {
        if (connection.iceGatheringState !== 'complete') return
        connection.removeEventListener('icegatheringstatechange', look)
        cancel()
        resolve()
      }
      const cancel = clock.after(GATHER, resolve)
      connection.addEventListener('icegatheringstatechange', look)
      look()
    })
    const handshake = reduce(connection.localDescription?.sdp ?? '')
    if (handshake === undefined || handshake.ways.length === 0) {
      throw new ColoniaError('unreachable', 'this machine has no network address that others could use')
    }
    return handshake
  }
}
