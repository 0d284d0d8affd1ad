/** A Colonia peer, in a browser and in Node alike. */

/** What a running peer, a call and a link look like. */
export type {
  Call,
  CallEnd,
  CallEvents,
  CallOptions,
  CallPhase,
  ColoniaNode,
  Entrance,
  EntranceState,
  Finding,
  How,
  Inbox,
  Invitation,
  InviteOptions,
  LeaveOptions,
  Letter,
  Link,
  MediaState,
  MeshCounts,
  NodeEvents,
  NodeOptions,
  PeerId,
  Presence,
  Reply,
  Resumption,
  StopOptions,
} from './api.ts'
/** What can go wrong, with a stable `code`. */
export { ColoniaError, type ErrorCode } from './errors.ts'
/** Why an invitation or a reply was refused. */
export { HandError, type HandFault } from './hand/fault.ts'
/** Taking an identity to another device, as a file or as words. */
export { IdentityError, type IdentityFault } from './identity/fault.ts'
export {
  type ExportOptions,
  exportIdentity,
  type Imported,
  type ImportOptions,
  importIdentity,
  type ReadOptions,
  readIdentity,
} from './identity/moving.ts'
/** Starts a peer. */
export { createNode } from './node.ts'
