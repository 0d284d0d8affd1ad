/**
 * Storage: bytes under text keys, kept on this machine. A browser has it in IndexedDB, Node in SQLite; `keep.ts`
 * says what lies in it.
 *
 * Law: a batch is kept whole or not at all, in the order of the calls, and for good once `write` resolves: after
 * that a crash or a power cut does not undo it. What fails is a ColoniaError `storage`, and changes nothing.
 */
import { ColoniaError } from '../errors.ts'
import type { Bytes } from './value.ts'

export type Change =
  | { type: 'put'; key: string; bytes: Bytes }
  | { type: 'delete'; key: string }
  /** Deletes every key that begins with `folder` and a slash. */
  | { type: 'clear'; folder: string }

export interface Storage {
  /** Everything that is kept. @throws ColoniaError `storage` */
  read(): Promise<ReadonlyMap<string, Bytes>>
  /** All of `changes`, in order, or none. @throws ColoniaError `storage`: full, torn, closed */
  write(changes: readonly Change[]): Promise<void>
  /** Idempotent. */
  close(): Promise<void>
}

/** The keys of a folder lie in [first, end): a slash is followed by a zero. */
export function rangeOf(folder: string): [first: string, end: string] {
  return [`${folder}/`, `${folder}0`]
}

/** The error of a library, as our callers meet it. */
export function storageFault(what: string, cause: unknown): ColoniaError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new ColoniaError('storage', `${what}: ${why}`, { cause })
}
