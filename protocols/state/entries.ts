/** Entries by key. Of few it is a list, of many a map: most states are small, and a simulation has millions. */
import { plus, without } from '../lists.ts'
import type { Entry } from './entry.ts'

export type Entries = readonly Entry[] | Map<string, Entry>

/** A list is searched from one end to the other. */
const FEW = 8

export const NO_ENTRIES: Entries = []

export function find(entries: Entries, key: string): Entry | undefined {
  return isMap(entries) ? entries.get(key) : entries.find((entry) => entry.key === key)
}

export function count(entries: Entries): number {
  return isMap(entries) ? entries.size : entries.length
}

/** With `entry` in the place of one of the same key. What was given may not be used any more. */
export function put(entries: Entries, entry: Entry): Entries {
  if (isMap(entries)) return entries.set(entry.key, entry)
  const rest = without(entries, ({ key }) => key === entry.key)
  if (rest.length < FEW) return plus(rest, entry)
  return new Map([...rest, entry].map((each) => [each.key, each]))
}

/** Without the one of that key. What was given may not be used any more. */
export function remove(entries: Entries, gone: string): Entries {
  if (!isMap(entries)) return without(entries, ({ key }) => key === gone)
  entries.delete(gone)
  return entries
}

function isMap(entries: Entries): entries is Map<string, Entry> {
  return entries instanceof Map
}
