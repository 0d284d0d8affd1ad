/**
 * Media: the RTCPeerConnection of one call. libp2p keeps its own connection to itself, so audio and video
 * have this second one, signalled through the call machine.
 *
 * The caller opens one audio and one video transceiver from the start, whatever it has to send, so that a
 * microphone or camera that comes later needs no new negotiation (RFC 8829 §5.2). Steps are performed one
 * after the other; each reports what came of it.
 */
import type { Candidate, Connectivity, Description, MediaState, Step } from '#protocols/call/index'
import { byGeneration } from './priority.ts'
import { timing, watchPulse } from './pulse.ts'
import { withStartRate } from './start-rate.ts'

export interface MediaEvents {
  needed(): void
  described(description: Description): void
  failed(error: unknown): void
  gathered(candidate: Candidate): void
  connectivity(state: Connectivity): void
  /** Whether the other side says that it sends anything. */
  isSent(): boolean
}

/** Enough for 720p30 in every codec browsers have; the congestion controller stays below it as it must. */
const MAX_VIDEO_BITS_PER_SECOND = 2_500_000

export class Media {
  /** Their tracks. */
  readonly remote: MediaStream
  readonly #connection: RTCPeerConnection
  readonly #events: MediaEvents
  readonly #iceServers: () => readonly RTCIceServer[]
  #local: MediaStream | undefined
  #steps: Promise<void> = Promise.resolve()
  #stopPulse = () => {}
  /** As ICE says. */
  #interrupted = false

