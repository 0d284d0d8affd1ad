/**
 * The pulse of a call's media: whether packets still come. ICE itself says `disconnected` five seconds and more
 * after the last of them (Chromium 156), and a person sees a picture that stands still long before.
 *
 * Law: it stands still when media came, is said to be sent, and nothing has come for a while: no media, and no
 * answer to ICE's own questions. If it is only the media that ceases, there is a way, and its sender is silent.
 */
import type { Millis } from '#protocols/machine'

export const timing = {
  /** Between two looks, in milliseconds; a look costs one or two. */
  look: 300,
  /** Nothing for so long is a standstill: voices come fifty times a second, pictures thirty (guess). */
  still: 900,
} as const

/** What has come so far. */
export interface Count {
  /** Packets of media and of its control. */
  media: number
  /** Answers to ICE's questions. */
  checks: number
}

export class Pulse {
  #last: Count | undefined
  #at: Millis = 0
  /** Media flowed when we looked last. */
  #armed = false
  #still = false

  /** @returns what is new: it stands still, or it goes on. */
  look(count: Count, sent: boolean, now: Millis): 'still' | 'goes-on' | undefined {
    const last = this.#last ?? { media: 0, checks: 0 }
    this.#last = count
    const media = count.media > last.media
    // Pairs that a restart discards take their checks along, so that fewer than before prove nothing.
    const alive = media || count.checks > last.checks
    if (alive || !sent) this.#at = now
    if (media) this.#armed = true
    else if (alive && this.#still) this.#armed = false
    const still = this.#armed && sent && now - this.#at >= timing.still
    if (still === this.#still || (this.#still && !alive)) return undefined
    this.#still = still
    return still ? 'still' : 'goes-on'
  }
}

/** Tells of each change until the function that is returned is called. `sent`: whether media is said to be sent. */
export function watchPulse(
  connection: RTCPeerConnection,
  sent: () => boolean,
  tell: (change: 'still' | 'goes-on') => void,
): () => void {
  const pulse = new Pulse()
  const timer = setInterval(async () => {
    const count = await countOf(connection)
    const change = pulse.look(count, sent(), performance.now())
    if (change !== undefined && connection.signalingState !== 'closed') tell(change)
  }, timing.look)
  return () => clearInterval(timer)
}

/** What has come, as an RTCPeerConnection counts it. */
async function countOf(connection: RTCPeerConnection): Promise<Count> {
  const count = { media: 0, checks: 0 }
  for (const stat of (await connection.getStats()).values()) {
    if (stat.type === 'transport') count.media += stat.packetsReceived ?? 0
    if (stat.type === 'candidate-pair') {
      // Questions that arrive prove one direction, an answer both.
      count.checks += stat.responsesReceived ?? 0
    }
  }
  return count
}
