/** Errors of the node, as its callers meet them. */

export type ErrorCode =
  | 'bad-options' // an option is unknown or ill-typed; the message names it and says what is allowed
  | 'cannot-listen' // a port is taken, or not for this user
  | 'bad-peer-id' // not a PeerID
  | 'bad-identity' // an identity file or record that cannot be read
  | 'bad-invitation' // meeting by hand: no invitation or reply that can be taken; `reason` says why
  | 'unreachable' // no way leads to that peer
  | 'no-entrance' // no bootstrap and no link
  | 'refused' // a bootstrap refused the introduction
  | 'superseded' // this peer is on another device now, which writes; start again to take over
  | 'busy' // another call is not over
  | 'stopped' // the node was stopped
  | 'bad-record' // a record's name or value that cannot be carried
  | 'record-too-large' // one record, or one bulk write, is over its cap
  | 'state-full' // the records are over the cap of a state
  | 'present' // no message is taken for who is there: call
  | 'inbox-full' // whoever stands in keeps no more messages for that owner, or none from this peer
  | 'nobody-stands-in' // nobody who could be asked takes messages for that owner
  | 'storage' // the disk or the browser's database failed; nothing of that write was kept

/** An error with a stable `code`. `message` is a sentence fit for a log; `cause` is the foreign error. */
export class ColoniaError extends Error {
  override readonly name = 'ColoniaError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
