/** Pairs of peers to be measured between: drawn at random, and as well acquainted as the measure wants. */
import type { Random } from '../../../simulations/random.ts'
import type { Resident } from '../../support/colony/colony.ts'
import type { Acquaintance } from '../../support/colony/commands.ts'

export interface Pair {
  from: Resident
  to: Resident
  known: Acquaintance
}

/** Draws without a fitting pair after which there are held to be none. */
const PATIENCE = 500

/** Pairs from `peers` one of which knows the other in one of the ways wanted; none twice. Ends when there are no more. */
export async function* pairs(
  peers: readonly Resident[],
  wanted: readonly Acquaintance[],
  random: Random,
): AsyncGenerator<Pair> {
  const drawn = new Set<string>()
  for (let vain = 0; vain < PATIENCE; vain++) {
    const [from, to] = [random.pick(peers), random.pick(peers)]
    const name = `${from.id} ${to.id}`
    if (from === to || drawn.has(name)) continue
    const known = await from.house.tell('knows', { from: from.id, to: to.id })
    if (!wanted.includes(known)) continue
    drawn.add(name)
    yield { from, to, known }
    vain = 0
  }
}
