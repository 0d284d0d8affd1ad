/**
 * The inbox: what others leave for an absent owner lies in its state, under keys that say who left it.
 *
 * Law: strangers cannot fill a state for good. What the owner deletes leaves a trace, so that older copies do not
 * bring it back; of such traces only the latest are kept, the same in every copy.
 */
import type { Entry } from './entry.ts'

/** Keys under which messages for an absent owner lie. */
export const INBOX = 'inbox/'
/** Who wrote what lies in the inbox, as versions have it: so that it is told from what the owner put in its place. */
export const DEPOSITED = 'inbox'
/** Traces of deleted messages: as many as an inbox has messages. An older one that comes back is read once more. */
export const MAX_TRACES = 64

export function isTrace({ key, by }: Entry): boolean {
  return by !== DEPOSITED && key.startsWith(INBOX)
}

/** Those traces that are too many, oldest first: of any set of entries the same, whatever order they came in. */
export function faded(entries: Iterable<Entry>): Entry[] {
  const traces = [...entries].filter(isTrace)
  if (traces.length <= MAX_TRACES) return []
  return traces.sort(compareTraces).slice(0, traces.length - MAX_TRACES)
}

function compareTraces(a: Entry, b: Entry): number {
  return a.n - b.n || compareText(a.by, b.by) || compareText(a.key, b.key)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
