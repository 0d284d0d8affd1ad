/** Hashes of runs: eight characters for each colony that a run is made of. */
const COLONY = 8
/** Characters that are shown of one. */
const SHOWN = 16

export function coloniesIn(hash: string): number {
  return hash.length / COLONY
}

/** For a reader's eye: two runs that differ do so from the beginning. */
export function shortened(hash: string): string {
  return hash.length > SHOWN ? `${hash.slice(0, SHOWN)}…` : hash
}
