/**
 * The telephone line: the one call that the page has at a time, from the press of a button to what is said
 * about it afterwards. The node rules the call itself; here is what the person's side of it needs: opening
 * the camera before answering, ringing, and letting go of everything when it is over.
 */
import type { Call, CallEnd, ColoniaNode, PeerId, Resumption } from '#node/api'
import { ColoniaError } from '#node/errors'
import type { PastCall } from './book.ts'
import { type Capture, feed } from './capture.ts'
import { ring } from './ring.ts'

export type LineState =
  | { type: 'idle' }
  /** Call was pressed; the node or the camera is still waking up. */
  | { type: 'dialing'; peer: PeerId }
  | { type: 'incoming'; call: Call }
  /** Accept was pressed; the camera is waking up. */
  | { type: 'answering'; call: Call }
  /** The page was in a call when it went, and asks whether to go on with it. */
  | { type: 'seat'; call: Call; found: Resumption }
  | { type: 'call'; call: Call }
  | { type: 'ended'; past: PastCall }

/**
 * Whoever is back so soon is in the call again without being asked, in milliseconds since the page was last known to
 * be in it, which is up to ten seconds before it went. A reload takes two or three, and a crashed tab is opened again
 * in ten; after longer one may have put the phone down on purpose, and a camera must not open on someone who did (guess).
 */
const AT_ONCE = 25_000

/** Dispatches `change`. */
export class Line extends EventTarget {
  state: LineState = { type: 'idle' }
  readonly #capture: Capture
  readonly #onTalk: (call: PastCall) => void
  #stopFeeding: (() => void) | undefined
  #ringing: { tune: 'incoming' | 'outgoing'; stop: () => void } | undefined

  /** `onTalk` hears of each call that began and of each that ended; of one that was both, twice. */
  constructor(capture: Capture, onTalk: (call: PastCall) => void) {
    super()
    this.#capture = capture
    this.#onTalk = onTalk
  }

  /** The call that is not over, if there is one. */
  get call(): Call | undefined {
    return 'call' in this.state ? this.state.call : undefined
  }

  async dial(peer: PeerId, running: Promise<ColoniaNode>): Promise<void> {
    const dialing: LineState = { type: 'dialing', peer }
    this.#become(dialing)
    const opened = this.#capture.wanted ? undefined : this.#capture.open()
    const [node] = await Promise.all([running, opened])
    if (this.state !== dialing) return
    const media = this.#capture.stream()
    try {
      const call = node.call(peer, { media })
      this.#follow(call)
      this.#talk(call, media)
    } catch (error) {
      const never = { name: undefined, at: Date.now(), seconds: undefined }
      this.#become({ type: 'ended', past: { peer, direction: 'outgoing', end: endOf(error), ...never } })
    }
  }

  /** A call from outside. With a call on the line the node itself says `busy`. */
  take(call: Call): void {
    if (this.call !== undefined) return
    this.#become({ type: 'incoming', call })
    this.#follow(call)
  }

  /** A call that the page was in when it went. On another device one is always asked: it takes the call from there. */
  resume(found: Resumption): void {
    if (this.call !== undefined) return
    this.#become({ type: 'seat', call: found.call, found })
    this.#follow(found.call)
    if (!found.elsewhere && Date.now() - found.since < AT_ONCE) void this.rejoin()
  }

  /** Back into the call, at once, and seen and heard there as before as soon as the devices have answered. */
  async rejoin(): Promise<void> {
    const { state } = this
    if (state.type !== 'seat') return
    const { call, found } = state
    call.accept()
    this.#talk(call, new MediaStream())
    await this.#capture.open(found.media)
    // Of what is not there after all the other side is told.
    call.setMedia({ audio: this.#capture.sends('audio'), video: this.#capture.sends('video') })
  }

  async answer(kinds: { video: boolean }): Promise<void> {
    const { state } = this
    if (state.type !== 'incoming') return
    const answering: LineState = { type: 'answering', call: state.call }
    this.#become(answering)
    await this.#capture.open({ audio: true, video: kinds.video })
    if (this.state !== answering) return
    const media = this.#capture.stream()
    state.call.accept({ media })
    this.#talk(state.call, media)
  }

  /** Declines, cancels or hangs up, whichever it is now; after the end, clears the line. */
  hangUp(): void {
    if (this.state.type === 'incoming') this.state.call.decline()
    else if (this.call !== undefined) this.call.hangUp()
    else this.#become({ type: 'idle' })
  }

  #talk(call: Call, media: MediaStream): void {
    if (call.phase === 'ended') return
    this.#become({ type: 'call', call })
    this.#stopFeeding = feed(call, this.#capture, media)
  }

  #follow(call: Call): void {
    let talked = false
    const onChange = () => {
      // A page that goes down in the middle of a call has said by then whom it was with.
      if (call.phase === 'active' && !talked) this.#onTalk(pastOf(call, 'lost'))
      talked ||= call.phase === 'active'
      if (call.phase === 'ended') {
        call.removeEventListener('change', onChange)
        this.#end(call)
      } else this.#become(this.state)
    }
    call.addEventListener('change', onChange)
    onChange()
  }

  #end(call: Call): void {
    this.#stopFeeding?.()
    this.#stopFeeding = undefined
    const end = call.end ?? 'failed'
    // What I did myself before anything began needs no explanation.
    const plain = end === 'i-declined' || (end === 'hung-up' && call.activeSince === undefined)
    const past = pastOf(call, end)
    this.#onTalk(past)
    this.#become(plain ? { type: 'idle' } : { type: 'ended', past })
  }

  #become(state: LineState): void {
    this.state = state
    const phase = this.call?.phase
    this.#ring(state.type === 'incoming' ? 'incoming' : phase === 'ringing' ? 'outgoing' : undefined)
    this.dispatchEvent(new Event('change'))
  }

  #ring(tune: 'incoming' | 'outgoing' | undefined): void {
    if (this.#ringing?.tune === tune) return
    this.#ringing?.stop()
    this.#ringing = tune === undefined ? undefined : { tune, stop: ring(tune) }
  }
}

function pastOf(call: Call, end: CallEnd): PastCall {
  const { peer, peerName: name, direction, activeSince } = call
  const now = Date.now()
  const seconds = activeSince === undefined ? undefined : Math.floor((now - activeSince) / 1000)
  return { peer, name, direction, end, at: activeSince ?? now, seconds }
}

function endOf(error: unknown): CallEnd {
  if (!(error instanceof ColoniaError)) return 'failed'
  switch (error.code) {
    case 'bad-peer-id':
      return 'unreachable'
    case 'unreachable':
    case 'no-entrance':
      return error.code
    default:
      return 'failed'
  }
}
