/** Runs `scenario` once for each seed from 1 to `count`. @throws Error that names the seed at which it failed. */
export function forSeeds(count: number, scenario: (seed: number) => void): void {
  for (let seed = 1; seed <= count; seed++) {
    try {
      scenario(seed)
    } catch (cause) {
      throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.message : cause}`, { cause })
    }
  }
}
