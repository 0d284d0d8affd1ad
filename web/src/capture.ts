/**
 * What I send: my microphone and camera, as I want them and as they are.
 *
 * Its law: what is wanted is set at once, what is there follows, one change after the other, so quick presses
 * never leave a device open that nobody wants. A camera that is off is released, so that its light goes out;
 * a muted microphone stays open, because unmuting must not cost a syllable.
 */
import type { Call, MediaState } from '#node/api'
import { KINDS, type Kind, type MediaTrouble, openMedia } from './media.ts'
import { recall, remember } from './memory.ts'

interface Source {
  /** As the person wants it. */
  on: boolean
  deviceId: string | undefined
  track: MediaStreamTrack | undefined
  trouble: MediaTrouble | undefined
}

const source = (kind: Kind): Source => ({
  on: true,
  deviceId: recall(kind),
  track: undefined,
  trouble: undefined,
})

/** Dispatches `change`. */
export class Capture extends EventTarget {
  readonly audio: Source = source('audio')
  readonly video: Source = source('video')
  /** Empty names until the person has allowed a device: browsers hide them. */
  devices: readonly MediaDeviceInfo[] = []
  /** The camera alone, to be looked at: the same object while the camera is the same, so that nothing flickers. */
  picture: MediaStream | null = null
  #wanted = false
  #settled: Promise<void> = Promise.resolve()

  constructor() {
    super()
    if ('mediaDevices' in navigator) {
      navigator.mediaDevices.addEventListener('devicechange', () => void this.#onDeviceChange())
    }
  }

  /** Whether it was opened, be it with or without success. */
  get wanted(): boolean {
    return this.#wanted
  }

  /** Whether its button shows it as on: wanted, and not known to fail. */
  isOn(kind: Kind): boolean {
    return this[kind].on && this[kind].trouble === undefined
  }

  /** Whether the other side gets to see or hear it. */
  sends(kind: Kind): boolean {
    return this[kind].on && this[kind].track !== undefined
  }

  /** A new stream of the tracks there are now. */
  stream(): MediaStream {
    return new MediaStream(KINDS.flatMap((kind) => this[kind].track ?? []))
  }

  /** Opens what is wanted. `on` says anew what that is. Resolves when all devices have answered. */
  open(on?: Partial<Record<Kind, boolean>>): Promise<void> {
    this.#wanted = true
    for (const kind of KINDS) {
      this[kind].on = on?.[kind] ?? this[kind].on
      this[kind].trouble = undefined
    }
    return this.#settle()
  }

  turn(kind: Kind, on: boolean): Promise<void> {
    this[kind].on = on
    if (on) this[kind].trouble = undefined
    return this.#settle()
  }

  /** What its button and its key do. After a failure it is another attempt. */
  toggle(kind: Kind): Promise<void> {
    return this.turn(kind, !this.isOn(kind))
  }

  choose(kind: Kind, deviceId: string): Promise<void> {
    remember(kind, deviceId)
    this[kind].deviceId = deviceId
    // Many phones cannot open two cameras at once, so the old one goes first.
    this.#drop(kind)
    return this.turn(kind, true)
  }

  /** Releases everything, and wants both again next time. */
  close(): Promise<void> {
    if (!this.#wanted) return this.#settled
    this.#wanted = false
    for (const kind of KINDS) this[kind].on = true
    return this.#settle()
  }

  #settle(): Promise<void> {
    this.#settled = this.#settled.then(() => this.#follow())
    this.#changed()
    return this.#settled
  }

  async #follow(): Promise<void> {
    if (!this.#wanted) this.#drop('audio')
    if (!this.#wanted || !this.video.on) this.#drop('video')
    const lacking = KINDS.filter((kind) => this.#wanted && this.#lacks(kind))
    if (lacking.length > 0) {
      const devices = { audio: this.audio.deviceId, video: this.video.deviceId }
      const { tracks, troubles } = await openMedia(lacking, devices)
      for (const kind of lacking) this[kind].trouble = troubles[kind]
      for (const track of tracks) this.#take(track)
      await this.#listDevices()
    }
    if (this.audio.track !== undefined) this.audio.track.enabled = this.audio.on
    this.#changed()
  }

  #lacks(kind: Kind): boolean {
    const { on, track, trouble } = this[kind]
    return on && track === undefined && trouble === undefined
  }

  #take(track: MediaStreamTrack): void {
    const kind: Kind = track.kind === 'audio' ? 'audio' : 'video'
    this[kind].track = track
    track.enabled = this[kind].on
    if (kind === 'video') this.picture = new MediaStream([track])
    // Fires when the device is unplugged or taken away, never for our own `stop()`.
    track.addEventListener('ended', () => {
      if (this[kind].track !== track) return
      this[kind].track = undefined
      this[kind].trouble = 'gone'
      this.#changed()
    })
  }

  #drop(kind: Kind): void {
    this[kind].track?.stop()
    this[kind].track = undefined
    if (kind === 'video') this.picture = null
  }

  async #onDeviceChange(): Promise<void> {
    await this.#listDevices()
    const returned = KINDS.filter(
      (kind) =>
        (this[kind].trouble === 'missing' || this[kind].trouble === 'gone') &&
        this.devices.some((device) => device.kind === `${kind}input`),
    )
    for (const kind of returned) this[kind].trouble = undefined
    await this.#settle()
  }

  async #listDevices(): Promise<void> {
    this.devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}

/**
 * Keeps what a call sends equal to what is captured, from now until the function it returns is called.
 * A track that only went away is not taken out of the call: a released camera sends nothing, and the other
 * side is told so; taking it out would cost a negotiation each time.
 */
export function feed(call: Call, capture: Capture, sent: MediaStream): () => void {
  let tracks: readonly MediaStreamTrack[] = sent.getTracks()
  let told: MediaState = call.localMedia
  async function onChange(): Promise<void> {
    const stream = capture.stream()
    const state = { audio: capture.sends('audio'), video: capture.sends('video') }
    const fresh = stream.getTracks().some((track) => !tracks.includes(track))
    const news = state.audio !== told.audio || state.video !== told.video
    tracks = stream.getTracks()
    told = state
    // A new stream tells of itself.
    if (fresh) await call.setStream(stream)
    else if (news) call.setMedia(state)
  }
  const listener = () => void onChange()
  capture.addEventListener('change', listener)
  listener()
  return () => capture.removeEventListener('change', listener)
}
