/** One call as a developer holds it: a view of the machine's session, and buttons that give it inputs. */
import { TypedEventEmitter } from '@libp2p/interface'
import type { MediaState, Snapshot } from '#protocols/call/index'
import type { Millis } from '#protocols/machine'
import type { Call, CallEnd, CallEvents, CallOptions, CallPhase } from '../api.ts'
import { type Media, mediaState } from './media.ts'

/** What the buttons do; `calls.ts` turns it into inputs of the machine. */
export interface CallActions {
  accept(media: MediaState): void
  decline(): void
  hangUp(): void
  setMedia(media: MediaState): void
}

export class NodeCall extends TypedEventEmitter<CallEvents> implements Call {
  id: string
  readonly peer: string
  readonly direction: 'incoming' | 'outgoing'
  /** The engine, from `media-start` to `media-stop`; never in Node. */
  media: Media | undefined
  /** It was in a page that went. */
  resumed = false
  /** Own tracks. */
  local: MediaStream | undefined
  /** What it sent before the page went, until it is gone on with. */
  #returning: MediaState | undefined
  #activeSince: number | undefined
  #remote: MediaStream | undefined
  #snapshot: Snapshot
  #away: number | undefined
  readonly #actions: (call: NodeCall) => CallActions

  constructor(
    id: string,
    peer: string,
    direction: 'incoming' | 'outgoing',
    snapshot: Snapshot,
    actions: (call: NodeCall) => CallActions,
  ) {
    super()
    this.id = id
    this.peer = peer
    this.direction = direction
    this.#snapshot = snapshot
    this.#actions = actions
  }

  /** Comes back into a call that was. */
  resume(since: number, media: MediaState): void {
    this.#activeSince = since
    this.#returning = media
    this.resumed = true
  }

  /** It waits for being gone on with. */
  get waits(): boolean {
    return this.#returning !== undefined
  }

  get phase(): CallPhase {
    return this.#snapshot.phase
  }

  get end(): CallEnd | undefined {
    return this.#snapshot.end
  }

  get peerName(): string | undefined {
    return this.#snapshot.name
  }

  get localMedia(): MediaState {
    return mediaState(this.local)
  }

  /** What they were told of it. */
  get saidMedia(): MediaState {
    return this.#snapshot.localMedia
  }

  get remoteMedia(): MediaState {
    return this.#snapshot.remoteMedia
  }

  get away(): number | undefined {
    return this.#away
  }

  get activeSince(): number | undefined {
    return this.#activeSince
  }

  get remote(): MediaStream | undefined {
    return this.media?.remote ?? this.#remote
  }

  /** The machine's view changed, whose clock shows `now`. */
  update(snapshot: Snapshot, now: Millis): void {
    this.#snapshot = snapshot
    this.#away = snapshot.away === undefined ? undefined : Date.now() + snapshot.away - now
    if (snapshot.phase === 'active') this.#activeSince ??= Date.now()
    this.#remote = this.media?.remote ?? this.#remote
    this.safeDispatchEvent('change')
  }

  accept({ media }: CallOptions = {}): void {
    const before = this.#returning
    if (this.phase !== 'incoming' && before === undefined) return
    this.#returning = undefined
    this.local = media
    this.#actions(this).accept(media === undefined && before !== undefined ? before : this.localMedia)
  }

  decline(): void {
    this.#actions(this).decline()
  }

  hangUp(): void {
    this.#actions(this).hangUp()
  }

  setMedia(state: Partial<MediaState>): void {
    for (const track of this.local?.getTracks() ?? []) {
      const wanted = track.kind === 'audio' ? state.audio : state.video
      if (wanted !== undefined) track.enabled = wanted
    }
    this.#actions(this).setMedia(this.localMedia)
    this.safeDispatchEvent('change')
  }

  async setStream(media: MediaStream): Promise<void> {
    this.local = media
    await this.media?.setStream(media)
    this.#actions(this).setMedia(this.localMedia)
    this.safeDispatchEvent('change')
  }

  async stats(): Promise<RTCStatsReport | undefined> {
    return await this.media?.stats()
  }
}
