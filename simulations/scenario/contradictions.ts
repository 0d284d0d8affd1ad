/** What in a scenario cannot be at once, though each of it could be. */

import { MAX_NODES } from './dials.ts'
import { faultCodec, MAX_FAULTS } from './faults.ts'
import type { Fault, Scenario } from './scenario.ts'

const HOUR = 3_600_000

/** The first contradiction, as a sentence that names both sides of it. */
export function contradiction(scenario: Scenario): string | undefined {
  const { nodes, links, contingents, seed, seeds, trace, away, colony, faults } = scenario
  if (contingents > links) {
    return `--contingents ${contingents} is more than --links ${links}: contingents are chosen among the links`
  }
  if (trace === undefined && links >= nodes) {
    return `--links ${links} needs more than --nodes ${nodes}: a peer has at most ${nodes - 1} others to be linked to`
  }
  if (seed + seeds - 1 > 2 ** 32 - 1) {
    return `--seed ${seed} and --seeds ${seeds} go beyond the last seed, ${2 ** 32 - 1}`
  }
  if (trace !== undefined && away !== undefined) {
    return '--away and --session trace:FILE exclude each other: a trace has all arrivals, those of who comes back too'
  }
  if (trace !== undefined && colony !== undefined) {
    return '--colony and --session trace:FILE exclude each other: those of a trace are one colony'
  }
  if (faults.length > MAX_FAULTS)
    return `a scenario has at most ${MAX_FAULTS} faults, and these are ${faults.length}`
  for (const fault of faults) {
    const found = misfit(fault, scenario)
    if (found !== undefined) return `${written(fault)} ${found}`
  }
  return undefined
}

function misfit(fault: Fault, { hours, nodes, trace, keep }: Scenario): string | undefined {
  if (fault.at >= hours * HOUR) return `happens after the end of the run, --hours ${hours}`
  if (fault.type === 'day-night' && trace !== undefined) {
    return 'and --session trace:FILE exclude each other: a trace has all arrivals'
  }
  if ((fault.type === 'freeze' || fault.type === 'partition') && fault.span >= keep) {
    return `lasts until --keep ${keep / 1_000}s is over, after which the state of whoever is not heard is forgotten; keep it longer`
  }
  if (fault.type === 'flash-crowd' && fault.factor * nodes > MAX_NODES) {
    return `brings more than ${MAX_NODES} peers with --nodes ${nodes}`
  }
  return undefined
}

function written(fault: Fault): string {
  return `--${fault.type} ${faultCodec(fault.type).write(fault)}`
}
