/**
 * The registration: what anyone may know who looks for a peer. Who writes its state, who holds it, and by which
 * relays they are reached.
 *
 * It is public: whoever knows a PeerID can read it, and those who keep it in the DHT can list it. So it says
 * nothing else: no state, no address of a machine, no name unless the owner publishes one. It is signed by the
 * writer of its epoch, in an envelope of libp2p (https://github.com/libp2p/specs/blob/master/RFC/0002-signed-envelopes.md),
 * and a writer who is not the owner shows the chain of delegations that makes it one.
 */
import * as v from 'valibot'
import { chain, epoch, id, roster } from '../contingency/messages.ts'
import { door, type MessageOf } from '../wire/index.ts'

/** Entrances at which the writer has a place: two are usual, the rest is room. */
export const MAX_RELAYS = 4
/** As for calls. */
export const MAX_NAME = 64

const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const schemas = {
  registration: v.object({
    owner: id,
    /** Who writes; it signs the envelope. */
    epoch,
    /** Grows with each that is published in this epoch. */
    sequence: count,
    /** Unix milliseconds. */
    expires: count,
    /** The writer said goodbye. Unless someone stands in, in a greater epoch, nobody is there. */
    gone: v.boolean(),
    /** Addresses of relays by which the writer is reached, each ending in `/p2p/RELAY`. */
    relays: v.pipe(v.array(text(256)), v.maxLength(MAX_RELAYS)),
    /** Who holds the state, in rank order: whom else to ask, and who could carry a handshake. */
    contingents: roster,
    /** Public profile: what the owner wants everyone to call it. */
    name: v.optional(text(MAX_NAME)),
    /** By what right the writer stands in; empty when it is the owner. */
    chain,
  }),
}

export type Message = MessageOf<typeof schemas>
export type Registration = Message

/** Sixteen delegations are 6 kB, four relays at their longest 1 kB, the rest 0.6 kB; with room. */
export const wire = door('/colonia/registration/1', 10_240, schemas)
