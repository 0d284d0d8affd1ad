/** Whether a run fits into the memory of this machine, and how many of its jobs at a time. */
import { totalmem } from 'node:os'
import { badOptions } from '#node/command-line'
import { bytesOf } from '../churn/memory.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Session } from '../scenario/trace.ts'

/** Of all memory: the rest is the system's, and this process's own. */
const SHARE = 0.8
/** What an estimate may be wrong by before a worker is ended for it. */
const MARGIN = 2
/** Mebibytes: what a worker needs with hardly a node. */
const LEAST_HEAP = 512
/** Bytes of a session of a trace, which waits from the begin on. */
const SESSION = 300
const MIB = 2 ** 20

export interface Room {
  /** Jobs at a time. */
  workers: number
  /** Of each; mebibytes. */
  heap: number
}

/**
 * Fewer workers than are wanted, when more would not fit.
 * @throws ColoniaError `bad-options` when not even one does
 */
export function roomFor(
  scenario: Scenario,
  wanted: number,
  sessions: readonly Session[] | undefined,
  memory: number = memoryOfMachine(),
): Room {
  const nodes = sessions === undefined ? scenario.nodes : mostAtOnce(sessions)
  const bytes = bytesOf({ ...scenario, nodes }) + (sessions?.length ?? 0) * SESSION
  const workers = Math.min(wanted, Math.floor((memory * SHARE) / bytes))
  if (workers < 1) {
    throw badOptions(
      `${sessions === undefined ? '--nodes' : 'a trace with up to'} ${nodes} takes about ${gibibytes(bytes)}, and of the ${gibibytes(memory)} of this machine ${gibibytes(memory * SHARE)} are for it`,
    )
  }
  return { workers, heap: Math.ceil(Math.max(LEAST_HEAP, (MARGIN * bytes) / MIB)) }
}

/** Sessions of a trace that are under way at one moment, at most. */
function mostAtOnce(sessions: readonly Session[]): number {
  const begins = Float64Array.from(sessions, ({ at }) => at).sort()
  const ends = Float64Array.from(sessions, ({ at, span }) => at + span).sort()
  let most = 0
  let ended = 0
  for (const [begun, at] of begins.entries()) {
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= at) ended += 1
    most = Math.max(most, begun + 1 - ended)
  }
  return most
}

/** Bytes: what is there, or what a container may have of it. */
function memoryOfMachine(): number {
  const allowed = process.constrainedMemory()
  return allowed > 0 ? Math.min(totalmem(), allowed) : totalmem()
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
