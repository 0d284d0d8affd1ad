/**
 * What a developer holds in the hand: the public types of a running peer and of a call. `node.ts` and
 * `call/calls.ts` implement them; `web/` is written against this page and nothing else of `node/`.
 */
import type { AbortOptions, TypedEventTarget } from '@libp2p/interface'
import type { ContingencyView } from './contingency/contingency.ts'
import type { Invitation, InviteOptions, Reply } from './hand/meeting.ts'
import type { Inbox, Letter } from './letters/inbox.ts'
import type { LeaveOptions, Presence } from './letters/letters.ts'
import type { Finding } from './link/finding.ts'
import type { PeerId } from './peer-id.ts'
import type { State } from './state/state.ts'

export type { Invitation, InviteOptions, Reply } from './hand/meeting.ts'
export type { Inbox, Letter } from './letters/inbox.ts'
export type { LeaveOptions, Presence } from './letters/letters.ts'
export type { Finding } from './link/finding.ts'
export type { How } from './link/search.ts'
export type { PeerId } from './peer-id.ts'

export interface NodeOptions {
  /**
   * Where to enter: URLs of bootstraps, `http(s)://host[:port]`, and multiaddrs of peers that listen, ending in
   * `/p2p/PEERID`. In a browser the default is the origin that served the page; in Node there is none. At most 16.
   * Those that were remembered or heard of come after these.
   */
  bootstraps?: readonly string[]
  /**
   * Where identity is kept. In Node: a file (made with mode 0600 if it is missing); default: none, a new
   * identity each time. In a browser: a name in IndexedDB, default `colonia`; each tab holds a numbered
   * slot of it, the first tab slot 0, so that two tabs are two peers and a reload is the same one.
   */
  identity?: string
  /** What others see in place of a PeerID, at most 64 characters. Not verified by anyone. */
  name?: string
  /** Added to the ICE servers that the introduction brings. */
  iceServers?: readonly RTCIceServer[]
  /** Direct links to make after the introduction: 0 to 48, default 8 (a target, not a promise). */
  links?: number
  /** Peers that hold a copy of this peer's state, 0 to 4, default 2. */
  contingents?: number
  /** What this peer holds for others: owners and bytes of all of them. Default 32 and 8 MiB in a page, 256 and 128 MiB in Node. */
  capacity?: { owners: number; bytes: number }
  /**
   * Multiaddrs to be dialled at, by WebSocket or WebRTC-Direct: `/ip4/0.0.0.0/tcp/4001/ws`,
   * `/ip4/0.0.0.0/udp/4002/webrtc-direct`. At most 8. In Node only. Such a peer is an entrance for all who met it.
   * A UDP port is given back when the process ends, and not before (node-datachannel 0.33).
   */
  listen?: readonly string[]
  /** Multiaddrs that others are told of in place of this machine's own: `/dns4/example.org/tcp/443/tls/ws`. At most 8. */
  announce?: readonly string[]
  /** Stops the node when it fires. */
  signal?: AbortSignal
}

/** `left`: hung up on purpose, because others hold this peer and it can be found and reached without. No trouble. */
export type EntranceState = 'connecting' | 'connected' | 'left' | 'lost' | 'refused'

/** A way into the mesh as this peer sees it. */
export interface Entrance {
  /** A bootstrap, or another peer that can be dialled directly, which then is a link as well. */
  readonly kind: 'bootstrap' | 'peer'
  /** The URL of a bootstrap, the multiaddr of a peer. */
  readonly url: string
  readonly state: EntranceState
  /** Why it was lost or refused, fit for a person to read. */
  readonly reason?: string
  /** When the next attempt is made, `Date.now()` milliseconds; set while `lost`. */
  readonly retryAt?: number
}

/** A connection to another peer. */
export interface Link {
  readonly peer: PeerId
  /** Direct (WebRTC) or only through a relay (a handshake in progress, limited in time and bytes). */
  readonly direct: boolean
  /** `Date.now()` milliseconds. */
  readonly since: number
  /** Direct, and carried by a TURN server: as far as is known, which is a little after it was first asked. */
  readonly turn: boolean
  /** Who carries a relayed one, or its first stretch: a peer or a bootstrap. */
  readonly via?: PeerId
  /** Last measured round trip in milliseconds, if one was measured. Asked again, two seconds later, it is a newer one. */
  readonly rtt?: number
}

export interface MeshCounts {
  /** RTCPeerConnections opened for links, by either side. Bounded by the hour: see `node/link/budget.ts`. */
  readonly peerConnections: number
  /** Dials and answers that were not made because of that bound. */
  readonly refusedPeerConnections: number
  /** Handshakes of others that this peer carried, their bytes, and requests that it refused. */
  readonly carried: number
  readonly carriedBytes: number
  readonly refusedToCarry: number
}