  /** Adds their tracks to `remote`, in place of those of a connection before this one. */
  constructor(
    iceServers: () => readonly RTCIceServer[],
    local: MediaStream | undefined,
    remote: MediaStream,
    events: MediaEvents,
  ) {
    this.#local = local
    this.remote = remote
    this.#events = events
    this.#iceServers = iceServers
    this.#connection = new RTCPeerConnection({ iceServers: [...iceServers()], bundlePolicy: 'max-bundle' })
    this.#connection.onnegotiationneeded = () => events.needed()
    this.#connection.onicecandidate = ({ candidate }) => this.#gathered(candidate)
    this.#connection.onconnectionstatechange = () => this.#connectivity()
    this.#connection.ontrack = ({ track }) => {
      // The last picture stays until there is another.
      for (const old of this.remote.getTracks()) {
        if (old.kind === track.kind) this.remote.removeTrack(old)
      }
      this.remote.addTrack(track)
    }
  }

  /** The caller's part: makes the transceivers, which makes the browser ask for an offer. */
  begin(): void {
    for (const kind of ['audio', 'video'] as const) {
      const track = this.#track(kind)
      const transceiver = this.#connection.addTransceiver(track ?? kind, { direction: 'sendrecv' })
      if (kind === 'video') this.#limit(transceiver.sender)
    }
  }

  perform(step: Step): void {
    this.#steps = this.#steps
      .then(() => this.#perform(step))
      .catch((error: unknown) => this.#events.failed(error))
  }

  /** Sends these tracks from now on. Resolves when they have replaced the former. */
  async setStream(local: MediaStream): Promise<void> {
    this.#local = local
    await this.#attach()
  }

  stats(): Promise<RTCStatsReport> {
    return this.#connection.getStats()
  }

  close(): void {
    this.#stopPulse()
    const connection = this.#connection
    connection.onnegotiationneeded = null
    connection.onicecandidate = null
    connection.onconnectionstatechange = null
    connection.ontrack = null
    connection.close()
  }

  async #perform(step: Step): Promise<void> {
    const connection = this.#connection
    if (connection.signalingState === 'closed') return
    switch (step.type) {
      case 'offer':
        await this.#answerAgain()
        if (step.restart) this.#restart()
        await connection.setLocalDescription()
        return this.#described('offer', step.round)
      case 'answer':
        await connection.setRemoteDescription({ type: 'offer', sdp: withStartRate(step.sdp) })
        await this.#attach()
        await connection.setLocalDescription()
        return this.#described('answer', step.round)
      case 'settle':
        return await connection.setRemoteDescription({ type: 'answer', sdp: withStartRate(step.sdp) })
      case 'add-candidate': {
        const { mid = null, line = null, ufrag = null } = step.candidate
        const candidate = byGeneration(step.candidate.candidate)
        // A candidate for credentials that a restart has replaced is refused by the browser; nothing is lost.
        return await connection
          .addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: line, usernameFragment: ufrag })
          .catch(() => {})
      }
    }
  }

  /** With the servers and credentials of now: those of the beginning may have expired. */
  #restart(): void {
    const connection = this.#connection
    connection.setConfiguration({ ...connection.getConfiguration(), iceServers: [...this.#iceServers()] })
    connection.restartIce()
  }

  /**
   * Chromium (seen in 156) loses the picture of the other side for good when an offer is rolled back after a single
   * negotiation that the other side began: frames are decoded and never reach the track. Answering the last offer
   * once more, to nobody, makes it two. It changes nothing and takes some milliseconds.
   */
  async #answerAgain(): Promise<void> {
    const { currentRemoteDescription: theirs, signalingState } = this.#connection
    if (theirs?.type !== 'offer' || signalingState !== 'stable') return
    await this.#connection.setRemoteDescription(theirs)
    await this.#connection.setLocalDescription()
  }

  /** Puts own tracks on the transceivers, the callee's too once the offer has made them. */
  async #attach(): Promise<void> {
    await Promise.all(
      this.#connection.getTransceivers().map(async (transceiver) => {
        const kind = transceiver.receiver.track.kind
        if (transceiver.direction !== 'sendrecv') transceiver.direction = 'sendrecv'
        await transceiver.sender.replaceTrack(this.#track(kind) ?? null)
        if (kind === 'video') this.#limit(transceiver.sender)
      }),
    )
  }

  #track(kind: string): MediaStreamTrack | undefined {
    return this.#local?.getTracks().find((track) => track.kind === kind && track.readyState === 'live')
  }

  #limit(sender: RTCRtpSender): void {
    const parameters = sender.getParameters()
    const [encoding] = parameters.encodings ?? []
    if (encoding === undefined) return
    encoding.maxBitrate = MAX_VIDEO_BITS_PER_SECOND
    // A browser that cannot limit sends at its own default.
    void sender.setParameters(parameters).catch(() => {})
  }

  #described(kind: 'offer' | 'answer', round: number): void {
    const local = this.#connection.localDescription
    // Overtaken: a rollback replaced it before it could be reported.
    if (local?.type !== kind) return
    this.#events.described({ kind, round, sdp: local.sdp })
  }

  #gathered(candidate: RTCIceCandidate | null): void {
    if (candidate === null) return
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate
    this.#events.gathered({
      candidate: candidate.candidate,
      ...(sdpMid === null ? {} : { mid: sdpMid }),
      ...(sdpMLineIndex === null ? {} : { line: sdpMLineIndex }),
      ...(usernameFragment === null ? {} : { ufrag: usernameFragment }),
    })
  }

  #connectivity(): void {
    const state = this.#connection.connectionState
    if (state === 'connected') this.#watchPulse()
    if (state === 'connected' && this.#interrupted) this.#wholePictures()
    this.#interrupted = state === 'disconnected' || state === 'failed'
    if (state === 'connected' || state === 'disconnected' || state === 'failed')
      this.#events.connectivity(state)
  }

  #watchPulse(): void {
    this.#stopPulse()
    const { connectivity, isSent } = this.#events
    this.#stopPulse = watchPulse(this.#connection, isSent, (change) => {
      if (change === 'goes-on') this.#wholePictures()
      connectivity(change === 'still' ? 'stalled' : 'connected')
    })
  }

  /**
   * Sends a key frame now, and another when ICE has had the time to change pairs. Of an interruption of three seconds and
   * more nothing can be sent again, and the other side asks for a whole picture only every three seconds in which it
   * could show none (libwebrtc's `kMaxWaitForFrame`): the picture of who was gone for 3.1 s came back after six.
   */
  #wholePictures(): void {
    const send = () => this.#connection.getSenders().forEach((sender) => void sendKeyFrame(sender))
    send()
    setTimeout(send, timing.look)
  }
}

/** https://w3c.github.io/webrtc-extensions/#rtcrtpsender-setparameters-keyframe; elsewhere than in Chromium nothing. */
async function sendKeyFrame(sender: RTCRtpSender): Promise<void> {
  if (sender.track?.kind !== 'video') return
  try {
    const parameters = sender.getParameters()
    const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }))
    await sender.setParameters(parameters, { encodingOptions } as RTCSetParameterOptions)
  } catch {
    // The connection was closed meanwhile.
  }
}

/** Which of a stream's tracks are live and not muted by their owner. */
export function mediaState(stream: MediaStream | undefined): MediaState {
  const on = (tracks: MediaStreamTrack[] | undefined) =>
    tracks?.some(({ enabled, readyState }) => enabled && readyState === 'live') ?? false
  return { audio: on(stream?.getAudioTracks()), video: on(stream?.getVideoTracks()) }
}
