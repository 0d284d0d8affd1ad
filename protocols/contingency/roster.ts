/** Rosters: who holds a state, in rank order. */
export type Roster = readonly string[]

export function isSameRoster(a: Roster, b: Roster): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at])
}