export interface NodeEvents {
  /** `entrances` changed: a bootstrap was reached, lost or refused us. Losing one is not an error. */
  entrance: CustomEvent<Entrance>
  /** A peer was linked, or its link became direct. */
  link: CustomEvent<Link>
  /** The last connection to a peer is gone. */
  unlink: CustomEvent<PeerId>
  /** Who holds this peer's state, whom it holds, or what is backed up has changed. */
  contingency: CustomEvent<ContingencyView>
  /** A message came that was left while this peer was away. */
  letter: CustomEvent<Letter>
  /** Someone calls. `onIncomingCall` is the short way to listen. */
  call: CustomEvent<Call>
  /** A call of before a reload or a crash goes on. `onResume` is the short way to listen. */
  resume: CustomEvent<Resumption>
}

/** A call that this peer was in when its page went, found when it came back. */
export interface Resumption {
  /**
   * In phase `reconnecting`, and without a word to the other side until it is accepted, which goes on with it, or
   * hung up. It ends as `lost` two minutes after the page went, and sooner if the other side hangs up.
   */
  readonly call: Call
  /** When the page was last known to be in it, up to ten seconds before it went: `Date.now()` milliseconds. */
  readonly since: number
  /** Until when the seat is kept: `Date.now()` milliseconds. */
  readonly until: number
  /** It was another device's. */
  readonly elsewhere: boolean
  /** What it sent. */
  readonly media: MediaState
}

export interface StopOptions {
  /** Not for good: a call that is active keeps its seat for two minutes. Default: all calls are hung up. */
  away?: boolean
}

/** A running peer. Made by `createNode`. */
export interface ColoniaNode extends TypedEventTarget<NodeEvents> {
  readonly id: PeerId
  /** The name that is sent with calls; may be changed at any time. */
  name: string
  /** Which tab of this browser this is: 0 for the first. Always 0 in Node. */
  readonly slot: number
  /** Those of the options, and others while they are tried or connected. */
  readonly entrances: readonly Entrance[]
  /** Multiaddrs at which others can dial this peer directly; none unless it listens. */
  readonly addresses: readonly string[]
  readonly links: readonly Link[]
  /** Linked peers and whom each is linked to, as it says. */
  readonly neighbours: ReadonlyMap<PeerId, ReadonlySet<PeerId>>
  /** What this peer did for and with the mesh since it started. */
  readonly counts: MeshCounts
  /** This peer's own records: kept here, and by its contingents when it is away. */
  readonly state: State
  /** Who holds this peer's state, whom it holds, and what nobody else has yet. */
  readonly contingency: ContingencyView
  /**
   * Messages that others left while this peer was away: `list()` has them newest first, `remove(letter)` deletes
   * one for good, `change` is dispatched when one comes or goes. Only this peer can read them, and each is signed.
   */
  readonly inbox: Inbox
  /** Calls that have not ended. */
  readonly calls: readonly Call[]
  /**
   * Finds `peer`, and says how: over a link, the way that led there last, a neighbour, a contingent, a bootstrap, or by
   * a look-up in the DHT. Opens no RTCPeerConnection.
   * @throws ColoniaError `bad-peer-id`, `unreachable` (neither it nor a registration of it was found), `no-entrance`,
   * `stopped`; or the signal's reason
   */
  find(peer: PeerId, options?: AbortOptions): Promise<Finding>
  /**
   * A direct link to `peer`, made if there is none.
   * @throws ColoniaError `bad-peer-id`, `unreachable` (no way leads there: away, or no such peer),
   * `no-entrance` (no bootstrap and no link), `stopped`; or the signal's reason.
   */
  connect(peer: PeerId, options?: AbortOptions): Promise<Link>
  /**
   * Calls `peer`. Returns at once; follow `phase`. All failures arrive as phase `ended` with a reason.
   * @throws ColoniaError `bad-peer-id`, `busy` (another call is not over), `stopped`
   */
  call(peer: PeerId, options?: CallOptions): Call
  /**
   * Whether `peer` is there, or since when it is away, as the first of those linked says who knows (8 are asked, 6 s
   * at most). A holder's word and no proof; only the name is signed.
   * @throws ColoniaError `bad-peer-id`, `stopped`; or the signal's reason
   */
  presence(peer: PeerId, options?: AbortOptions): Promise<Presence>
  /**
   * Leaves a message for `peer`, which is away, with whoever stands in for it: sealed, so that `peer` alone can read
   * it, and signed, so that it knows from whom. `value` is anything that MessagePack carries, 4 kB when sealed.
   * Resolves with who keeps it.
   * @throws ColoniaError `present` (it is there: call), `inbox-full` (it has 64 messages, or 8 of this peer's),
   * `nobody-stands-in`, `record-too-large`, `bad-record`, `bad-peer-id`, `stopped`; or the signal's reason
   */
  leaveMessage(peer: PeerId, value: unknown, options?: LeaveOptions): Promise<{ kept: PeerId[] }>
  /**
   * Meets someone without anyone between: makes an invitation to give them as text or QR code, in 3 s at most. Of
   * more than 4 that wait the oldest is withdrawn.
   * @throws ColoniaError `unreachable` (no network), `bad-peer-id`, `stopped`; or the signal's reason, which withdraws
   * it later, too
   */
  invite(options?: InviteOptions): Promise<Invitation>
  /**
   * Replies to an invitation, in a link or in a sentence around it: the reply is to be given back to who invites.
   * @throws HandError with a `reason`; ColoniaError `unreachable` (no network), `stopped`
   */
  reply(invitation: string): Promise<Reply>
  /** Runs `handler` for each incoming call; returns a function that stops that. With none, callers hear `no-answer`. */
  onIncomingCall(handler: (call: Call) => void): () => void
  /**
   * Runs `handler` for a call that waits to be gone on with, now or as soon as one is found; returns a function
   * that stops that. With none, the other side waits in vain.
   */
  onResume(handler: (resumption: Resumption) => void): () => void
  /** Says goodbye to all and closes everything. Idempotent; resolves when all of it is done. */
  stop(options?: StopOptions): Promise<void>
}

