/**
 * The introducer: answers one request a stream. `introduce` gets an introduction, or a reason that a page can show;
 * `leave` is told whether the one who asks may hang up.
 *
 * Law: it cannot invent a peer, only leave one out, for what it hands on is signed by the peers themselves. It
 * never introduces the asker to itself. Whoever breaks the protocol loses that stream and nothing else.
 */
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { RateLimiter } from '@libp2p/utils'
import { openChannel } from '#node/channel'
import { commonVersion, type IceServer, type Message, VERSION, wire } from '#protocols/introduction/index'
import type { Leave, Outcome } from './metrics.ts'
import type { Roster } from './roster.ts'

/** A request is one small message (guess). */
const REQUEST_MILLIS = 10_000
/** Requests of one peer in a minute: a few at each connection, and two devices of one peer push each other off (guess). */
const REQUESTS_PER_MINUTE = 30
/** Messages of unknown types that are passed over before the stream counts as abuse (guess). */
const MAX_UNKNOWN = 8

export interface IntroducerInit {
  node: Libp2p
  roster: Roster
  /** What to tell one newcomer of; credentials are fresh each time. */
  iceServers(): readonly IceServer[]
  limits: { relayMillis: number; relayBytes: number }
  /** Origins of other bootstraps to tell of. */
  entrances: readonly string[]
  isDraining(): boolean
  onOutcome(outcome: Outcome, asker: PeerId): void
  onLeave(answer: Leave, asker: PeerId): void
}

/** Starts to answer; resolves when the protocol is registered. Ends with the node. */
export async function startIntroducer(init: IntroducerInit): Promise<void> {
  // It forgets each peer after its minute.
  const rate = new RateLimiter({ points: REQUESTS_PER_MINUTE, duration: 60 })

  function reply(request: Extract<Message, { type: 'introduce' }>, asker: Connection): [Outcome, Message] {
    const version = commonVersion(request)
    if (version === undefined) return ['version', refused('version', versionReason(request.highest))]
    if (init.isDraining()) return ['draining', refused('draining', 'This server is about to stop.')]
    if (!spend(asker)) return ['full', impatient()]
    const peers = init.roster.pick(asker.remotePeer, request.want)
    const { limits } = init
    const [iceServers, entrances] = [[...init.iceServers()], [...init.entrances]]
    return ['introduced', { type: 'introduction', version, peers, iceServers, limits, entrances }]
  }

  function replyToLeave(asker: Connection): Message {
    const told = spend(asker) ? init.roster.leave(asker.remotePeer) : impatient()
    init.onLeave(told.type === 'refused' ? 'full' : told.type, asker.remotePeer)
    return told
  }

  function spend(asker: Connection): boolean {
    try {
      rate.consume(asker.remotePeer.toString())
      return true
    } catch {
      return false
    }
  }

  async function answer(stream: Stream, asker: Connection): Promise<void> {
    const channel = openChannel(stream, wire)
    const signal = AbortSignal.timeout(REQUEST_MILLIS)
    try {
      for (let unknown = 0; unknown <= MAX_UNKNOWN; unknown++) {
        const message = await channel.receive({ signal })
        if (message.type === 'leave') {
          await channel.send(replyToLeave(asker), { signal })
          return await stream.close({ signal })
        }
        if (message.type !== 'introduce') continue
        const [outcome, answered] = reply(message, asker)
        await channel.send(answered, { signal })
        await stream.close({ signal })
        return init.onOutcome(outcome, asker.remotePeer)
      }
      throw new TypeError('no request among many messages')
    } catch (error) {
      init.onOutcome('breach', asker.remotePeer)
      stream.abort(error instanceof Error ? error : new TypeError(String(error)))
    }
  }

  await init.node.handle(wire.protocol, answer, { maxInboundStreams: 2 })
}

function refused(
  code: Extract<Message, { type: 'refused' }>['code'],
  reason: string,
): Extract<Message, { type: 'refused' }> {
  return { type: 'refused', code, reason, lowest: VERSION, highest: VERSION }
}

function impatient(): Extract<Message, { type: 'refused' }> {
  return refused('full', 'Too many requests; try again in a minute.')
}

function versionReason(theirs: number): string {
  return theirs < VERSION
    ? 'This page is older than the server. Reload it to get the current one.'
    : 'This server is older than the page. Use another server, or ask its operator to update it.'
}
