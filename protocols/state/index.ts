/** A peer's state: entries with versions, the rule by which copies merge, and the store that keeps them. */
export { compareVersions, type Entry, SPAN, sizeOf, type Version } from './entry.ts'
export { DEPOSITED, INBOX, isTrace, MAX_TRACES } from './inbox.ts'
export { type Caps, defaultCaps, EMPTY, Store, type StoreFault } from './store.ts'