export interface CallOptions extends AbortOptions {
  /** Own audio and video. May be left out or without tracks: one calls with what one has. */
  media?: MediaStream
}

/**
 * `calling` (finding and reaching them) → `ringing` (their page rings) → `connecting` (accepted, media on
 * its way) → `active` ⇄ `reconnecting` → `ended`. An incoming call begins as `incoming`, and one that is gone on
 * with after a reload as `reconnecting`.
 */
export type CallPhase =
  | 'calling'
  | 'ringing'
  | 'incoming'
  | 'connecting'
  | 'active'
  | 'reconnecting'
  | 'ended'

export type CallEnd =
  | 'hung-up' // by me
  | 'they-hung-up'
  | 'declined' // by them
  | 'i-declined'
  | 'busy'
  | 'cancelled' // they gave up before I answered
  | 'no-answer' // 45 s of ringing
  | 'unreachable' // away, or no such peer
  | 'no-entrance' // no bootstrap reachable and no link to anyone
  | 'incompatible' // they speak another protocol version
  | 'lost' // media gone and not recovered within two minutes
  | 'failed' // the other side broke the protocol

export interface CallEvents {
  /** Any property changed. */
  change: Event
}

export interface MediaState {
  readonly audio: boolean
  readonly video: boolean
}

export interface Call extends TypedEventTarget<CallEvents> {
  readonly id: string
  readonly peer: PeerId
  /** What they call themselves; `undefined` until they said it. */
  readonly peerName: string | undefined
  readonly direction: 'incoming' | 'outgoing'
  readonly phase: CallPhase
  /** Set once `phase` is `ended`. */
  readonly end: CallEnd | undefined
  /** When media first flowed, `Date.now()` milliseconds. */
  readonly activeSince: number | undefined
  /** Their page is gone: `Date.now()` milliseconds until which their seat is kept. `undefined` while they are there. */
  readonly away: number | undefined
  /** Whether my microphone and camera are on (sent, and not muted). */
  readonly localMedia: MediaState
  /** Whether theirs are, as they say. */
  readonly remoteMedia: MediaState
  /** Their audio and video. The same object for the whole call; tracks come and go in it. */
  readonly remote: MediaStream | undefined
  /**
   * Answers an incoming call, or goes on with one that `resume` brought; no effect on any other. Without `media`
   * the latter is said to have what it had, until `setStream` or `setMedia` says otherwise.
   */
  accept(options?: CallOptions): void
  decline(): void
  /** Ends the call, whatever its phase. Always wins. Idempotent. */
  hangUp(): void
  /** Mutes or unmutes, camera off or on; the other side is told at once. */
  setMedia(state: Partial<MediaState>): void
  /** Replaces own tracks during the call (another camera; a camera added to an audio call). */
  setStream(media: MediaStream): Promise<void>
  /** The call's own RTCPeerConnection statistics; empty before media begins and in Node. */
  stats(): Promise<RTCStatsReport | undefined>
}
