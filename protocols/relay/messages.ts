/**
 * The mesh relay family: how a peer asks another to carry a handshake to a third.
 *
 * One request, one reply, and from then on the stream carries bytes that only its two ends can read, because what
 * they are is a handshake of libp2p (noise). The path is named by whoever asks, hop by hop (loose source routing,
 * as in RFC 791), so that nobody who carries has to know more than its own neighbours.
 */
import * as v from 'valibot'
import { door, type MessageOf } from '../wire/index.ts'

/**
 * Peers that a path may lead through, the target included. Four cover a million peers with twelve links each, if
 * each hop is over another's link: 12⁴ (guess: fewer are needed where look-ups know of neighbours' neighbours).
 */
export const MAX_PATH = 5

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128))

const schemas = {
  /** Carry this stream along `path`; the last of it is the target. An empty path: it is for you. */
  carry: v.object({
    /** Who asked first, as the hop before says. Hearsay: if it is not so the handshake fails. */
    from: id,
    path: v.pipe(v.array(id), v.maxLength(MAX_PATH - 1)),
  }),
  /** The stream is through to the target. What follows is the handshake. */
  carried: v.object({}),
  /** It is not, and the stream ends. `busy` passes by itself, `absent` says that a hop has no link to the next. */
  refused: v.object({ code: v.picklist(['busy', 'absent', 'bad-path']) }),
}

export type Message = MessageOf<typeof schemas>
export type Refusal = Extract<Message, { type: 'refused' }>['code']

/** `/colonia/relay/1`: five ids of at most 128 bytes, and the rest. */
export const wire = door('/colonia/relay/1', 1_024, schemas)
