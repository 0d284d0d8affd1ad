/** A way to call: what the bench needs of a library, so that rivals are timed by the same hand. */
export interface Phone {
  /** Where others reach it. */
  readonly id: string
  /** Calls; resolves with what comes from the other side as soon as it can be given to a screen. */
  call(to: string, mine: MediaStream): Promise<MediaStream>
  /** Makes ready to call `to`, where the library has such a thing. */
  link(to: string): Promise<void>
  /** Ends its calls; resolves when they are over on this side. */
  hangUp(): Promise<void>
  close(): Promise<void>
}
