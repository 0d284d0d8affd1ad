/** What can be wrong with bytes that a peer sent. */

export type WireFault =
  | 'too-long' // more bytes than the family allows
  | 'not-messagepack' // cannot be decoded, is truncated, or goes on after its end
  | 'too-deep' // nested deeper than MAX_DEPTH
  | 'not-a-message' // decodes, but is not a map with a string `type`
  | 'bad-field' // a known type with a missing or ill-typed field

/** A peer broke the protocol: whoever owns the stream closes it with this. Never ends the process. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireFault

  constructor(code: WireFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
