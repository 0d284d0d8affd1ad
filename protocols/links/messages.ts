/**
 * The neighbours family: linked peers tell each other whom else they are linked to, and that they are there.
 *
 * A look-up that knows its neighbours' neighbours needs half the steps (Manku, Naor, Wieder, "Know thy neighbor's
 * neighbor", STOC 2004), a handshake finds who can carry it without asking anyone, and whoever has one link has been
 * introduced to others. It is hearsay: nothing follows from it but whom to try.
 */
import * as v from 'valibot'
import { door, type MessageOf } from '../wire/index.ts'

/** As many links as a peer may have (node/options.ts), and some. */
export const MAX_TOLD = 64

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(128))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const schemas = {
  /** All peers with a direct link to the sender, bootstraps not among them. Said again when they change. */
  neighbours: v.object({ peers: v.pipe(v.array(id), v.maxLength(MAX_TOLD)) }),
  /** Are you there? On the stream that there is, because opening one costs far more than an answer. */
  ping: v.object({ n: count }),
  pong: v.object({ n: count }),
}

export type Message = MessageOf<typeof schemas>

/** `/colonia/neighbours/1`: 64 PeerIDs of 52 letters are 3.5 kB; with room for longer ones. */
export const wire = door('/colonia/neighbours/1', 8_704, schemas)
