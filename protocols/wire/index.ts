/** The wire: how bytes become messages that can be trusted to have their shape, and nothing more than that. */

/** The codec of a family of messages, and its caps. */
export { type Door, door, MAX_DEPTH, MAX_ENTRIES, type MessageOf, type Unknown } from './door.ts'
/** What a peer that breaks the protocol is told. */
export { WireError, type WireFault } from './errors.ts'
