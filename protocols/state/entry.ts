/**
 * An entry: one record of a state as it is replicated. Its body is sealed or signed by the owner, together with
 * key and version, before it gets here, so that nobody but the owner can read the one or forge the other. That a
 * record is deleted is said inside, too: a deletion must win over older writes, and be as hard to forge.
 *
 * The merge rule is last writer wins (Shapiro et al., "Conflict-free replicated data types", 2011: an LWW map).
 * It is commutative, associative and idempotent, so whatever order copies meet in, they end equal. Later is what
 * was written in the greater epoch, and inside of one by the greater counter (Lamport 1978). So what a session
 * that was fenced wrote never overwrites what its successor wrote. A richer type could keep both of two
 * concurrent writes to one key; but keys here are small things of one person (a contact, a call, a name), of
 * whom the later write is what they meant.
 */

export interface Version {
  /** Counter: a writer in epoch `e` counts from `e * SPAN`, and beyond all that it has seen. */
  n: number
  /** The session that wrote it; `inbox` for what a stand-in took in. */
  by: string
}

export interface Entry extends Version {
  key: string
  body: Uint8Array<ArrayBuffer>
}

/** Counters of one epoch. 2^20 writes in one, and 2^33 epochs, before a number is no safe integer. */
export const SPAN = 2 ** 20

/**
 * Total order of versions: negative when `a` is older. By epoch; of two sessions in epochs of the same number the
 * greater has fenced the other; then by counter. Bodies decide only when a writer gave a version twice.
 */
export function compareVersions(a: Entry, b: Entry): number {
  return (
    Math.floor(a.n / SPAN) - Math.floor(b.n / SPAN) ||
    compareText(a.by, b.by) ||
    a.n - b.n ||
    compareBytes(a.body, b.body)
  )
}

/** What an entry costs against the caps: its bytes, and about what its frame takes. */
export function sizeOf(entry: Entry): number {
  return ENTRY_OVERHEAD + entry.key.length + entry.body.byteLength
}

/** Version, map keys and lengths in MessagePack, rounded up. */
export const ENTRY_OVERHEAD = 64

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index])
  return at < 0 ? a.byteLength - b.byteLength : (a[at] ?? 0) - (b[at] ?? -1)
}
